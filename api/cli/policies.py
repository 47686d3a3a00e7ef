"""`annals policy`: export, check, compare, try and adopt policy files."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from api.cli.acting import ActorOption, acting
from api.cli.database import database, settings_of
from api.cli.models import caught_up, viewed
from api.cli.shapes import day_of
from api.cli.terminal import Json, Lang, Terminal, answering
from domain.adoption.adopting import AdoptPolicyFile, product_edition
from domain.kernel.context import Document
from domain.kernel.ids import Named, derive_id
from domain.kernel.policy import (
    Fault,
    Policy,
    PolicyFileWrong,
    called,
    faults_of,
    read_policy,
)
from domain.kernel.policy.bounds import FILE_BYTES_MAX
from domain.kernel.policy.difference import differences
from domain.kernel.refusal import Refused
from projections.trial import AssessmentTrialView, RankTrialView
from record.store.record import Record

app = typer.Typer(
    help="政策 · Policies.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)
File = Annotated[
    Path,
    typer.Argument(help="政策文件（TOML） · The policy file.", exists=True, dir_okay=False),
]
Version = Annotated[
    str | None,
    typer.Option("--version", help="版本，默认为施行中的 · By default the one in force."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", dir_okay=False, help="写入文件，省略为标准输出 · Write to this file."),
]

Issuer = Annotated[
    str | None, typer.Option("--issuer", help="依据的发文机关 · Basis: who issued it.")
]
Title = Annotated[str | None, typer.Option("--title", help="依据的标题 · Basis: its title.")]
Number = Annotated[str | None, typer.Option("--number", help="依据的文号 · Basis: its number.")]


@app.callback()
def policy() -> None:
    """政策 · Policies."""


@app.command("export", short_help="导出文件 · The file as it is.")
def export(version: Version = None, out: Out = None, lang: Lang = "zh") -> None:
    """原样导出施行中的（或指定版本的）政策文件，保留注释。
    · Export the policy file in force, or of a version, byte for byte, with its comments."""
    with answering(lang), database(settings_of()) as where, Record(where.url) as record:
        adopted = record.adopted()
        if version is None:
            version = adopted.in_force(record.today()).version
            edition = adopted.edition(version) or product_edition(version, adopted)
        else:
            edition = product_edition(version, adopted)
        if out is None:
            sys.stdout.buffer.write(edition.text.encode())
        else:
            out.write_bytes(edition.text.encode())


@app.command("check", short_help="检查文件 · Name every fault of a file.")
def check(file: File, as_json: Json = False, lang: Lang = "zh") -> None:
    """逐处指明政策文件的全部错误；不需要数据库。
    · Name every fault of a file; needs no database."""
    with answering(lang) as terminal:
        _, faults = _read(file)
        if as_json:
            found = [
                {"path": f.path, "code": f.what.code, "reason": terminal.words(f.what.words)}
                for f in faults
            ]
            terminal.json({"faults": found})
        elif not faults:
            terminal.say(f"{file}：没有错误。", f"{file}: no faults.")
        else:
            for path, what in faults:
                terminal.line(f"{path or file}: {terminal.words(what.words)}")
        if faults:
            raise typer.Exit(1)


@app.command("diff", short_help="比较 · What would change.")
def diff(
    file: File,
    against: Annotated[
        str | None,
        typer.Option("--against", help="对照的版本，默认为施行中的 · By default the one in force."),
    ] = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """逐句说明与施行中的政策相比有何改变。 · Say in sentences what would change."""
    with answering(lang) as terminal:
        draft = _draft(file)
        with database(settings_of()) as where, Record(where.url) as record:
            other = _other(record, against)
        found = list(differences(other, draft))
        if as_json:
            lines = [{"path": d.path, "sentence": terminal.words(d.sentence)} for d in found]
            terminal.json({"version": draft.version, "against": other.version, "items": lines})
            return
        for each in found:
            terminal.line(terminal.words(each.sentence))
        if not found:
            terminal.say("没有改变。", "Nothing would change.")


@app.command("try", short_help="试用 · What would come of it.")
def try_draft(
    file: File,
    round: Annotated[
        str | None, typer.Option("--round", help="评定编号，默认为最近一轮 · By default the last.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=200, help="每表至多几行 · Rows of each table.")
    ] = 50,
    offset: Annotated[int, typer.Option("--offset", min=0, help="跳过几行 · Rows to skip.")] = 0,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """按草案重新排名最近一轮评定、重新评估每个社区；不作任何记录。
    · Rank the last round and assess every community again under the draft; nothing is recorded."""
    from api.http.policy_files import trial_of

    with answering(lang) as terminal:
        draft = _draft(file)
        with (
            database(settings_of()) as where,
            Record(where.url) as record,
            caught_up(where.logins, record) as models,
            viewed(models, record) as view,
        ):
            today = record.today()
            found = trial_of(
                view,
                _other(record, None),
                draft,
                round,
                effective=today,
                offset=offset,
                limit=limit,
            )
        if as_json:
            terminal.json(found.model_dump(mode="json", by_alias=True))
            return
        if found.not_ranked:
            terminal.line(terminal.words(found.not_ranked))
        terminal.say(
            f"评定“{found.round_title or '无'}”：{found.ranked} 个社区中 {found.ranking_changes} "
            f"个的名次、总分或等次改变。",
            f"Round {found.round_title or 'none'}: {found.ranking_changes} of {found.ranked} "
            "communities get another rank, total or grade.",
        )
        _show_ranking(terminal, found.ranking, draft)
        terminal.say(
            f"评估：{found.assessed} 个社区中 {found.assessment_changes} 个的建议类型改变。",
            f"Assessment: {found.assessment_changes} of {found.assessed} communities get another "
            "suggested type.",
        )
        _show_assessments(terminal, found.assessments, draft)


@app.command("adopt", short_help="施行 · Put a file in force.")
def adopt(
    file: File,
    day: Annotated[
        str, typer.Option("--from", metavar="DAY", help="自何日起施行 · From which day on.")
    ],
    issuer: Issuer = None,
    title: Title = None,
    number: Number = None,
    actor: ActorOption = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """将政策文件存入编年并自某日起施行。
    · Keep a file on record, and put it in force from a day."""
    effective_from = day_of(day)
    if bool(issuer) != bool(title) or (number and not title):
        raise typer.BadParameter("--issuer, --title", param_hint="--title")
    basis = (Document(issuer=issuer, title=title, number=number),) if issuer and title else ()
    with answering(lang) as terminal:
        text, faults = _read(file)
        if faults:
            raise PolicyFileWrong(faults)
        with database(settings_of()) as where, Record(where.url) as record:
            by = acting(record, actor)
            command = AdoptPolicyFile(file=text, effective_from=effective_from)
            # Adopting the same file from the same day again returns the first receipt.
            key = derive_id("adopt", text, day, str(basis), by.model_dump_json())
            receipt = record.carry_out("policy", command, by=by, basis=basis, command_id=key)
        if as_json:
            terminal.json(receipt.model_dump(mode="json"))
            return
        version = read_policy(text).version
        terminal.say(
            f"{version} 版自 {effective_from} 起施行（位置 {receipt.position}）。",
            f"Version {version} is in force from {effective_from} on (position "
            f"{receipt.position}).",
        )


class _ReadFile(NamedTuple):
    """A file that was read, with its faults."""

    text: str
    faults: tuple[Fault, ...]


def _read(file: Path) -> _ReadFile:
    with file.open("rb") as content:
        read = content.read(FILE_BYTES_MAX + 1)
    if len(read) > FILE_BYTES_MAX:  # its last character may be cut in two
        return _ReadFile("", faults_of("#" * len(read)))
    try:
        text = read.decode()
    except UnicodeDecodeError:
        return _ReadFile("", (Fault("", Refused("policy-file.not-utf8")),))
    return _ReadFile(text, faults_of(text))


def _draft(file: Path) -> Policy:
    text, faults = _read(file)
    if faults:
        raise PolicyFileWrong(faults)
    return read_policy(text)


def _other(record: Record, version: str | None) -> Policy:
    adopted = record.adopted()
    if version is None:
        return adopted.in_force(record.today())
    return product_edition(version, adopted).policy


def _show_ranking(terminal: Terminal, rows: Sequence[RankTrialView], draft: Policy) -> None:
    table = terminal.table(
        ("社区", "Community"),
        ("原名次", "Rank"),
        ("名次", "New rank"),
        ("原总分", "Total"),
        ("总分", "New total"),
        ("原等次", "Grade"),
        ("等次", "New grade"),
    )
    for each in rows:
        table.add_row(
            each.community_name or each.community,
            f"{each.was_rank}",
            f"{each.rank}",
            f"{each.was_total}",
            f"{each.total}",
            _titled(terminal, "grade", each.was_grade, draft),
            _titled(terminal, "grade", each.grade, draft),
        )
    if rows:
        terminal.show(table)


def _show_assessments(
    terminal: Terminal, rows: Sequence[AssessmentTrialView], draft: Policy
) -> None:
    table = terminal.table(
        ("社区", "Community"),
        ("现类型", "Type on record"),
        ("原建议", "Suggested"),
        ("建议", "Suggested under the draft"),
    )
    for each in rows:
        types = (each.type, each.was_suggested, each.suggested)
        titles = [_titled(terminal, "type", code, draft) for code in types]
        table.add_row(each.community_name or each.community, *titles)
    if rows:
        terminal.show(table)


def _titled(terminal: Terminal, what: Named, code: str | None, draft: Policy) -> str:
    """The title of a code, by the draft or else by an earlier policy."""
    if code is None:
        return "—"
    by_draft = called(what, code, draft)
    return terminal.words(by_draft if by_draft.en != code else called(what, code))
