"""Shows the comparison of a roster with the register: counts, lists, and what is undecided."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from api.cli.terminal import Terminal
from domain.roster.finding import KINDS, CommunityFinding, Comparison, FindingKind, PlaceFinding
from domain.roster.known import Register

LINES_MAX = 20
STILL: tuple[FindingKind, ...] = ("unchanged", "unlisted")


class Line(NamedTuple):
    """One finding as a line: its present or last name, and what changes."""

    code: str
    name: str
    place: str
    change: str
    why: str


def show_comparison(terminal: Terminal, comparison: Comparison, *, everything: bool) -> None:
    """Show the counts, the lists of what would be recorded by kind, and the undecided."""
    _show_counts(terminal, comparison)
    for findings in (comparison.places, comparison.communities):
        for kinds in _kinds(findings):
            lines = [
                _line(terminal, comparison, found) for found in findings if found.kinds == kinds
            ]
            _show_lines(terminal, kinds, lines, everything=everything)
    if comparison.undecided:
        _show_undecided(terminal, comparison, everything=everything)


def _kinds(findings: Iterable[PlaceFinding | CommunityFinding]) -> list[tuple[FindingKind, ...]]:
    """The combinations of kinds that would be recorded, in the order of kinds."""
    order = list(KINDS)
    found = {f.kinds for f in findings if not {*f.kinds} & {*STILL, "undecided"}}
    return sorted(found, key=lambda kinds: [order.index(kind) for kind in kinds])


def _show_counts(terminal: Terminal, comparison: Comparison) -> None:
    table = terminal.table(
        ("", ""), ("区县、街道（镇）", "districts, subdistricts"), ("社区", "communities")
    )
    places, communities = comparison.counts("places"), comparison.counts()
    for kind, words in KINDS.items():
        if kind in places or kind in communities:
            counts = (str(each.get(kind, "")) for each in (places, communities))
            table.add_row(terminal.words(words), *counts)
    terminal.show(table)


def _show_lines(
    terminal: Terminal, kinds: Sequence[FindingKind], lines: Sequence[Line], *, everything: bool
) -> None:
    heading = terminal.text("、", ", ").join(terminal.words(KINDS[kind]) for kind in kinds)
    terminal.line()
    terminal.line(terminal.text(f"{heading}（{len(lines)}）", f"{heading} ({len(lines)})"))
    table = terminal.table(
        ("代码", "code"),
        ("名称", "name"),
        ("所属", "place"),
        ("变更", "change"),
        ("依据", "evidence"),
    )
    for line in lines if everything else lines[:LINES_MAX]:
        table.add_row(*line)
    terminal.show(table)
    if not everything and (more := len(lines) - LINES_MAX) > 0:
        terminal.say(
            f"……另有 {more} 项；--all 全部列出。", f"… and {more} more; use --all to list them."
        )


def _show_undecided(terminal: Terminal, comparison: Comparison, *, everything: bool) -> None:
    undecided = comparison.undecided
    terminal.line()
    terminal.say(
        f"待定（{len(undecided)}）：更名、并入，还是各自独立？",
        f"undecided ({len(undecided)}): a rename, a merger, or different communities?",
    )
    for found in undecided if everything else undecided[:LINES_MAX]:
        line = _line(terminal, comparison, found)
        side = (
            terminal.text("名册新列", "new in the roster")
            if found.row
            else (terminal.text("名册不再列", "no longer in the roster"))
        )
        terminal.line(f"  {side}  {line.code}  {line.name}  {line.place}")
        for candidate in found.candidates:
            other = (
                (candidate.known.code or candidate.known.id, candidate.known.name)
                if found.row
                else (candidate.row.code, candidate.row.name)
            )
            why = terminal.text("、", ", ").join(terminal.words(each) for each in candidate.why)
            terminal.line(f"      ? {other[0]}  {other[1]}  {candidate.score:.2f}  {why}")
    if not everything and (more := len(undecided) - LINES_MAX) > 0:
        terminal.say(
            f"……另有 {more} 项；--all 全部列出，--worksheet 写成可填写的表。",
            f"… and {more} more; use --all to list them, or --worksheet for a form to fill in.",
        )


def _line(
    terminal: Terminal, comparison: Comparison, found: PlaceFinding | CommunityFinding
) -> Line:
    why = terminal.words(found.evidence) if found.evidence else ""
    if isinstance(found, PlaceFinding):
        place = _called(comparison, found.parent)
        return Line(found.code or "", found.name, place, _place_change(found), why)
    row, known = found.row, found.known
    code = (row.code if row else known.code if known else "") or ""
    name = row.name if row else known.name if known else ""
    place = f"{row.district_name}/{row.subdistrict_name}" if row else ""
    if known and not row:
        place = _path(comparison.known, known.subdistrict)
    return Line(code, name, place, _change(comparison, found), why)


def _called(comparison: Comparison, place: str) -> str:
    """The name of a jurisdiction on record, or in the file if the file introduces it."""
    if known := comparison.known.place_of.get(place):
        return known.name
    return next((found.name for found in comparison.places if found.id == place), "")


def _path(register: Register, subdistrict: str) -> str:
    place = register.place_of.get(subdistrict)
    district = register.place_of.get(register.district_of(subdistrict) or "")
    return f"{district.name if district else ''}/{place.name if place else subdistrict}"


def _place_change(found: PlaceFinding) -> str:
    if found.known is None or found.begins_earlier:
        return ""
    changes = []
    if "renamed" in found.kinds:
        changes.append(f"{found.known.name} → {found.name}")
    if "recoded" in found.kinds:
        changes.append(f"{found.known.code or '–'} → {found.code or '–'}")
    if "reconstituted" in found.kinds:
        changes.append(f"{found.known.level} → {found.level}")
    return "; ".join(changes)


def _change(comparison: Comparison, found: CommunityFinding) -> str:
    known, row = found.known, found.row
    if known is None or row is None or found.begins_earlier:
        return found.merged_into or ""
    changes = []
    if "renamed" in found.kinds:
        changes.append(f"{known.name} → {row.name}")
    if "recoded" in found.kinds:
        changes.append(f"{known.code or '–'} → {row.code}")
    if "moved" in found.kinds:
        before = _path(comparison.known, known.subdistrict)
        changes.append(f"{before} → {row.district_name}/{row.subdistrict_name}")
    return "; ".join(changes)


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON, without what is unchanged."""
    return {
        "as_of": comparison.as_of,
        "later_roster": comparison.later.day if comparison.later else None,
        "counts": {
            "places": comparison.counts("places"),
            "communities": comparison.counts(),
        },
        "undecided": len(comparison.undecided),
        "places": [_place_json(f) for f in comparison.places if f.kinds != ("unchanged",)],
        "communities": [
            _community_json(f) for f in comparison.communities if f.kinds != ("unchanged",)
        ],
    }


def _place_json(found: PlaceFinding) -> dict[str, Any]:
    return {
        "kinds": found.kinds,
        "jurisdiction": found.id,
        "level": found.level,
        "code": found.code,
        "name": found.name,
        "parent": found.parent,
        "before": {"code": found.known.code, "name": found.known.name} if found.known else None,
        "evidence": found.evidence and found.evidence.model_dump(),
    }


def _community_json(found: CommunityFinding) -> dict[str, Any]:
    known = found.known
    return {
        "kinds": found.kinds,
        "community": found.id,
        "row": found.row._asdict() if found.row else None,
        "before": {"code": known.code, "name": known.name, "subdistrict": known.subdistrict}
        if known
        else None,
        "merged_into": found.merged_into,
        "evidence": found.evidence and found.evidence.model_dump(),
        "candidates": [
            {
                "community": each.known.id,
                "row": each.row.code,
                "score": round(each.score, 2),
                "evidence": [words.model_dump() for words in each.why],
            }
            for each in found.candidates
        ],
    }
