"""The closed list of subjects and their events: everything that can be recorded.

An event that is not listed is neither written nor read. The commands are in commands.py.
"""

from collections.abc import Iterable, Mapping
from re import fullmatch
from types import MappingProxyType, UnionType
from typing import Any, TypeVar, get_args

from domain.adoption.events import AdoptionEvent
from domain.adoption.state import Adopted
from domain.authority.events import AuthorityEvent
from domain.authority.state import Authorities
from domain.batch.events import BatchEvent
from domain.batch.state import Batch
from domain.checkin.events import CheckInEvent, CheckInReserved
from domain.checkin.state import CheckIn
from domain.code.events import CodeEvent
from domain.code.state import Code
from domain.community.events import CommunityEvent
from domain.community.state import Community
from domain.council.events import CouncilEvent, CouncilReserved
from domain.council.state import Council
from domain.exemplar.events import ExemplarEvent, NominationReserved
from domain.exemplar.state import Exemplar
from domain.founding.events import FoundingEvent
from domain.founding.state import Founded
from domain.honour.events import HonourEvent, HonourReserved, PostingReserved
from domain.honour.state import Honour
from domain.jurisdiction.events import JurisdictionEvent
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.event import Event
from domain.kernel.ids import ID_PATTERN
from domain.kernel.refusal import NotOnRecord
from domain.kernel.reservation import Reservation
from domain.kernel.subject import Subject
from domain.measure.events import MeasureEvent
from domain.measure.state import Measure
from domain.partnership.events import PairingEvent, PartnershipEvent
from domain.partnership.pairing import Pairing
from domain.partnership.state import Partnership
from domain.person.events import PersonEvent, PersonNameReserved
from domain.person.state import Person
from domain.programme.events import ProgrammeEvent
from domain.programme.state import Programme
from domain.review.events import ReviewEvent
from domain.review.state import Review
from domain.round.calendar import Calendar
from domain.round.events import CalendarEvent, RoundEvent
from domain.round.state import Round
from domain.support.events import SupportEvent, SupportReserved
from domain.support.state import Support
from domain.task.events import TaskEvent
from domain.task.state import Task
from domain.unit.events import CreditCodeReserved, UnitEvent, UnitNameReserved
from domain.unit.state import Unit

T = TypeVar("T")

ReservationEvent = (
    CheckInReserved
    | CouncilReserved
    | CreditCodeReserved
    | HonourReserved
    | NominationReserved
    | PersonNameReserved
    | PostingReserved
    | SupportReserved
    | UnitNameReserved
)

_EVENTS_OF: Mapping[type[Subject], Any] = {
    Founded: FoundingEvent,
    Adopted: AdoptionEvent,
    Jurisdiction: JurisdictionEvent,
    Code: CodeEvent,
    Community: CommunityEvent,
    Unit: UnitEvent,
    Person: PersonEvent,
    Authorities: AuthorityEvent,
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


def _classes(union: type[Event] | UnionType) -> tuple[type[Event], ...]:
    return get_args(union) if isinstance(union, UnionType) else (union,)


def by_name(classes: Iterable[type[T]]) -> Mapping[str, type[T]]:
    """These classes by name, in alphabetical order."""
    listed = list(classes)
    names = {each.__name__: each for each in listed}
    assert len(names) == len(listed), "two classes have the same name"
    return MappingProxyType(dict(sorted(names.items())))


SUBJECTS: Mapping[str, type[Subject]] = MappingProxyType({s.kind: s for s in _EVENTS_OF})
EVENTS: Mapping[str, type[Event]] = by_name(
    event for union in _EVENTS_OF.values() for event in _classes(union)
)


def subject(stream: str) -> Subject:
    """The blank state of a stream; NotOnRecord if this is not the name of a stream."""
    kind, colon, id = stream.partition(":")
    found = SUBJECTS.get(kind)
    if (
        found is None
        or found.single == bool(colon)
        or not (found.single or fullmatch(ID_PATTERN, id))
    ):
        raise NotOnRecord("stream.unknown", stream=stream, kinds=list(SUBJECTS))
    return found(id=id or kind)
