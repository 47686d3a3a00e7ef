"""Counts of communities by type and district on any day, as known at any moment: one query over the
register, so that a count and the list behind it cannot disagree (ADR 4)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


class Count(NamedTuple):
    """How many communities of a type stood in a district on a day; type None: not classified."""

    district: str | None
    district_code: str | None
    district_name: str | None
    type: str | None
    communities: int


def counts(view: View, *, effective: date) -> Sequence[Count]:
    """The counts, by district code and type; districts and types without any are left out."""
    return [Count(**row) for row in view.rows(SQL["counts"], effective=effective)]
