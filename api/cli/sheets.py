"""`annals import tasks` and others: check a sheet, mark its problems, record it as one batch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from api.cli.acting import (
    ActorOption,
    JurisdictionOption,
    RoleOption,
    UnitOption,
    acting,
    founded_as,
)
from api.cli.batches import (
    counting,
    require_new,
    show_problems,
    show_recorded,
    show_worksheets,
)
from api.cli.database import database, settings_of
from api.cli.models import caught_up, viewed
from api.cli.shapes import day_of
from api.cli.terminal import Json, Lang, Terminal, answering
from api.sheets.carrying import Prepared, carry_in, prepare, refusal_of, rehearse, shown
from api.sheets.directory import directory_of
from api.sheets.kinds import KINDS
from api.sheets.reading import read_sheet
from api.sheets.sheet import SheetFormat
from api.sheets.table import FileRefused
from api.sheets.workbook import annotated, template
from domain.batch.events import SheetKind
from domain.kernel.context import ROLES, Acting
from domain.kernel.ids import derive_id
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual, Language, Number
from record.store.entry import Receipt
from record.store.record import Record

FileArgument = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="xlsx 或 CSV · The sheet.")
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        help="文件中的代码与名称所属的日期，省略为今日 · The day of its codes and names; by "
        "default today.",
    ),
]
Apply = Annotated[
    bool, typer.Option("--apply", help="入编：全部或全不 · Record it, as a whole or not at all.")
]
Annotate = Annotated[
    Path | None,
    typer.Option(
        "--annotated",
        dir_okay=False,
        help="写出标注问题的工作簿 · Write the sheet with its problems marked.",
    ),
]


def _importing(kind: SheetFormat) -> Callable[..., None]:
    def run(
        file: FileArgument,
        apply: Apply = False,
        annotated_as: Annotate = None,
        as_of: AsOf = None,
        actor: ActorOption = None,
        unit: UnitOption = None,
        role: RoleOption = None,
        jurisdiction: JurisdictionOption = None,
        as_json: Json = False,
        lang: Lang = "zh",
    ) -> None:
        day = day_of(as_of) if as_of else None
        with (
            answering(lang) as terminal,
            database(settings_of()) as where,
            Record(where.url) as record,
        ):
            require_new(annotated_as)
            by = acting(record, actor, unit=unit, role=role, jurisdiction=jurisdiction)
            with (
                caught_up(where.logins, record) as models,
                viewed(models, record) as view,
                _explained(terminal, annotated_as, as_json=as_json),
            ):
                directory = directory_of(record, view, day)
                prepared = prepare(
                    kind, read_sheet(kind, file, file.name, directory), directory, record
                )
            prepared = _rehearsed(prepared, record, by, terminal)
            if annotated_as:
                _mark(terminal, prepared, annotated_as, lang)
            receipt = None
            if apply and not prepared.problems:
                batch = derive_id("sheet", kind.name, prepared.sheet.digest, prepared.position)
                receipt = carry_in(prepared, record, batch, by)
            if as_json:
                recorded = receipt and receipt.model_dump(mode="json")
                terminal.json({**shown(prepared), "receipt": recorded})
            else:
                _show(terminal, prepared, receipt, applied=apply)
            if prepared.problems:
                raise refusal_of(prepared)

    return run


@contextmanager
def _explained(terminal: Terminal, marked: Path | None, *, as_json: bool) -> Iterator[None]:
    """Shows why no table is found in the file, if none is."""
    try:
        yield
    except FileRefused as refused:
        show_problems(terminal, refused, as_json=as_json)
        if marked:
            terminal.remark(
                f"文件中没有可供标注的表格，未写出 {marked}。",
                f"The file has no table to mark: {marked} was not written.",
            )
        raise


def _rehearsed(prepared: Prepared, record: Record, by: Acting, terminal: Terminal) -> Prepared:
    """The sheet with what the rules have against it."""
    with terminal.progress("核对", "Checking") as on_progress:
        count = counting(on_progress, len(prepared.steps))
        return _with_options(rehearse(prepared, record, by, count))


def _mark(terminal: Terminal, prepared: Prepared, file: Path, language: Language) -> None:
    file.write_bytes(annotated(prepared, language))
    terminal.remark(
        f"标注的工作簿已写入 {file}；改正后可直接导入。",
        f"The marked workbook is in {file}; it can be corrected and imported.",
    )


def _with_options(prepared: Prepared) -> Prepared:
    """If only the role is missing, add the options for it to the refusal."""
    if not prepared.roles:
        return prepared
    known = [each for each in ROLES if each in prepared.roles]
    (lacking,) = prepared.problems
    refusal = Refused(
        "command-line.as-whom",
        refusal=lacking.refusal,
        options=[Bilingual(zh=f"{ROLES[each].zh} {each}", en=each) for each in known],
    )
    return prepared._replace(problems=(lacking._replace(refusal=refusal),))


def add_to(app: typer.Typer) -> None:
    """Add a command for each kind of sheet to `annals import`, and one for templates."""
    for kind in KINDS.values():
        app.command(
            kind.name,
            short_help=f"{kind.title.zh} · A sheet of {kind.title.en}.",
            help=f"核对并导入{kind.title.zh}表；--apply 才会入编。"
            f" · Check a sheet of {kind.title.en}; --apply records it.\n\n"
            f"{kind.help.zh}\n· {kind.help.en}",
        )(_importing(kind))
    app.command("template", short_help="模板 · A template to fill in.")(write_template)


def write_template(
    kind: Annotated[SheetKind, typer.Argument(help="何种表 · Which kind.")],
    file: Annotated[Path, typer.Argument(dir_okay=False, help="写入的 xlsx · Where to.")],
    lang: Lang = "zh",
) -> None:
    """写出一种表的模板：表头、示例与填写说明。 · Write a template: headers, an example, and how to
    fill it in."""
    with (
        answering(lang) as terminal,
        database(settings_of()) as where,
        Record(where.url) as record,
        caught_up(where.logins, record) as models,
        viewed(models, record) as view,
    ):
        require_new(file)
        founded_as(record)
        asked = KINDS[kind]
        columns = asked.columns(directory_of(record, view, None))
        file.write_bytes(template(asked, columns, lang))
        terminal.remark(f"模板已写入 {file}。", f"The template is in {file}.")


def _show(
    terminal: Terminal, prepared: Prepared, receipt: Receipt | None, *, applied: bool
) -> None:
    sheet = prepared.sheet
    terminal.say(
        f"{prepared.kind.title.zh} {sheet.name}：{sheet.rows_read} 行，代码与名称以 "
        f"{prepared.as_of} 为准。",
        f"{sheet.name}, {prepared.kind.title.en}: {Number(sheet.rows_read):row|rows}; codes and "
        f"names as of {prepared.as_of}.",
    )
    show_worksheets(terminal, sheet.worksheets)
    for command, words in prepared.kind.commands.items():
        if count := prepared.counts.get(command.__name__):
            terminal.say(f"　{words.zh}：{count}", f"  {words.en}: {count}")
    if prepared.on_record:
        terminal.say(
            f"　已在编年中，略过：{len(prepared.on_record)} 行",
            f"  already on record, skipped: {Number(len(prepared.on_record)):row|rows}",
        )
    if rows := prepared.irregular:
        terminal.say(
            f"　不合程序、附理由登记：{len(rows)} 行",
            f"  recorded despite a procedure, with a reason: {Number(len(rows)):row|rows}",
        )
    if prepared.problems:
        show_problems(terminal, FileRefused(sheet.name, list(prepared.problems)), as_json=False)
    elif receipt:
        show_recorded(terminal, receipt)
    elif applied or not prepared.steps:
        terminal.remark(
            "表中各行均已在编年中，无需记录。",
            "Everything in the sheet is already on record.",
        )
    else:
        terminal.remark(
            "仅作核对，未入编；加 --apply 入编。",
            "Checked only, nothing recorded; --apply records it.",
        )
