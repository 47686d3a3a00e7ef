"""The whole present of a community: what it is and what goes on in it, each with since when, by
which entry and on which documents. Two statements over what the read models publish; no table."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from msgspec import json
from pydantic import Field

from domain.kernel.context import Document
from projections import register
from projections.engine.shape import Shape
from projections.engine.view import View
from projections.register import CommunityView
from record.sql import statements

SQL = statements(__file__)

Standing = Literal[
    "name",
    "code",
    "status",
    "subdistrict",
    "type",
    "subtype",
    "features",
    "grade",
    "measure",
    "task",
    "council",
    "partnership",
    "check-in",
    "support",
    "supporter",
    "exemplar",
]


class StandingView(Shape):
    """One thing that holds or goes on in a community on the day."""

    what: Standing
    subject: str = Field(description="The stream that it belongs to.")
    part: str | None = Field(description="Its part: a code, a round, an assignment.")
    title: str | None
    value: Any = Field(description="What it is: a type, a grade, a status, a kind.")
    person: str | None = Field(description="The person responsible.")
    person_name: str | None
    unit: str | None = Field(description="The unit responsible, or the partner.")
    unit_name: str | None
    since: date
    position: int = Field(description="Its entry: /api/v1/entries/<position>.")
    basis: list[Document] = Field(description="The documents that the entry rests on.")


class PresentView(Shape):
    """What a community is and what goes on in it on the day."""

    registered: CommunityView
    items: list[StandingView]
    effective: date
    position: int


def present(view: View, id: str, *, effective: date) -> PresentView | None:
    """The present of a community on a day; None if it did not exist yet."""
    found = register.community(view, id, effective=effective)
    if found is None:
        return None
    reasons = register.reasons(view, id, effective=effective)
    values = [
        {
            "what": each.attribute,
            "subject": f"community:{id}",
            "value": each.value,
            "since": each.effective_from,
            "position": each.position,
        }
        for each in reasons
        if each.value
    ]
    asked = json.encode(values).decode()
    rows = view.rows(SQL["standing"], community=id, effective=effective, values=asked)
    return PresentView(
        registered=found,
        items=[_standing(row) for row in rows],
        effective=effective,
        position=view.stands_at,
    )


def _standing(row: Mapping[str, Any]) -> StandingView:
    return StandingView.of({**row, "basis": row["basis"] or []})
