"""Timelines in sentences: one endpoint for every subject. Reads only."""

import re
from collections.abc import Callable
from datetime import date
from inspect import Parameter, Signature
from typing import Any, Literal

from fastapi import APIRouter
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
from domain.community.state import Community
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.ids import Id
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual
from projections import timeline
from projections.engine.view import View
from projections.sentences import sentences
from projections.timeline import HistoryLine

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
