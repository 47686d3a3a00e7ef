"""`annals export`: the register as of any day, as known at any moment, as a file."""

import csv
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Literal

import typer
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from access.operation_log import note_export
from api.cli.acting import founded_as, person_of
from api.cli.database import database, settings_of
from api.cli.models import caught_up, viewed
from api.cli.naming import place_meant
from api.cli.shapes import Known, day_of, known_of
from api.cli.terminal import Lang, Terminal, answering
from api.visible import visible_json
from domain.founding.state import Founded
from domain.kernel.refusal import Stopped
from domain.kernel.text import visible
from projections import register
from projections.engine.view import View
from projections.register import CommunityView, Filter
from record.store.record import Record

app = typer.Typer(
    help="导出 · Export.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)

Format = Literal["csv", "json", "xlsx"]

Effective = Annotated[
    str | None,
    typer.Option(
        "--effective",
        metavar="DAY",
        help="截至某日，省略为今日 · As of this day; by default today.",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="格式 · The format.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", dir_okay=False, help="写入文件，省略为标准输出 · Write to this file."),
]
Excel = Annotated[
    bool,
    typer.Option(
        "--excel", help="CSV 加 BOM，供 Excel 直接打开 · A CSV that Excel opens correctly."
    ),
]
Type = Annotated[
    str | None, typer.Option("--type", help="只要此社区类型 · Only this community type.")
]
District = Annotated[
    str | None,
    typer.Option("--district", help="只要此区县 · Only this district: its name, code or id."),
]
Subdistrict = Annotated[
    str | None,
    typer.Option(
        "--subdistrict",
        help="只要此街道或镇 · Only this subdistrict: its name, code or id.",
    ),
]
Coded = Annotated[
    bool,
    typer.Option(
        "--coded", help="只要有代码者，可作名册 · Only those with a code, as in a roster."
    ),
]
Every = Annotated[
    bool, typer.Option("--every", help="包括已不存在的社区 · Also those that no longer exist.")
]

# The first six are those of a roster, so that an export can be imported again.
COLUMNS = (
    "code",
    "name",
    "subdistrict_code",
    "subdistrict_name",
    "district_code",
    "district_name",
    "type",
    "subtype",
    "features",
    "status",
    "community_id",
    "effective_from",
)
PAGE_LINES = 2_000
# What begins a formula in Excel or WPS, or is passed over at its beginning.
_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@app.callback()
def export() -> None:
    """导出 · Export."""


@app.command("register", short_help="社区台账 · The register.")
def export_register(
    effective: Effective = None,
    known: Known = None,
    format: FormatOption = "csv",
    out: Out = None,
    excel: Excel = False,
    type: Type = None,
    district: District = None,
    subdistrict: Subdistrict = None,
    coded: Coded = False,
    every: Every = False,
    lang: Lang = "zh",
) -> None:
    """导出某日的社区台账，按代码排序。 · Export the register as of a day, sorted by code."""
    asked = day_of(effective) if effective else None
    moment = known_of(known) if known else None
    with (
        answering(lang) as terminal,
        database(settings_of()) as where,
        Record(where.url) as record,
        caught_up(where.logins, record) as models,
    ):
        founded, day = founded_as(record), asked or record.today()
        note_export(where.url, "annals export register", person=person_of(None))
        with viewed(models, record, known=moment) as view:
            narrowed = Filter(
                status=None if every else "active",
                type=type,
                district=district and place_meant(view, district, day),
                subdistrict=subdistrict and place_meant(view, subdistrict, day),
                code="" if coded else None,  # every code begins with this
            )
            lines = _lines(view, day, narrowed)
            about = _about(founded, day, view, narrowed)
            with _opened(out, terminal, binary=format == "xlsx") as file:
                count = WRITERS[format](file, lines, about, excel)
        terminal.remark(
            f"{founded.city_name}{'（演示）' if founded.simulation else ''}："
            f"截至 {day} 共 {count} 个社区"
            f"（编年位置 {view.stands_at}；以 --known {view.stands_at} 可再次得到同样结果）。",
            f"{founded.city_name}{' (a simulation)' if founded.simulation else ''}: {count} "
            f"communities as of {day} (position {view.stands_at}; --known {view.stands_at} gives "
            "the same again).",
        )


def _lines(view: View, day: date, narrowed: Filter) -> Iterator[CommunityView]:
    after: tuple[str, str] | None = None
    while True:
        page = register.communities(
            view, effective=day, where=narrowed, after=after, limit=PAGE_LINES
        )
        yield from page
        if len(page) < PAGE_LINES:
            return
        after = (page[-1].code or "", page[-1].community)


def _about(founded: Founded, day: date, view: View, narrowed: Filter) -> list[tuple[str, str]]:
    return [
        ("城市 city", founded.city_name),
        ("性质 kind", "演示 simulation" if founded.simulation else "真实 real"),
        ("截至 effective", day.isoformat()),
        ("编年位置 position", str(view.stands_at)),
        *((f"筛选 filter: {name}", str(v)) for name, v in narrowed._asdict().items() if v),
    ]


def _shown(line: CommunityView) -> dict[str, Any]:
    values = {**dict(line), "community_id": line.community}
    return {column: values[column] for column in COLUMNS}


def _values(line: CommunityView) -> list[str]:
    return [_text(value) for value in _shown(line).values()]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return visible(" ".join(value) if isinstance(value, list | tuple) else str(value))


def _kept(value: str, *, excel: bool) -> str:
    """A cell that Excel takes for the text that it is: of digits alone it would make a number and
    round it, of what begins like a formula a formula. Our own imports take it apart again."""
    marks = _FORMULA_MARKS if excel else ('="',)
    if (excel and value.isdecimal()) or value.startswith(marks):
        return '="{}"'.format(value.replace('"', '""'))
    return value


def _write_csv(
    file: BinaryIO, lines: Iterator[CommunityView], _about: Sequence[Any], excel: bool
) -> int:
    text = io.TextIOWrapper(
        file, encoding="utf-8-sig" if excel else "utf-8", newline="", write_through=True
    )
    writer = csv.writer(text, lineterminator="\r\n" if excel else "\n")
    writer.writerow(COLUMNS)
    count = 0
    for line in lines:
        values = _values(line)
        writer.writerow([_kept(each, excel=excel) for each in values])
        count += 1
    text.flush()
    text.detach()
    return count


def _write_json(
    file: BinaryIO, lines: Iterator[CommunityView], _about: Sequence[Any], _excel: bool
) -> int:
    count = 0
    for count, line in enumerate(lines, start=1):
        text = visible_json(json.dumps(_shown(line), ensure_ascii=False, default=str))
        file.write((("[\n" if count == 1 else ",\n") + text).encode())
    file.write(b"\n]\n" if count else b"[]\n")
    return count


def _write_xlsx(
    file: BinaryIO, lines: Iterator[CommunityView], about: Sequence[tuple[str, str]], _excel: bool
) -> int:
    # Texts stay texts: no formula, no link, no number that loses its leading zero.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with tempfile.TemporaryFile() as whole:
        with Workbook(whole, options) as book:
            sheet = book.add_worksheet("register")
            sheet.freeze_panes(1, 2)
            sheet.set_column(0, len(COLUMNS) - 1, 16)
            sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True}))
            count = 0
            for count, line in enumerate(lines, start=1):
                for column, value in enumerate(_values(line)):
                    sheet.write_string(count, column, value)
            facts = book.add_worksheet("about")
            facts.set_column(0, 1, 30)
            for row, (name, value) in enumerate(about):
                facts.write_string(row, 0, name)
                facts.write_string(row, 1, value)
        whole.seek(0)
        file.write(whole.read())
    return count


WRITERS = {"csv": _write_csv, "json": _write_json, "xlsx": _write_xlsx}


@contextmanager
def _opened(out: Path | None, terminal: Terminal, *, binary: bool) -> Iterator[BinaryIO]:
    """Where the export goes. A file is written completely or not at all."""
    if out is None:
        if binary and terminal.out.is_terminal:
            raise Stopped("command-line.not-for-terminals", type="xlsx")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
