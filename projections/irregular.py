"""Facts that broke a procedure: the mark of each, in words, and the list of them. It has no table.

A fact that was annulled since is not among them.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from pydantic import Field

from domain.kernel.irregular import Irregularity
from domain.kernel.text import Bilingual
from projections.engine.shape import Shape
from projections.engine.view import View
from record.sql import statements
from record.store.entry import AnyEntry, decode

SQL = statements(__file__)


class BreachView(Shape):
    """A rule of procedure that a fact breaks, in words."""

    code: str = Field(description="The code of the rule; /docs/problems lists all of them.")
    params: dict[str, Any]
    says: Bilingual


class IrregularityView(Shape):
    """The mark of a fact that breaks a procedure: every rule, and why it was recorded."""

    codes: list[BreachView]
    reason: str


class MarkedEntryView(IrregularityView):
    """The mark of an entry of a subject, with its version and the day that it is about."""

    version: int
    effective_on: date


class Fact(NamedTuple):
    """An entry that breaks a procedure, the day that it is about, and its place."""

    entry: AnyEntry
    effective_on: date
    community: str | None
    jurisdiction: str | None


class Filter(NamedTuple):
    """Which facts: by their days, rule, place and the person who recorded them."""

    begin: date | None = None
    end: date | None = None
    code: str | None = None
    person: str | None = None
    community: str | None = None
    jurisdiction: str | None = None


def mark_of(irregular: Irregularity) -> dict[str, Any]:
    """The fields of an `IrregularityView`."""
    return {
        "codes": [
            {"code": each.code, "params": each.params, "says": each.refusal.reason}
            for each in irregular.codes
        ],
        "reason": irregular.reason,
    }


def facts(
    view: View,
    *,
    effective: date,
    where: Filter = Filter(),  # noqa: B008
    after: tuple[date, int] | None = None,
    limit: int = 200,
) -> list[Fact]:
    """The facts by (day, position), from after `after`; a place's are also those within it."""
    rows = view.rows(
        SQL["facts"],
        effective=effective,
        after_day=after and after[0],
        after_position=after and after[1],
        limit=limit,
        **where._asdict(),
    )
    return [Fact(_entry(row), *(row[name] for name in Fact._fields[1:])) for row in rows]


def marks(view: View, stream: str) -> Iterator[tuple[AnyEntry, MarkedEntryView]]:
    """The entries of a stream that break a procedure, in order, with their marks."""
    for row in view.rows(SQL["marks"], stream=stream):
        entry = _entry(row)
        assert entry.irregular is not None, "it is marked"
        stated = {"version": entry.version, "effective_on": row["effective_on"]}
        yield entry, MarkedEntryView.of({**mark_of(entry.irregular), **stated})


def _entry(row: Any) -> AnyEntry:
    return decode(row["event"], bytes(row["state"]), position=row["position"])
