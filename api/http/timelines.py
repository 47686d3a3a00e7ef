"""Timelines in sentences: one endpoint for every subject. Reads only."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from inspect import Parameter, Signature
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from api.http.entries import EntryView, fields_of
from api.http.kernel.reading import (
    READ_PROBLEMS,
    Day,
    Limit,
    Listing,
    Reading,
    TheKey,
    TheReading,
    not_there,
    unfit,
)
from api.http.kernel.routing import SubjectRouter
from domain.community.state import Community
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.ids import Id
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual
from projections import organisation, register, timeline
from projections.engine.view import View
from projections.irregular import Fact
from projections.sentences import sentences
from projections.timeline import AfterwardsLine, HistoryLine

DAYS_MAX = 100_000
EARLIEST = date(1950, 1, 1)  # no record is older
DESCRIPTION = """What happened, ordered by the day that each entry is about.

`effective` leaves out what takes effect after that day."""
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


def add_timeline(
    router: APIRouter, path: str, operation_id: str, subject: type[Subject], title: str
) -> None:
    """Add the timeline of a subject. The path parameters, joined by dots, are the subject's id.

    `title` is in Chinese and English, separated by ` · `.
    """
    router.add_api_route(
        path,
        _endpoint(router.prefix + path, subject),
        methods=["GET"],
        operation_id=operation_id,
        summary=title,
        description=DESCRIPTION,
        responses=READ_PROBLEMS,
    )


def _endpoint(address: str, subject: type[Subject]) -> Callable[..., Listing[TimelineLineView]]:
    parameters = re.findall(r"{(\w+)}", address)

    def show(
        reading: Reading, key: tuple[str, str] | None, limit: int, **ids: str
    ) -> Listing[TimelineLineView]:
        stream = f"{subject.kind}:{'.'.join(ids[name] for name in parameters)}"
        return timeline_of(reading, stream, key, limit)

    annotations: dict[str, Any] = {
        **dict.fromkeys(parameters, Id),
        "reading": TheReading,
        "key": TheKey,
        "limit": Limit,
    }
    defaults = {"limit": 50}
    show.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(
                name,
                Parameter.KEYWORD_ONLY,
                annotation=annotation,
                default=defaults.get(name, Parameter.empty),
            )
            for name, annotation in annotations.items()
        ],
        return_annotation=Listing[TimelineLineView],
    )
    return show


add_timeline(
    router,
    "/communities/{community}/timeline",
    "communities.timeline",
    Community,
    "社区大事记 · A community's timeline",
)
add_timeline(
    router,
    "/jurisdictions/{jurisdiction}/timeline",
    "jurisdictions.timeline",
    Jurisdiction,
    "辖区大事记 · A jurisdiction's timeline",
)


class AfterwardsView(BaseModel):
    """An entry that was recorded late or corrects another: who recorded it on which documents is
    in the entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective_on: date
    recorded_on: date
    days_late: int = Field(description="Days from the one that it is about to its recording.")
    how: Literal["corrects", "annuls", "repeals"] | None
    of_version: int | None = Field(description="The entry of its stream that it makes void.")
    community: str | None
    community_name: str | None
    jurisdiction: str | None
    jurisdiction_name: str | None
    sentence: Bilingual
    entry: EntryView


AFTERWARDS = TypeAdapter(list[AfterwardsView])
Begin = Annotated[Day | None, Query(description="Recorded on this day or later; by default any.")]
End = Annotated[
    Day | None, Query(description="Recorded on this day or before; by default on `effective`.")
]


@router.get(
    "/late-entries",
    operation_id="timelines.late",
    summary="补录 · What was recorded late",
    responses=READ_PROBLEMS,
)
def list_late(
    reading: TheReading,
    key: TheKey,
    begin: Begin = None,
    end: End = None,
    days: Annotated[
        int, Query(ge=0, le=DAYS_MAX, description="More than so many days after the fact.")
    ] = 30,
    limit: Limit = 50,
) -> Listing[AfterwardsView]:
    """The entries of a period that were recorded more than so many days after the day that they are
    about, in the order of recording. The figure `recorded-late` counts those of 90 days and 30."""
    return _afterwards(reading, key, limit, begin, end, days=days)


@router.get(
    "/corrections",
    operation_id="timelines.corrections",
    summary="更正、撤销与废止 · What was corrected, annulled or repealed",
    responses=READ_PROBLEMS,
)
def list_corrections(
    reading: TheReading,
    key: TheKey,
    begin: Begin = None,
    end: End = None,
    days: Annotated[
        int | None, Query(ge=0, le=DAYS_MAX, description="More than so many days after the fact.")
    ] = None,
    limit: Limit = 50,
) -> Listing[AfterwardsView]:
    """The entries of a period that correct, annul or repeal another, in the order of recording. The
    figure `corrections` counts those of 90 days."""
    return _afterwards(reading, key, limit, begin, end, corrections=True, days=days)


def _afterwards(
    reading: Reading,
    key: tuple[str, str] | None,
    limit: int,
    begin: date | None,
    end: date | None,
    **asked: Any,
) -> Listing[AfterwardsView]:
    with reading.view() as view:
        found = timeline.afterwards(
            view,
            begin=begin or EARLIEST,
            end=min(end or reading.effective, reading.effective),
            after=0 if key is None else _place_of(key)[1],
            limit=limit + 1,
            **asked,
        )
        page = found[:limit]
        last = page[-1] if len(found) > limit else None
        return reading.listing(
            view,
            AFTERWARDS.validate_python(in_words(view, page)),
            next_key=(last.recorded_on.isoformat(), str(last.entry.position)) if last else None,
        )


def in_words(view: View, page: Sequence[AfterwardsLine | Fact]) -> list[dict[str, Any]]:
    """The fields of these lines, with their sentences and the names of their places then."""
    texts = sentences(view, [each.entry for each in page])
    communities = register.names(
        view, [(each.community, each.effective_on) for each in page if each.community]
    )
    places = organisation.names(
        view, [(each.jurisdiction, each.effective_on) for each in page if each.jurisdiction]
    )
    return [
        {
            **each._asdict(),
            "community_name": communities.get((each.community or "", each.effective_on)),
            "jurisdiction_name": places.get((each.jurisdiction or "", each.effective_on)),
            "sentence": sentence,
            "entry": fields_of(each.entry),
        }
        for each, sentence in zip(page, texts, strict=True)
    ]


def timeline_of(
    reading: Reading, stream: str, key: tuple[str, str] | None, limit: int
) -> Listing[TimelineLineView]:
    """One page of a stream's timeline."""
    with reading.view() as view:
        found = timeline.history(
            view, stream, until=reading.asked, after=after_line(key), limit=limit + 1
        )
        if not found and key is None:
            raise not_there(stream, reading.asked)
        last = found[limit - 1] if len(found) > limit else None
        return reading.listing(
            view,
            lines_of(view, found[:limit]),
            next_key=(last.effective_on.isoformat(), str(last.entry.position)) if last else None,
        )


def lines_of(view: View, found: list[HistoryLine]) -> list[TimelineLineView]:
    """Lines of a timeline with their sentences."""
    texts = sentences(view, [each.entry for each in found])
    return LINES.validate_python(
        [
            {
                "effective_on": each.effective_on,
                "sentence": sentence,
                "marks": [{"how": how, "by_version": version} for how, version in each.marks],
                "entry": fields_of(each.entry),
            }
            for each, sentence in zip(found, texts, strict=True)
        ]
    )


def after_line(key: tuple[str, str] | None) -> tuple[date, int] | None:
    """The day and position after which a page of a timeline begins."""
    return None if key is None else _place_of(key)


def _place_of(key: tuple[str, str]) -> tuple[date, int]:
    try:
        day, position = date.fromisoformat(key[0]), int(key[1])
    except ValueError:
        position = -1
        day = date.min
    if not 0 <= position < 2**63:
        raise unfit("cursor", "parameter.foreign-cursor")
    return day, position
