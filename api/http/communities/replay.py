"""The replay of a community's history over HTTP. Reads only."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from api.http.communities.steps import replayed
from api.http.entries import EntryView, fields_of
from api.http.kernel.reading import (
    READ_PROBLEMS,
    Day,
    Limit,
    Listing,
    TheKey,
    TheReading,
    not_there,
    paged,
    require_on_record,
)
from api.http.kernel.routing import SubjectRouter
from domain.kernel.ids import CommunityId
from domain.kernel.text import Bilingual
from projections.sentences import sentences

router = SubjectRouter("/api/v1", "大事记 Timelines")

# The subjects whose entries name a community, and the files that they came with.
ReplayKind = Literal[
    "community",
    "batch",
    "checkin",
    "council",
    "exemplar",
    "honour",
    "measure",
    "partnership",
    "review",
    "support",
    "task",
]


class ChangeView(BaseModel):
    """Days on which an attribute has another value than before the entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attribute: str
    before: Any
    after: Any
    effective_from: date
    effective_until: date | None


class ReplayStepView(BaseModel):
    """One entry of a replay, and what it changed in the register."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective_on: date
    sentence: Bilingual
    changes: list[ChangeView] = Field(description="Empty for entries of other subjects.")
    entry: EntryView


STEPS = TypeAdapter(list[ReplayStepView])


@router.get(
    "/communities/{community}/replay",
    operation_id="communities.replay",
    summary="逐条重放 · Replay a community's history",
    responses=READ_PROBLEMS,
)
def get_replay(
    community: CommunityId,
    reading: TheReading,
    key: TheKey,
    kind: Annotated[ReplayKind | None, Query(description="Only entries of such subjects.")] = None,
    begin: Annotated[Day | None, Query(description="About this day or later.")] = None,
    limit: Limit = 50,
) -> Listing[ReplayStepView]:
    """Each entry that names the community and is about a day up to `effective`, in the order of
    recording, and what it changed.

    An entry about a later day is included if it changed an earlier one, as a correction may.
    """
    stream = f"community:{community}"
    with reading.view() as view:
        require_on_record(view, stream)
        steps = replayed(view, community, until=reading.effective, begin=begin, kind=kind)
        if not steps and kind is None and begin is None:
            raise not_there(stream, reading.effective)
        page, next_key = paged(
            steps, lambda each: (f"{each.entry.position:019}", ""), after=key, limit=limit
        )
        texts = sentences(view, [each.entry for each in page])
        items = [
            {
                "effective_on": each.effective_on,
                "sentence": sentence,
                "changes": [change._asdict() for change in each.changes],
                "entry": fields_of(each.entry),
            }
            for each, sentence in zip(page, texts, strict=True)
        ]
        return reading.listing(view, STEPS.validate_python(items), next_key=next_key)
