"""The grades as shown to people, with names of rounds, units and communities. It has no
table of its own."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from pydantic import Field

from domain.kernel.ids import CommunityId, RoundId
from projections import organisation, rounds
from projections.engine.shape import Shape
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


class GradePeriodView(Shape):
    """A community's grade in one round, and the days on which it holds; null if annulled."""

    community: CommunityId
    community_name: str | None
    round: RoundId
    round_title: str | None
    effective_from: date
    effective_until: date | None
    grade: str | None
    type: str
    unit: str
    unit_name: str | None
    rank: int | None
    among: int | None = Field(serialization_alias="of")
    total: Decimal | None
    decided: bool
    position: int


class GradeView(GradePeriodView):
    """A community's grade on the requested day."""

    code: str | None


class Filter(NamedTuple):
    """The filters of a list of grades."""

    grade: str | None = None
    type: str | None = None
    unit: str | None = None


EVERY = Filter()


def grades(
    view: View,
    *,
    effective: date,
    where: Filter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[GradeView]:
    """The communities that have a grade on a day, ordered by (code, id)."""
    rows = view.rows(
        SQL["list"],
        effective=effective,
        after_code=after and after[0],
        after_id=after and after[1],
        limit=limit,
        **where._asdict(),
    )
    return [GradeView.of(row) for row in _named(view, rows)]


def history(view: View, community: str, *, effective: date) -> list[GradePeriodView]:
    """A community's grades in the rounds published by a day, ordered by day,
    annulled ones without a grade."""
    rows = view.rows(SQL["history"], community=community, effective=effective)
    return [GradePeriodView.of(row) for row in _named(view, rows)]


def _named(view: View, rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """These grades with the titles of their rounds, and their units on the first day."""
    titles = rounds.names(view, [row["round"] for row in rows])
    units = organisation.names(view, [(row["unit"], row["effective_from"]) for row in rows])
    for row in rows:
        yield {
            **row,
            "round_title": titles.get(row["round"]),
            "unit_name": units.get((row["unit"], row["effective_from"])),
        }
