"""Counts of communities by type and district, as of any day, as known at any moment: one query over
the register, so that a count and its list cannot disagree (ADR 4)."""

from datetime import date

from pydantic import Field

from projections.engine.shape import Shape
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


class CountView(Shape):
    """The number of communities of a type in a district, urban ones and others apart."""

    district: str | None
    district_code: str | None
    district_name: str | None
    urban: bool
    type: str | None = Field(description="Null: not classified.")
    communities: int


def counts(view: View, *, effective: date) -> list[CountView]:
    """The counts, by district code, urban ones first, and type; those without any are left out."""
    return [CountView.of(row) for row in view.rows(SQL["counts"], effective=effective)]
