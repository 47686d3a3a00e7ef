"""An entry is told in its own stream's history, and in that of the community that it names."""

from datetime import UTC, date, datetime
from typing import TypeVar

from domain.kernel.event import Event
from domain.kernel.text import Bilingual
from projections.timeline import Timeline, TimelineEntry, TimelineMark
from record.store.entry import Entry

L = TypeVar("L", TimelineEntry, TimelineMark)


class VisitCorrected(Event):
    """A toy: something on another subject's stream that names a community."""

    sentence = Bilingual(zh="访问更正。", en="Visit corrected.")

    community: str | None = None
    corrects: int
    effective_from: date


def entry(community: str | None) -> Entry[VisitCorrected]:
    event = VisitCorrected(community=community, corrects=2, effective_from=date(2024, 5, 1))
    who = {
        "actor": {"person": "li", "unit": "u"},
        "authority": {"role": "steward", "jurisdiction": "u"},
    }
    return Entry[VisitCorrected].model_validate(
        {
            **who,
            "body": event,
            "command_id": "c",
            "event": "VisitCorrected",
            "position": 9,
            "recorded_at": datetime(2024, 6, 1, tzinfo=UTC),
            "stream": "visit:v1",
            "version": 3,
        }
    )


def lines(community: str | None, kind: type[L]) -> list[L]:
    return [line for line in Timeline().lines(entry(community)) if isinstance(line, kind)]


def test_an_entry_that_names_a_community_is_told_in_its_history_too() -> None:
    assert {line.stream for line in lines("a", TimelineEntry)} == {"visit:v1", "community:a"}
    assert {line.stream for line in lines(None, TimelineEntry)} == {"visit:v1"}


def test_the_mark_and_the_version_stay_with_the_entrys_own_stream() -> None:
    day = date(2024, 5, 1)
    assert lines("a", TimelineEntry) == [
        TimelineEntry("visit:v1", 9, 3, day, None, False, ()),
        TimelineEntry("community:a", 9, 3, day, "visit:v1", False, ()),
    ]
    assert lines("a", TimelineMark) == [TimelineMark("visit:v1", 2, 3, "corrects")]
