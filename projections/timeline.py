"""Timelines: a journal of the entries that belong to each subject, in world time.

It keeps no copy of an entry: what a page shows is read from the record itself.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import (
    Any,
    LiteralString,
    NamedTuple,
)

from domain.batch.events import BatchReceived
from domain.council.events import AgendaSet, ResolutionAdopted, ResolutionAnnulled
from domain.kernel.event import Event
from domain.kernel.ids import id_of, kind_of
from domain.round.events import RoundAnnulled, RoundPlanned, RubricSet
from projections.engine.days import effective_on
from projections.engine.projection import Journal
from projections.engine.row import Bytewise, row
from projections.engine.scope import (
    EVERYONES,
    NOWHERE,
    PUBLIC,
    BelongsTo,
    NamesOnly,
    RestsOn,
    lies_in,
)
from projections.engine.seen import Seen
from projections.engine.told import COMMUNITY, TOLD, named_beside
from projections.engine.view import View
from record.sql import statements
from record.store.entry import AnyEntry, decode
from record.store.record import CHINA

SQL = statements(__file__)
# The fields in which an event names an earlier entry of its stream that it voids.
VOIDING = ("corrects", "annuls", "repeals")
# Events without a day of their own, done before what follows them in their stream.
PREPARING = (RoundPlanned, RubricSet, AgendaSet)
PLANNED = 1  # the version of a round's planning
LOOKED_THROUGH = 20_000  # entries, for a page of those that fit
FIRST_DAY, LAST_DAY = date(1, 1, 3), date(9999, 12, 30)  # on which an instant has a moment in UTC
PLACES = (COMMUNITY, "jurisdiction")
# The fields in which a subject's first event says where it lies.
HOMES = (COMMUNITY, "subdistrict", "jurisdiction")

# No `coalesce`: row-level security would look for it by no index, see timeline.sql.
OWN_STREAM: LiteralString = "case when {row}.home is null then {row}.stream else {row}.home end"


@row(
    key=("stream", "effective_on", "position"),
    indexes=(
        "stream, effective_on where prepares",
        "position",
        "stream, version where home is null and not prepares",
    ),
    scope=NamesOnly(BelongsTo(stream=OWN_STREAM), "names"),
)
class TimelineEntry(NamedTuple):
    """An entry that belongs to a stream's timeline, with its day.

    `home` is the entry's own stream if that is another one; `version` counts there. An entry
    that only `prepares` what follows it there is shown on no later day than that. `names` are the
    communities that it names beside the one that it is about.
    """

    stream: Bytewise  # for `rosters`, which selects a range of them
    position: int
    version: int
    effective_on: date
    home: str | None
    prepares: bool
    names: tuple[str, ...]


@row(key=("stream", "place"), scope=lies_in("place"))
class SubjectPlace(NamedTuple):
    """Where a stream's subject lies: in a community or a jurisdiction, a community in itself. What
    is public lies in everyone's place, and what is nobody's but the city's in none.
    """

    stream: Bytewise
    place: str
    position: int


@row(
    key=("stream", "version", "by_version"),
    indexes=("stream, by_version",),
    scope=BelongsTo(stream="{row}.stream"),
)
class TimelineMark(NamedTuple):
    """An entry that was corrected, annulled or repealed by a later one of its stream."""

    stream: str
    version: int
    by_version: int
    how: str


@row(
    key=("stream", "resolution", "version"),
    indexes=("stream, version",),
    scope=BelongsTo(stream="{row}.stream"),
)
class TimelineResolution(NamedTuple):
    """An entry that adopted a resolution, or annulled it: which names it by its id alone."""

    stream: str
    resolution: str
    version: int
    annuls: bool


@row(key=("position",), indexes=("stream",), scope=RestsOn())
class TimelineIrregular(NamedTuple):
    """An entry that breaks rules of procedure: its day, its place, and who recorded it."""

    position: int
    stream: str
    version: int
    effective_on: date
    codes: tuple[str, ...]
    person: str
    community: str | None
    jurisdiction: str | None


Line = SubjectPlace | TimelineEntry | TimelineMark | TimelineResolution | TimelineIrregular


class Timeline(Journal):
    """The timelines of all streams, without reservations (ADR 3, 8).

    What happens to a community on another subject's stream is also in its own timeline (ADR 6).
    """

    name = "timeline"
    kinds = (SubjectPlace, TimelineEntry, TimelineMark, TimelineResolution, TimelineIrregular)
    events = TOLD
    module_file = __file__

    def lines(self, entry: Seen) -> list[Line]:
        """A line in the timelines of its own stream and of the community that its event names,
        a mark on the entry that it voids, if any, and one on itself if it breaks a procedure; with
        a stream's first, where it lies."""
        stream, position, version = entry.stream, entry.position, entry.version
        day, prepares = effective_on(entry), isinstance(entry.event, PREPARING)
        community = vars(entry.event).get(COMMUNITY)
        names = named_beside(entry)
        own = TimelineEntry(stream, position, version, day, None, prepares, names)
        lines: list[Line] = [own]
        if community is not None and (away := f"community:{community}") != stream:
            lines.append(TimelineEntry(away, position, version, day, stream, prepares, names))
        if version == 1:
            lines += (SubjectPlace(stream, each, position) for each in _places(entry))
        if entry.irregular:
            codes = tuple(dict.fromkeys(each.code for each in entry.irregular.codes))
            lines.append(_irregular(entry, day, codes))
        if how := names_entry(type(entry.event)):
            lines.append(TimelineMark(stream, getattr(entry.event, how), version, how))
        elif isinstance(entry.event, RoundAnnulled):  # void from its planning on
            lines.append(TimelineMark(stream, PLANNED, version, "annuls"))
        elif isinstance(entry.event, ResolutionAdopted | ResolutionAnnulled):
            annuls = isinstance(entry.event, ResolutionAnnulled)
            lines.append(TimelineResolution(stream, entry.event.resolution, version, annuls))
        return lines


def _places(entry: Seen) -> list[str]:
    """Where a subject lies that begins with this entry."""
    kind = kind_of(entry.stream)
    if kind == "authority":  # what somebody may is anywhere in the city
        return [NOWHERE]
    if kind in PUBLIC:
        return [EVERYONES]
    if kind == COMMUNITY:
        return [id_of(entry.stream)]
    # A review is also its subdistrict's, which has to finish it wherever the community moves.
    says = vars(entry.event)
    return [says[field] for field in HOMES if says.get(field)] or [NOWHERE]


class HistoryLine(NamedTuple):
    """One line of a timeline: the entry, its day, and the effects of later entries."""

    entry: AnyEntry
    effective_on: date
    marks: tuple[tuple[str, int], ...]


def history(
    view: View,
    stream: str,
    *,
    until: date | None = None,
    after: tuple[date, int] | None = None,
    limit: int = 200,
) -> list[HistoryLine]:
    """A stream's entries, ordered by (day, position), from after `after`.

    An entry has the day that it is about, or else the day on which it
    was recorded. But a round's plan and rubrics and a session's agenda are no later than what
    follows them in their stream: even if recorded years later, they were done in that order.

    `until` leaves out what takes effect after that day; what was recorded after the view's known
    position is always left out.
    """
    rows = view.rows(
        SQL["history"],
        stream=stream,
        until=until,
        after_day=after and after[0],
        after_position=after and after[1],
        limit=limit,
    )
    return [_line(row) for row in rows]


def told(view: View, streams: Iterable[str]) -> list[AnyEntry]:
    """All entries of the timelines of these streams, in the order of recording."""
    rows = view.rows(SQL["told"], streams=sorted(streams))
    return [decode(row["event"], bytes(row["state"]), position=row["position"]) for row in rows]


class AfterwardsLine(NamedTuple):
    """An entry, the day that it is about, the day on which it was recorded and how many days lie
    between; and the entry of its stream that it makes void, if it does."""

    entry: AnyEntry
    effective_on: date
    recorded_on: date
    days_late: int
    how: str | None
    of_version: int | None
    community: str | None
    jurisdiction: str | None


def afterwards(
    view: View,
    *,
    begin: date,
    end: date,
    days: int | None = None,
    corrections: bool = False,
    after: int = 0,
    limit: int = 200,
) -> list[AfterwardsLine]:
    """What was recorded from one day to another, more than so many days after the day that it is
    about, and, of `corrections`, to make another entry void; by position, from after `after`."""
    since, until = _window(view, begin=begin, end=end)
    rows = view.rows(
        SQL["afterwards"],
        since=max(since, after),
        until=until,
        begin=begin,
        end=end,
        days=days,
        corrections=corrections,
        limit=limit,
    )
    names = AfterwardsLine._fields[1:]
    return [
        AfterwardsLine(
            decode(row["event"], bytes(row["state"]), position=row["position"]),
            *(row[name] for name in names),
        )
        for row in rows
    ]


class RosterReceived(NamedTuple):
    """A roster on record: its file and its day."""

    as_of: date
    file_digest: str


def rosters(view: View) -> list[RosterReceived]:
    """The rosters on record, ordered by day."""
    entries = (decode(row["event"], bytes(row["state"])) for row in view.rows(SQL["rosters"]))
    received = (entry.event for entry in entries if isinstance(entry.event, BatchReceived))
    return [
        RosterReceived(event.as_of, event.file_digest)
        for event in received
        if event.source == "roster"
    ]


def batches(view: View, *, before: int | None = None, limit: int = 200) -> list[AnyEntry]:
    """The files that were received, newest first, from before a position."""
    rows = view.rows(SQL["batches"], before=before, limit=limit)
    return [decode(row["event"], bytes(row["state"]), position=row["position"]) for row in rows]


def made_void(view: View, entries: Iterable[AnyEntry]) -> list[AnyEntry]:
    """The entries that these correct, annul or repeal, and those that the latter did in turn."""
    asked = [each for each in entries if names_entry(type(each.event)) is not None]
    if not asked:
        return []
    rows = view.rows(
        SQL["made_void"],
        streams=[each.stream for each in asked],
        versions=[each.version for each in asked],
    )
    return [decode(row["event"], bytes(row["state"]), position=row["position"]) for row in rows]


def at(view: View, positions: Iterable[int]) -> list[AnyEntry]:
    """The entries at these positions."""
    rows = view.rows(SQL["at"], positions=list(positions))
    return [decode(row["event"], bytes(row["state"]), position=row["position"]) for row in rows]


def entries(
    view: View, *, after: int, caused_by: int | None = None, limit: int = 200
) -> list[AnyEntry]:
    """The entries in scope after a position, in order, or those of them that one in scope caused.

    Codes and names that are claimed beside them are in nobody's scope but the city's.
    """
    rows = view.rows(SQL["entries"], after=after, caused_by=caused_by, limit=limit)
    return [decode(row["event"], bytes(row["state"]), position=row["position"]) for row in rows]


class EntryFilter(NamedTuple):
    """What entries are asked for: caused by an entry, of a stream, of an event, recorded by a
    person or for a unit, with an import, from one day to another; None is any."""

    caused_by: int | None = None
    stream: str | None = None
    event: str | None = None
    person: str | None = None
    unit: str | None = None
    batch: str | None = None
    recorded_from: date | None = None
    recorded_until: date | None = None


class EntriesFound(NamedTuple):
    """Entries in order, and the position after which to look on; None if that was all."""

    entries: list[AnyEntry]
    next: int | None


def matching(view: View, where: EntryFilter, *, after: int, limit: int) -> EntriesFound:
    """The entries in scope that fit, in order, from after a position. No more than
    `LOOKED_THROUGH` entries are looked through at once, unless they are of one stream: there may be
    fewer than `limit`, or none, and more behind them."""
    window = _window(
        view, begin=where.recorded_from or date.min, end=where.recorded_until or date.max
    )
    after = max(after, window[0])
    last = min(window[1], view.stands_at)
    until = last if where.stream else min(after + LOOKED_THROUGH, last)
    rows = view.rows(
        SQL["matching_of_stream" if where.stream else "matching"],
        **where._asdict(),
        after=after,
        until=until,
        limit=limit,
    )
    found = [decode(row["event"], bytes(row["state"]), position=row["position"]) for row in rows]
    reached = found[-1].position if len(found) == limit else until
    return EntriesFound(found, reached if reached < last else None)


def version(view: View, stream: str) -> int | None:
    """The version at which the view shows a stream; None if it shows nothing of it."""
    row = view.row(SQL["version"], stream=stream, position=view.stands_at)
    newest: int | None = row["version"] if row else None
    return newest


@cache
def names_entry(event: type[Event]) -> str | None:
    """The field in which such an event names the entry of its stream that it voids."""
    return next((name for name in VOIDING if name in event.model_fields), None)


def _window(view: View, *, begin: date, end: date) -> tuple[int, int]:
    """The last position before a day, and the last of another, both in China's time."""
    before = datetime.combine(max(begin, FIRST_DAY), time(), CHINA) - timedelta.resolution
    behind = datetime.combine(min(end, LAST_DAY), time.max, CHINA)
    window = view.row(SQL["window"], since=before, until=behind)
    assert window is not None
    return window["since"], window["until"]


def _irregular(entry: Seen, day: date, codes: tuple[str, ...]) -> TimelineIrregular:
    kind, _, id = entry.stream.partition(":")
    own = {kind: id} if kind in PLACES else {}
    stated = {name: vars(entry.event).get(name) for name in PLACES}
    return TimelineIrregular(
        position=entry.position,
        stream=entry.stream,
        version=entry.version,
        effective_on=day,
        codes=codes,
        person=entry.actor.person,
        **{**stated, **own},
    )


def _line(row: Mapping[str, Any]) -> HistoryLine:
    entry = decode(row["event"], bytes(row["state"]), position=row["position"])
    marks = zip(row["hows"] or (), row["by_versions"] or (), strict=True)
    return HistoryLine(entry, row["effective_on"], tuple(marks))
