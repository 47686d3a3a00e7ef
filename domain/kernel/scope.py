"""Scope: who acts does so within the jurisdiction of their authority.

A command is about its own subject and about every community and jurisdiction that its fields name.
Each lies in a place, which lies in another, up to the city.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from domain.kernel.context import Acting, Authority, DecisionContext
from domain.kernel.ids import Named, id_of
from domain.kernel.named import streams_named
from domain.kernel.refusal import NotAuthorised
from domain.kernel.subject import Subject


@dataclass(frozen=True, kw_only=True)
class Grantee(Subject):
    """The authorities that a person holds, on the stream `authority:<person>`."""

    def require_held(self, authority: Authority, day: date) -> None:
        """NotAuthorised unless this authority is granted, and in force on that day."""
        raise NotImplementedError

    def in_place_of(self, authority: Authority) -> str | None:
        """The person in whose place somebody acts under this authority; None for their own."""
        raise NotImplementedError


_PLACES: tuple[Named, ...] = ("community", "jurisdiction")


def grants_of(by: Acting) -> tuple[str, ...]:
    """The stream of the grants under which somebody acts."""
    return (f"authority:{by.actor.person}",) if by.authority.grant else ()


def require_authority(context: DecisionContext) -> None:
    """NotAuthorised unless the grant under which somebody acts is in force.

    Its stream is among those read, so that a revocation while the command is under way is a
    conflict.
    """
    for stream in grants_of(context.by):
        held = context.consulted[stream]
        assert isinstance(held, Grantee)
        held.require_held(context.by.authority, context.today)


def places_named(command: BaseModel) -> Iterator[str]:
    """The streams of the communities and jurisdictions that a command's fields name."""
    return streams_named(command, *_PLACES)


def unread_above(
    places: Iterable[str], authority: Authority, states: Mapping[str, Subject], day: date
) -> list[str]:
    """The streams that tell whether these places lie in an authority's jurisdiction, if unread.

    Reading them may lead to more: call this again until it returns none.
    """
    own = f"jurisdiction:{authority.jurisdiction}"
    if own not in states:
        return [own]
    if _is_city(authority.jurisdiction, states):
        return []
    ways = (list(_upwards(place, states, day)) for place in places)
    outside = (way for way in ways if not _reaches(way, authority.jurisdiction))
    return [each for way in outside for each in way if each not in states]


def require_scope(places: Iterable[str], context: DecisionContext) -> None:
    """NotAuthorised unless each place lies in the jurisdiction of the actor's authority today."""
    jurisdiction = context.by.authority.jurisdiction
    if _is_city(jurisdiction, context.consulted):
        return
    for place in places:
        if not _reaches(_upwards(place, context.consulted, context.today), jurisdiction):
            # By its bare id: a name would tell that there is such a place.
            raise NotAuthorised("place.out-of-scope", place=id_of(place), jurisdiction=jurisdiction)


def _is_city(jurisdiction: str, states: Mapping[str, Subject]) -> bool:
    top = states.get(f"jurisdiction:{jurisdiction}")
    return top is not None and top.version > 0 and not top.lies_in(date.max)


def _reaches(way: Iterable[str], jurisdiction: str) -> bool:
    tops = (f"jurisdiction:{jurisdiction}", f"community:{jurisdiction}")
    return any(each in tops for each in way)


def _upwards(place: str, states: Mapping[str, Subject], day: date) -> Iterator[str]:
    """The place and all that it lies in, as far as they are read and on record."""
    seen, following = {place}, [place]
    while following:
        yield (at := following.pop())
        state = states.get(at)
        above = state.lies_in(day) if state and state.version else ()
        following += (each for each in above if each not in seen)
        seen.update(above)
