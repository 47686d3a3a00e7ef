"""Sheets of appraisals: each row has the votes of a community's assemblies in a round."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from api.sheets import cells
from api.sheets.cells import Unfit
from api.sheets.columns import COMMUNITY, DESPITE, ROUND, not_in_round, review_stream
from api.sheets.directory import Directory
from api.sheets.sheet import Column, Draft, Row, SheetFormat
from domain.kernel.text import Bilingual
from domain.review.events import VOTES_MAX, AssemblyHeld
from domain.review.stages import RecordAppraisal
from domain.review.state import Review
from domain.round.plan import Plan

HELD_ON = Bilingual(zh="召开日期", en="held on")
MEMBERS = Bilingual(zh="应到人数", en="members")
PRESENT = Bilingual(zh="实到人数", en="present")


def columns(directory: Directory) -> tuple[Column, ...]:
    """For each assembly: its day, members, attendance and votes."""
    counts = [
        column
        for code, assembly in directory.assemblies.items()
        for column in (
            _column(f"{code}.held_on", assembly, HELD_ON, cells.day, "2025-05-10"),
            _column(f"{code}.members", assembly, MEMBERS, _some, "60"),
            _column(f"{code}.present", assembly, PRESENT, _count, "52", called=assembly.en),
            *(
                _column(f"{code}.votes.{ballot}", assembly, _votes(title), _count, "17")
                for ballot, title in directory.ballots.items()
            ),
        )
    ]
    return (ROUND, *COMMUNITY, *counts, DESPITE)


def _column(
    name: str,
    assembly: Bilingual,
    what: Bilingual,
    read: Callable[[str], Any],
    example: str,
    called: str | None = None,
) -> Column:
    return Column(
        name=name,
        title=Bilingual(zh=f"{assembly.zh}{what.zh}", en=f"{assembly.en}: {what.en}"),
        read=lambda cell, _: read(cell),
        help=Bilingual(
            zh="该轮评定有此项时必填；无人投此票请填 0。",
            en="Required if the round has it; write 0 if nobody voted this way.",
        ),
        example=example,
        # A refusal of an assembly's figures names it by its title.
        called=called,
    )


def _votes(ballot: Bilingual) -> Bilingual:
    return Bilingual(zh=f"{ballot.zh}票数", en=f"votes {ballot.en}")


def _count(cell: str, *, least: int = 0) -> int:
    value = cells.whole(cell)
    if not least <= value <= VOTES_MAX:
        raise Unfit("cell.count-out-of-range", least=least, most=VOTES_MAX)
    return value


def _some(cell: str) -> int:
    return _count(cell, least=1)


def plan(row: Row, review: Review, directory: Directory) -> Iterator[Draft | Unfit]:
    """Record the appraisal; nothing if the same figures are already on record."""
    if not review.version:
        yield not_in_round(row)
        return
    plan = directory.plan_of(row["round"].round)
    held = [_held(row, each.assembly, plan) for each in plan.rules.assemblies]
    due = {name for each in held for name in _by_column(each)}
    yield from _misplaced(row, due)
    recorded = [score.assemblies for score in review.scores.values() if score.assemblies]
    if recorded:
        yield from _otherwise(row, recorded[0])
    elif all(row[name] is not None for name in due):
        yield Draft(RecordAppraisal, {"assemblies": held})


def _held(row: Row, assembly: str, plan: Plan) -> dict[str, Any]:
    """An assembly of the round with the figures of the row."""
    ballots = [each.ballot for each in plan.rules.ballots]
    return {
        "assembly": assembly,
        **{name: row[f"{assembly}.{name}"] for name in ("held_on", "members", "present")},
        "votes": {ballot: row[f"{assembly}.votes.{ballot}"] for ballot in ballots},
    }


def _by_column(held: dict[str, Any]) -> dict[str, date | int]:
    """The figures of an assembly, by column."""
    code, votes = held["assembly"], held["votes"]
    return {
        **{f"{code}.{name}": held[name] for name in ("held_on", "members", "present")},
        **{f"{code}.votes.{ballot}": count for ballot, count in votes.items()},
    }


def _misplaced(row: Row, due: set[str]) -> Iterator[Unfit]:
    """Figures that the round needs and the row lacks, and figures that the round does not use."""
    for name in due - row.values.keys():
        yield Unfit("appraisal-sheet.needed", column=name)
    counted = {name for name in row.values if "." in name}
    for name in counted - due:
        yield Unfit("appraisal-sheet.not-in-round", column=name)


def _otherwise(row: Row, recorded: Iterable[AssemblyHeld]) -> Iterator[Unfit]:
    """Cells that differ from the recorded appraisal."""
    for held in recorded:
        for column, known in _by_column(held.model_dump()).items():
            if row[column] != known:
                yield Unfit("appraisal-sheet.recorded-otherwise", known=known, column=column)


APPRAISALS = SheetFormat(
    name="appraisals",
    title=Bilingual(zh="评议票数", en="appraisals"),
    help=Bilingual(
        zh="每行一个社区在一轮评定中的评议：各次会议的日期、应到与实到人数、各项票数。",
        en="Each row is the appraisal of a community in a round: the day, members, "
        "attendance and votes of each assembly.",
    ),
    columns=columns,
    commands={RecordAppraisal: Bilingual(zh="记载评议", en="appraisals recorded")},
    key=("community", "round"),
    stream=review_stream,
    plan=plan,
)
