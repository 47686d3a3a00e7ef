"""Facts that broke a procedure and were recorded with a reason. Reads only."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, TypeAdapter

from api.http.entries import EntryView
from api.http.kernel.problem_kinds import codes_of
from api.http.kernel.reading import READ_PROBLEMS, Day, Limit, Listing, TheKey, TheReading, unfit
from api.http.kernel.routing import SubjectRouter
from api.http.timelines import after_line, in_words
from domain.kernel.ids import CommunityId, JurisdictionId, PersonId
from domain.kernel.text import Bilingual
from projections import irregular
from projections.irregular import Filter

router = SubjectRouter("/api/v1", "大事记 Timelines")


class IrregularFactView(BaseModel):
    """A fact that broke a procedure: which rules, and why it was recorded, is in the entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective_on: date
    community: str | None
    community_name: str | None
    jurisdiction: str | None
    jurisdiction_name: str | None
    sentence: Bilingual
    entry: EntryView


FACTS = TypeAdapter(list[IrregularFactView])


@router.get(
    "/irregular-facts",
    operation_id="timelines.irregular",
    summary="不合程序的事实 · What broke a procedure",
    responses=READ_PROBLEMS,
)
def list_irregular(
    reading: TheReading,
    key: TheKey,
    begin: Annotated[Day | None, Query(description="On this day or later.")] = None,
    end: Annotated[Day | None, Query(description="On this day or before.")] = None,
    code: Annotated[
        str | None, Query(description="Only what breaks this rule; /docs/problems/irregular.")
    ] = None,
    person: Annotated[PersonId | None, Query(description="Only what this person recorded.")] = None,
    community: Annotated[CommunityId | None, Query()] = None,
    jurisdiction: Annotated[JurisdictionId | None, Query(description="And all within it.")] = None,
    limit: Limit = 50,
) -> Listing[IrregularFactView]:
    """The facts that were recorded although they broke a procedure, by the day that they are about.
    What was annulled since is not among them."""
    if code is not None and code not in codes_of("irregular"):
        raise unfit("code", "parameter.unknown-value", value=code)
    with reading.view() as view:
        found = irregular.facts(
            view,
            effective=reading.effective,
            where=Filter(begin, end, code, person, community, jurisdiction),
            after=after_line(key),
            limit=limit + 1,
        )
        page = found[:limit]
        last = page[-1] if len(found) > limit else None
        return reading.listing(
            view,
            FACTS.validate_python(in_words(view, page)),
            next_key=(last.effective_on.isoformat(), str(last.entry.position)) if last else None,
        )
