"""The register of minutes: all versions of every session's minutes."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from domain.council.events import MinutesAmended, MinutesRecorded
from domain.kernel.ids import id_of
from projections.engine.projection import Journal
from projections.engine.row import row
from projections.engine.scope import lies_in
from projections.engine.seen import Seen
from projections.engine.shape import Shape
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


@row(key=("council", "session", "number"), indexes=("community",), scope=lies_in("community"))
class MinutesVersion(NamedTuple):
    """One version of a session's minutes; the first has no reason."""

    council: str
    session: str
    number: int
    community: str
    council_title: str
    held_on: date
    stated_on: date
    text: str
    reason: str | None
    actor: str
    position: int


class MinutesRegister(Journal):
    """All versions of all minutes, which are only ever added to."""

    name = "minutes"
    kinds = (MinutesVersion,)
    events = (MinutesRecorded, MinutesAmended)
    module_file = __file__

    def lines(self, entry: Seen) -> Iterator[MinutesVersion]:
        """The version that the entry states."""
        event = entry.event
        assert isinstance(event, MinutesRecorded | MinutesAmended)
        if isinstance(event, MinutesRecorded):
            number, stated_on, reason = 1, event.recorded_on, None
        else:
            number, stated_on, reason = event.number, event.amended_on, event.reason
        yield MinutesVersion(
            council=id_of(entry.stream),
            session=event.session,
            number=number,
            community=event.community,
            council_title=event.council_title,
            held_on=event.held_on,
            stated_on=stated_on,
            text=event.text,
            reason=reason,
            actor=entry.actor.person,
            position=entry.position,
        )


class MinutesView(Shape):
    """The newest version of a session's minutes on the requested day, the one of this `number`."""

    council: str
    session: str
    number: int
    community: str
    community_name: str | None
    district: str | None
    district_name: str | None
    council_title: str
    held_on: date
    stated_on: date
    text: str
    position: int


def register(
    view: View,
    *,
    effective: date,
    community: str | None = None,
    district: str | None = None,
    text: str | None = None,
    after: tuple[date, str] | None = None,
    limit: int = 200,
) -> list[MinutesView]:
    """Sessions with minutes, by (the session's day, council/session); `text` is a part of the
    newest version."""
    rows = view.rows(
        SQL["register"],
        effective=effective,
        community=community,
        district=district,
        text=text,
        after_day=after and after[0],
        after_id=after and after[1],
        limit=limit,
    )
    return [MinutesView.of(row) for row in rows]


class MinutesVersionView(Shape):
    """One version of a session's minutes; the first has no reason, and none ever changes."""

    number: int
    stated_on: date
    text: str
    reason: str | None
    by_person: str
    by_person_name: str | None
    position: int


def versions(
    view: View, council: str, session: str, *, effective: date
) -> list[MinutesVersionView]:
    """All versions of a session's minutes up to a day, in order."""
    rows = view.rows(SQL["versions"], council=council, session=session, effective=effective)
    return [MinutesVersionView.of(row) for row in rows]
