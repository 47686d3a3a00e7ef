"""Timelines of communities and jurisdictions, in sentences. Reads only."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from api.http.entries import EntryView, fields_of
from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    Reading,
    TheKey,
    TheReading,
    not_there,
    unfit,
)
from api.http.kernel.routing import SubjectRouter
from domain.kernel.ids import CommunityId, JurisdictionId
from domain.kernel.text import Bilingual
from projections import timeline
from projections.engine.view import View
from projections.sentences import told
from projections.timeline import Told

router = SubjectRouter("/api/v1", "大事记 Timelines")


class MarkView(BaseModel):
    """The effect of a later entry of the same stream on this one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    how: Literal["corrects", "annuls", "repeals"]
    by_version: int


class TimelineLineView(BaseModel):
    """One entry of a timeline: its day, its sentence, and the effects of later entries on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective_on: date
    sentence: Bilingual
    marks: list[MarkView] = Field(
        description="Which later entries corrected, annulled or repealed it."
    )
    entry: EntryView


LINES = TypeAdapter(list[TimelineLineView])


@router.get(
    "/communities/{community}/timeline",
    operation_id="communities.timeline",
    summary="社区大事记 · A community's timeline",
    responses=READ_PROBLEMS,
)
def community_timeline(
    community: CommunityId, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[TimelineLineView]:
    """What happened to the community, ordered by the day that each entry is about.

    `effective` leaves out what takes effect after that day.
    """
    return timeline_of(reading, f"community:{community}", key, limit)


@router.get(
    "/jurisdictions/{jurisdiction}/timeline",
    operation_id="jurisdictions.timeline",
    summary="辖区大事记 · A jurisdiction's timeline",
    responses=READ_PROBLEMS,
)
def jurisdiction_timeline(
    jurisdiction: JurisdictionId, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[TimelineLineView]:
    """What happened to the jurisdiction, ordered by the day that each entry is about.

    `effective` leaves out what takes effect after that day.
    """
    return timeline_of(reading, f"jurisdiction:{jurisdiction}", key, limit)


def timeline_of(
    reading: Reading, stream: str, key: tuple[str, str] | None, limit: int
) -> Listing[TimelineLineView]:
    """One page of a stream's timeline."""
    with reading.view() as view:
        found = timeline.history(
            view, stream, until=reading.asked, after=place_of(key), limit=limit + 1
        )
        if not found and key is None:
            raise not_there(stream, reading.asked)
        last = found[limit - 1] if len(found) > limit else None
        return reading.listing(
            view,
            lines_of(view, found[:limit]),
            next_key=(last.effective_on.isoformat(), str(last.entry.position)) if last else None,
        )


def lines_of(view: View, found: list[Told]) -> list[TimelineLineView]:
    """Lines of a timeline with their sentences."""
    sentences = told(view, [each.entry for each in found])
    return LINES.validate_python(
        [
            {
                "effective_on": each.effective_on,
                "sentence": sentence,
                "marks": [{"how": how, "by_version": version} for how, version in each.marks],
                "entry": fields_of(each.entry),
            }
            for each, sentence in zip(found, sentences, strict=True)
        ]
    )


def place_of(key: tuple[str, str] | None) -> tuple[date, int] | None:
    """The day and position after which a page of a timeline begins."""
    if key is None:
        return None
    try:
        day, position = date.fromisoformat(key[0]), int(key[1])
    except ValueError:
        position = -1
        day = date.min
    if not 0 <= position < 2**63:
        raise unfit("cursor", "parameter.foreign-cursor")
    return day, position
