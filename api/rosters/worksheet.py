"""The comparison of a roster as a workbook, in which a person makes the open decisions.

It writes and reads the workbook; `domain.roster` says what a decision does.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_range_abs  # type: ignore[import-untyped]

from api.sheets.files.found import Line
from api.sheets.table import CellProblem, FileRefused, read_file, read_table, unsound
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual, plain, visible
from domain.roster.finding import (
    KINDS,
    Candidate,
    CommunityFinding,
    Comparison,
    Decision,
    FindingKind,
    PlaceFinding,
    What,
)

FINDINGS = "变更 findings"
UNDECIDED = "待定 undecided"
_OPTIONS = "options"
# The likeliest candidates, enough to choose from; each is in the list twice.
CANDIDATES_MAX = 20

_WHATS: Mapping[What, Bilingual] = {
    "renamed": Bilingual(zh="更名为", en="renamed"),
    "merged": Bilingual(zh="并入", en="merged"),
    "abolished": Bilingual(zh="裁撤", en="abolished"),
    "new": Bilingual(zh="新设", en="new"),
    "separate": Bilingual(zh="分别记载", en="separate"),
}
_CODE = re.compile(r"(?<!\d)\d{12}(?!\d)")

_FINDING_COLUMNS = (
    ("变更 what", 26),
    ("原代码 code before", 16),
    ("原名称 name before", 30),
    ("原隶属 place before", 22),
    ("现代码 code", 16),
    ("现名称 name", 30),
    ("现隶属 place", 22),
    ("依据 evidence", 44),
    ("evidence", 44),
)
_COLUMNS = (
    ("对象 subject", 16),
    ("代码 code", 16),
    ("名称 name", 30),
    ("隶属 place", 24),
    ("线索 evidence", 60),
    ("判定 decision", 40),
    ("说明 note", 30),
    ("标识 key", 28),
)
_DECISION, _KEY = 5, 7
_OLD, _ROW = "community", "row"


class _Choice(NamedTuple):
    """One line of the sheet of open decisions: its cells and its choices."""

    cells: tuple[str, ...]
    options: tuple[str, ...]


class WorksheetRefused(FileRefused):
    """The workbook's decisions cannot be read."""


def write_worksheet(comparison: Comparison, path: Path) -> None:
    """Write the comparison: a sheet of findings, and one of open decisions."""
    with Workbook(str(path)) as workbook:
        # The same comparison always gives the same file, byte for byte.
        workbook.set_properties(
            {"created": datetime(*comparison.as_of.timetuple()[:3], tzinfo=UTC)}
        )
        head = workbook.add_format({"bold": True, "bg_color": "#E7EEF4", "bottom": 1})
        body = workbook.add_format({"text_wrap": True, "valign": "top"})
        pick = workbook.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF8DC"})
        undecided = workbook.add_worksheet(UNDECIDED)
        findings = workbook.add_worksheet(FINDINGS)
        options = workbook.add_worksheet(_OPTIONS)
        options.hide()
        _write_head(findings, _FINDING_COLUMNS, head)
        for row, cells in enumerate(_finding_lines(comparison), 1):
            _write_line(findings, row, cells, body)
        _write_head(undecided, _COLUMNS, head)
        for row, choice in enumerate(_choices(comparison), 1):
            _write_line(undecided, row, choice.cells, body)
            undecided.write_blank(row, _DECISION, None, pick)
            for column, option in enumerate(choice.options):
                options.write_string(row, column, option)
            undecided.data_validation(
                row,
                _DECISION,
                row,
                _DECISION,
                {
                    "validate": "list",
                    "source": _range(row, len(choice.options)),
                    "error_type": "warning",
                    "error_title": "判定 decision",
                    "error_message": "请从列表中选择。Choose from the list.",
                },
            )


def read_decisions(file: Path | bytes, name: str | None = None) -> tuple[Decision, ...]:
    """Read the decisions of a filled-in workbook; lines without one are left out.

    Raises WorksheetRefused with every problem of the sheet.
    """
    name = name or (file.name if isinstance(file, Path) else "worksheet")
    try:
        lines, _ = read_table(read_file(file, name), name, UNDECIDED)
    except FileRefused as refused:
        raise WorksheetRefused(name, list(refused.problems)) from refused
    columns = {plain(cell): place for place, cell in enumerate(lines[0].cells)} if lines else {}
    missing = [
        title for title in (_COLUMNS[_DECISION][0], _COLUMNS[_KEY][0]) if title not in columns
    ]
    if missing:
        raise WorksheetRefused(
            name,
            [CellProblem(1, title, "", Refused("roster.column-missing")) for title in missing],
        )
    decided, key = columns[_COLUMNS[_DECISION][0]], columns[_COLUMNS[_KEY][0]]
    problems: list[CellProblem] = []
    decisions: dict[int, Decision] = {}
    for line in lines[1:]:
        read = _decision(line, _cell(line, decided), _cell(line, key))
        if isinstance(read, CellProblem):
            problems.append(read)
        elif read:
            decisions[line.number] = read
    problems += _contradictions(decisions)
    if problems:
        raise WorksheetRefused(name, problems)
    return tuple(decisions.values())


def _decision(line: Line, text: str, key: str) -> Decision | CellProblem | None:
    if not text:
        return None
    title = _COLUMNS[_DECISION][0]
    if fault := unsound(text):
        return CellProblem(line.number, title, text, fault)
    kind, _, subject = key.partition(":")
    if kind not in (_OLD, _ROW) or not subject:
        return CellProblem(line.number, _COLUMNS[_KEY][0], key, Refused("roster.key-changed"))
    what = _what(text)
    allowed: tuple[What, ...] = ("new", "separate")
    if kind == _OLD:
        allowed = ("renamed", "merged", "abolished", "separate")
    if what is None or what not in allowed:
        choices = [_WHATS[each] for each in allowed]
        no_decision = Refused("roster.no-decision", choices=choices)
        return CellProblem(line.number, title, text, no_decision)
    if what not in ("renamed", "merged"):
        return Decision(what, subject if kind == _OLD else None, subject if kind == _ROW else None)
    code = _CODE.search(text)
    if not code:
        return CellProblem(line.number, title, text, Refused("roster.no-code"))
    return Decision(what, subject, code[0])


def _what(text: str) -> What | None:
    lowered = plain(text).lower()
    for what, words in _WHATS.items():
        if lowered.startswith((words.zh, words.zh[:2], words.en)):
            return what
    return None


def _contradictions(decisions: Mapping[int, Decision]) -> Iterator[CellProblem]:
    continued: dict[str, int] = {}
    for number, decision in decisions.items():
        if decision.what != "renamed" or not decision.row:
            continue
        if (first := continued.setdefault(decision.row, number)) != number:
            renamed = Refused("roster.renamed-already", first=first)
            yield CellProblem(number, _COLUMNS[_DECISION][0], decision.row, renamed)
    for number, decision in decisions.items():
        if decision.community is None and decision.row in continued:
            against = Refused("roster.against-renaming", first=continued[decision.row])
            yield CellProblem(number, _COLUMNS[_DECISION][0], decision.row or "", against)


def _choices(comparison: Comparison) -> Iterator[_Choice]:
    for found in comparison.undecided:
        candidates = found.candidates[:CANDIDATES_MAX]
        if found.known:
            options = [
                _option(what, f"{c.row.code} {c.row.name}")
                for what in ("renamed", "merged")
                for c in candidates
            ]
            yield _Choice(
                (
                    "原有社区 on record",
                    found.known.code or "",
                    found.known.name,
                    _known_place(comparison, found.known.subdistrict),
                    _evidence(candidates, lambda c: f"{c.row.code} {c.row.name}"),
                    "",
                    "",
                    f"{_OLD}:{found.id}",
                ),
                (*options, _option("abolished"), _option("separate")),
            )
        elif found.row:
            yield _Choice(
                (
                    "名册社区 in the roster",
                    found.row.code,
                    found.row.name,
                    f"{found.row.district_name} {found.row.subdistrict_name}",
                    _evidence(candidates, lambda c: f"{c.known.code or ''} {c.known.name}".strip()),
                    "",
                    "判定原有社区后可留空 optional once those on record are decided",
                    f"{_ROW}:{found.row.code}",
                ),
                (_option("new"), _option("separate")),
            )


def _option(what: What, subject: str = "") -> str:
    words = _WHATS[what]
    return f"{words.zh} {words.en}" + (f" → {subject}" if subject else "")


def _evidence(candidates: Sequence[Candidate], title: Callable[[Candidate], str]) -> str:
    return "\n".join(
        f"{title(c)}：{'、'.join(w.zh for w in c.why)} / {', '.join(w.en for w in c.why)}"
        for c in candidates
    )


def _finding_lines(comparison: Comparison) -> Iterator[tuple[str, ...]]:
    for place in comparison.places:
        if place.kinds != ("unchanged",):
            yield _place_line(place)
    for community in comparison.communities:
        if community.kinds != ("unchanged",):
            yield _community_line(comparison, community)


def _place_line(found: PlaceFinding) -> tuple[str, ...]:
    known, gone = found.known, "dissolved" in found.kinds
    return (
        _kinds(found.kinds),
        (known.code or "") if known else "",
        known.name if known else "",
        "",
        "" if gone else found.code or "",
        "" if gone else found.name,
        "",
        *_why(found.evidence),
    )


def _community_line(comparison: Comparison, found: CommunityFinding) -> tuple[str, ...]:
    known, row = found.known, found.row
    return (
        _kinds(found.kinds),
        (known.code or "") if known else "",
        known.name if known else "",
        _known_place(comparison, known.subdistrict) if known else "",
        row.code if row else "",
        row.name if row else "",
        f"{row.district_name} {row.subdistrict_name}" if row else "",
        *_why(found.evidence),
    )


def _kinds(kinds: Iterable[FindingKind]) -> str:
    return "、".join(KINDS[k].zh for k in kinds) + " " + ", ".join(KINDS[k].en for k in kinds)


def _why(evidence: Bilingual | None) -> tuple[str, str]:
    return (evidence.zh, evidence.en) if evidence else ("", "")


def _known_place(comparison: Comparison, subdistrict: str) -> str:
    register = comparison.known
    found = register.place_of.get(subdistrict)
    district = register.place_of.get(register.district_of(subdistrict) or "")
    return " ".join(place.name for place in (district, found) if place)


def _write_head(sheet: Any, columns: Sequence[tuple[str, int]], head: Any) -> None:
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, 0, len(columns) - 1)


def _write_line(sheet: Any, row: int, cells: Sequence[str], style: Any) -> None:
    for column, cell in enumerate(cells):
        sheet.write_string(row, column, visible(cell), style)


def _range(row: int, options: int) -> str:
    return f"={_OPTIONS}!{xl_range_abs(row, 0, row, options - 1)}"


def _cell(line: Line, place: int) -> str:
    return line.cells[place] if place < len(line.cells) else ""
