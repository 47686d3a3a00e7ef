"""Lines of a timeline as a page shows them: by whom, on which document, how late, and what later
entries corrected in them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Literal, NamedTuple

from domain.kernel.context import Document
from domain.kernel.ids import kind_of
from domain.kernel.text import Language
from projections import places, timeline
from projections.engine.view import View
from projections.sentences import sentences_in
from projections.timeline import HistoryLine
from record.store.entry import AnyEntry
from record.store.record import CHINA

Matter = Literal["key", "all", "corrected", "task", "council"]
Dot = Literal["", "decisive", "corrected", "veto"]
# What changes a community itself. The rest is work that goes on in it.
DECISIVE = frozenset(
    (
        "CommunityRegistered",
        "VillageConverted",
        "CommunityClassified",
        "CommunityReclassified",
        "CommunityRenamed",
        "CommunityRecoded",
        "CommunityMoved",
        "CommunityMerged",
        "CommunitySplit",
        "CommunityAbolished",
        "CommunityRestored",
        "CommunityGraded",
        "CommunityRegraded",
        "CommunityUpgraded",
        "ExemplarDesignated",
    )
)
VETO = "VetoImposed"
STORY_MAX = 1_000
STORY_LINES_MAX = 60
# Steps of work that only the whole timeline shows.
ROUTINE = frozenset(("task", "council", "partnership", "checkin"))


class Recorder(NamedTuple):
    """By whom an entry was recorded; a person without a name on record is not shown by login."""

    person: str | None
    unit: str | None


class CorrectionShown(NamedTuple):
    """A later entry that corrects, annuls or repeals a line."""

    how: str
    recorded_on: date
    person: str
    sentence: str
    position: int


class LineShown(NamedTuple):
    """One line of a timeline; `broken` are the procedures that it breaks, in words."""

    effective_on: date
    sentence: str
    person: str | None
    unit: str | None
    basis: tuple[Document, ...]
    late: int
    void: bool
    dot: Dot
    corrections: tuple[CorrectionShown, ...]
    position: int
    broken: tuple[str, ...] = ()
    despite: str = ""


def recorders(view: View, entries: Iterable[AnyEntry]) -> Mapping[int, Recorder]:
    """By whom these entries were recorded, by position: names instead of ids."""
    entries = list(entries)
    streams = {f"{kind}:{id}" for each in entries for kind, id in _acting(each)}
    names = places.names(view, sorted(streams))
    return {
        each.position: Recorder(
            names.get(f"person:{each.actor.person}"),
            names.get(f"unit:{each.actor.unit}"),
        )
        for each in entries
    }


def of_matter(found: Sequence[HistoryLine], matter: Matter) -> list[HistoryLine]:
    """The lines about a matter, newest first."""
    chosen = [each for each in found if _is_about(each, matter)]
    return sorted(chosen, key=lambda each: (each.effective_on, each.entry.position), reverse=True)


def shown_lines(
    view: View, chosen: Sequence[HistoryLine], every: Sequence[HistoryLine], language: Language
) -> list[LineShown]:
    """These lines, each with its corrections, which are then no lines of their own."""
    by_version = {(each.entry.stream, each.entry.version): each for each in every}
    later = {
        (each.entry.stream, each.entry.version): [
            (how, by_version[each.entry.stream, version])
            for how, version in each.marks
            if (each.entry.stream, version) in by_version
        ]
        for each in chosen
    }
    beside = {line.entry.position for found in later.values() for _, line in found}
    own = [each for each in chosen if each.entry.position not in beside]
    said = [*own, *(line for found in later.values() for _, line in found)]
    texts = dict(
        zip(
            (each.entry.position for each in said),
            sentences_in(view, [each.entry for each in said], language),
            strict=True,
        )
    )
    by = recorders(view, [each.entry for each in said])
    return [
        _line(each, later[each.entry.stream, each.entry.version], texts, by, language)
        for each in own
    ]


def story_of(
    view: View, stream: str, day: date, language: Language
) -> list[tuple[int, list[LineShown]]]:
    """All of a subject up to a day, newest first, under its years."""
    every = timeline.history(view, stream, until=day, limit=STORY_MAX)
    return by_year(shown_lines(view, of_matter(every, "all"), every, language)[:STORY_LINES_MAX])


def by_year(lines: Sequence[LineShown]) -> list[tuple[int, list[LineShown]]]:
    """The lines under their years."""
    return [
        (year, list(found)) for year, found in groupby(lines, lambda each: each.effective_on.year)
    ]


def day_recorded(recorded_at: datetime) -> date:
    """The day of an instant in China."""
    return recorded_at.astimezone(CHINA).date()


def _line(
    each: HistoryLine,
    later: Sequence[tuple[str, HistoryLine]],
    texts: Mapping[int, str],
    by: Mapping[int, Recorder],
    language: Language,
) -> LineShown:
    entry = each.entry
    broken = entry.irregular.codes if entry.irregular else ()
    corrections = tuple(
        CorrectionShown(
            how=how,
            recorded_on=day_recorded(line.entry.recorded_at),
            person=by[line.entry.position].person or by[line.entry.position].unit or "",
            sentence=texts[line.entry.position],
            position=line.entry.position,
        )
        for how, line in later
    )
    return LineShown(
        effective_on=each.effective_on,
        sentence=texts[entry.position],
        person=by[entry.position].person,
        unit=by[entry.position].unit,
        basis=entry.basis,
        late=max((day_recorded(entry.recorded_at) - each.effective_on).days, 0),
        void=any(how != "repeals" for how, _ in each.marks),
        dot=_dot(each),
        corrections=corrections,
        position=entry.position,
        broken=tuple(rule.refusal.reason.in_(language) for rule in broken),
        despite=entry.irregular.reason if entry.irregular else "",
    )


def _dot(line: HistoryLine) -> Dot:
    if line.marks:
        return "corrected"
    if line.entry.name == VETO:
        return "veto"
    return "decisive" if line.entry.name in DECISIVE else ""


def _is_about(line: HistoryLine, matter: Matter) -> bool:
    kind = kind_of(line.entry.stream)
    match matter:
        case "all":
            return True
        case "corrected":
            return bool(line.marks)
        case "key":
            return kind not in ROUTINE or bool(line.marks)
        case _:
            return kind == matter


def _acting(entry: AnyEntry) -> tuple[tuple[str, str], ...]:
    return ("person", entry.actor.person), ("unit", entry.actor.unit)
