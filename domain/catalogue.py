"""Everything that can be recorded: the closed list of events, of subjects and of commands.

An event that is not here is neither written nor read. The lists are taken from the subjects' own
unions, never kept beside them.
"""

from collections.abc import Iterable, Iterator, Mapping
from re import fullmatch
from types import MappingProxyType, UnionType
from typing import Any, get_args

from domain.adoption import Adopted, AdoptionEvent
from domain.batch import Batch, BatchEvent
from domain.checkin.participation import CheckInReserved
from domain.checkin.state import CheckIn, CheckInEvent
from domain.code import Code, CodeEvent
from domain.command import Command
from domain.community.state import Community, CommunityEvent
from domain.council.naming import CouncilReserved
from domain.council.state import Council, CouncilEvent
from domain.event import Event
from domain.exemplar.candidacy import NominationReserved
from domain.exemplar.state import Exemplar
from domain.exemplar.way import ExemplarEvent
from domain.founding import Founded, FoundingEvent
from domain.honour.state import Honour, HonourEvent
from domain.honour.tenure import HonourReserved, PostingReserved
from domain.ids import ID_PATTERN
from domain.jurisdiction.state import Jurisdiction, JurisdictionEvent
from domain.measure.state import Measure, MeasureEvent
from domain.partnership.pairing import Pairing, PairingEvent
from domain.partnership.state import Partnership, PartnershipEvent
from domain.programme.state import Programme, ProgrammeEvent
from domain.refusals import NotOnRecord
from domain.reservation import Reservation
from domain.review.state import Review, ReviewEvent
from domain.round.calendar import Calendar, CalendarEvent
from domain.round.state import Round, RoundEvent
from domain.subject import Subject
from domain.support.state import Support, SupportEvent
from domain.support.succession import SupportReserved
from domain.task.state import Task, TaskEvent

ReservationEvent = (
    CheckInReserved
    | CouncilReserved
    | HonourReserved
    | NominationReserved
    | PostingReserved
    | SupportReserved
)

_EVENTS_OF: Mapping[type[Subject], Any] = {
    Founded: FoundingEvent,
    Adopted: AdoptionEvent,
    Jurisdiction: JurisdictionEvent,
    Code: CodeEvent,
    Community: CommunityEvent,
    Batch: BatchEvent,
    Round: RoundEvent,
    Calendar: CalendarEvent,
    Review: ReviewEvent,
    Support: SupportEvent,
    Partnership: PartnershipEvent,
    Pairing: PairingEvent,
    CheckIn: CheckInEvent,
    Exemplar: ExemplarEvent,
    Honour: HonourEvent,
    Task: TaskEvent,
    Council: CouncilEvent,
    Programme: ProgrammeEvent,
    Measure: MeasureEvent,
    Reservation: ReservationEvent,
}
_SINGLE = (Founded.kind, Adopted.kind, Calendar.kind)


def _classes(union: type[Event] | UnionType) -> tuple[type[Event], ...]:
    return get_args(union) if isinstance(union, UnionType) else (union,)


def _commands(parent: type[Command[Any]]) -> Iterator[type[Command[Any]]]:
    """The commands themselves, without pydantic's `Command[...]` classes in between."""
    for child in parent.__subclasses__():
        if child.__pydantic_generic_metadata__["origin"] is None:
            yield child
        yield from _commands(child)


def _by_name(classes: Iterable[type[Any]]) -> Mapping[str, type[Any]]:
    listed = list(classes)
    names = {each.__name__: each for each in listed}
    assert len(names) == len(listed), "two classes bear the same name"
    return MappingProxyType(dict(sorted(names.items())))


SUBJECTS: Mapping[str, type[Subject]] = MappingProxyType({s.kind: s for s in _EVENTS_OF})
EVENTS: Mapping[str, type[Event]] = _by_name(
    event for union in _EVENTS_OF.values() for event in _classes(union)
)
# Those that stand beside their events; whatever else is imported, the list is the same.
COMMANDS: Mapping[str, type[Command[Any]]] = _by_name(
    command
    for command in _commands(Command)
    if command.__module__ in {event.__module__ for event in EVENTS.values()}
)


def subject(stream: str) -> Subject:
    """The state of a stream of which nothing is on record yet; NotOnRecord for what is no name."""
    kind, colon, id = stream.partition(":")
    single = kind in _SINGLE
    if kind not in SUBJECTS or single == bool(colon) or not (single or fullmatch(ID_PATTERN, id)):
        raise NotOnRecord(
            f"There is no stream {stream!r}; a stream is named kind:id, and its kind is one of "
            f"{', '.join(SUBJECTS)}.",
            f"没有 {stream} 这一流；流名为“类别：编号”，类别须为其一：{'、'.join(SUBJECTS)}。",
        )
    return SUBJECTS[kind](id=id or kind)
