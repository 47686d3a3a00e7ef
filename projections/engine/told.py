"""Which entries timelines tell of, and the communities that an entry names beside its own."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from domain.catalogue import EVENTS, ReservationEvent
from domain.code.events import CodeEvent
from domain.kernel.event import Event
from domain.kernel.ids import Names, id_of
from domain.kernel.named import fields_naming, streams_named
from domain.partnership.events import PairingEvent
from domain.round.events import CalendarEvent
from projections.engine.seen import Seen

# Recorded beside what they belong to, and told nowhere.
RESERVATIONS = (
    CodeEvent,
    PairingEvent,
    *get_args(ReservationEvent),
    *get_args(CalendarEvent),
)
TOLD = tuple(event for event in EVENTS.values() if event not in RESERVATIONS)
# The field in which an event of another subject names a community, whose timeline includes it.
COMMUNITY: Final = "community"


def named_beside(entry: Seen) -> tuple[str, ...]:
    """The communities that an entry names, but for the one that it is about."""
    if not _may_name_others(type(entry.event)):
        return ()
    about = (id_of(entry.stream), vars(entry.event).get(COMMUNITY))
    named = [id_of(each) for each in streams_named(entry.event, COMMUNITY)]
    changes: Mapping[str, Any] = vars(entry.event).get("changes") or {}
    for name in changes and changes.keys() & _fields_with_communities():
        value = changes[name] or ()
        named += (value,) if isinstance(value, str) else value
    return tuple(each for each in dict.fromkeys(named) if each not in about)


@cache
def _may_name_others(event: type[Event]) -> bool:
    """Whether such an event has a field for communities beside the one that it is about."""
    return "changes" in event.model_fields or bool({*fields_naming(event, COMMUNITY)} - {COMMUNITY})


@cache
def _fields_with_communities() -> frozenset[str]:
    """The fields of any event that name communities: a correction states some of them anew."""
    return frozenset(
        name
        for event in EVENTS.values()
        for name, shape in get_type_hints(event, include_extras=True).items()
        if _names_communities(shape)
    )


def _names_communities(shape: Any) -> bool:
    if get_origin(shape) is Annotated:
        inner, *marks = get_args(shape)
        marked = any(isinstance(mark, Names) and mark.what == COMMUNITY for mark in marks)
        return marked or _names_communities(inner)
    return any(map(_names_communities, get_args(shape)))
