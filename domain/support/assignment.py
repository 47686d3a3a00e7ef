"""Support for a lagging community: begun, and assigned to supporters (section four, item one).

The policy says which grades are supported and which kinds of support there are.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from domain.community.state import Community
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import CommunityId, Id, PersonId, Reason, UnitId, derive_id
from domain.kernel.permission import Permission
from domain.kernel.policy import SupportKind, called
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.reservation import ReservingCommand, reserved
from domain.kernel.subject import require_not_repeated
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan
from domain.person.offices import offices_named, require_offices
from domain.review.state import Review
from domain.round.state import Round
from domain.support.events import AssignmentEnded, SupportBegun, SupporterAssigned, SupportSlug
from domain.support.state import Support

# Who gives a kind of support: the field for them, and their name in a refusal.
GIVERS: Mapping[str, tuple[str, Bilingual]] = MappingProxyType(
    {
        "person": ("person", Bilingual(zh="人员", en="person")),
        "unit": ("unit", Bilingual(zh="单位", en="unit")),
        "community": ("mentor", Bilingual(zh="帮带社区", en="community")),
    }
)


SUPPORT = Permission(
    "supporting.may_support",
    doing=Bilingual(zh="安排或结束帮扶", en="begin, assign or end support"),
)


class BeginSupport(ReservingCommand, Command[Support]):
    """Begin to support a community whose published grade is a supported one.

    The id of a support joins the ids of its round and its community with a full stop. None can
    begin while another support of the community is open.
    """

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = SUPPORT

    effective_from: date

    def consults(self, state: Support) -> Iterable[str]:
        """The community, its review, the round, and the community's other supports."""
        streams = (f"community:{state.community}", f"review:{state.id}", state.round_stream)
        return (*streams, *state.key.streams())

    def already_on_record(self, state: Support) -> Refused:
        """The refusal: the community already has its support after this round."""
        if state.ended_by:
            return Refused(
                "support.begun-and-ended",
                support=state.called,
                begun_on=state.begun_on,
                entry=state.ended_by,
            )
        return Refused("support.begun-already", support=state.called, begun_on=state.begun_on)

    def places(self, state: Support) -> Iterable[str]:
        """Its community."""
        return (f"community:{state.community}",)

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        its_round, grade = require_supported(state, context)
        context.require_past(self.effective_from)
        if self.effective_from < its_round.published_on:
            raise Refused(
                "support.before-results",
                published_on=its_round.published_on,
                day=self.effective_from,
            )
        context.state(Community, state.community).require_existing_on(self.effective_from)
        begun = SupportBegun(**state.keys, effective_from=self.effective_from, grade=grade)
        return [begun, *reserved(state.fold([begun]), context)]


class AssignSupporter(Command[Support]):
    """Assign a supporter of one of the policy's kinds, from a day, perhaps until a day.

    The kind says whether this is a `person`, a `unit` or a `mentor`: a community with the grade
    that the policy requires in the same round.
    """

    permission: ClassVar[Permission] = SUPPORT

    assignment: Id | None = None
    kind: SupportSlug
    effective_from: date
    effective_until: date | None = None
    person: PersonId | None = None
    unit: UnitId | None = None
    mentor: CommunityId | None = None

    def consults(self, state: Support) -> Iterable[str]:
        """The community, its review, the round, who helps, and a mentor's review in the round."""
        yield from (f"community:{state.community}", f"review:{state.id}", state.round_stream)
        yield from offices_named(self)
        if self.mentor:
            yield f"review:{state.round}.{self.mentor}"

    def places(self, state: Support) -> Iterable[str]:
        """Its own community: who helps may come from elsewhere."""
        return (state.stream,)

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_open()
        require_supported(state, context)
        kind = context.policy.support(self.kind)
        self._require_giver(kind, state, context)
        require_offices(self, self.effective_from, context)
        state.require_lasting_on(self.effective_from, context)
        if self.effective_until is not None and self.effective_until <= self.effective_from:
            raise Refused(
                "support.assignment-without-days",
                begins_on=self.effective_from,
                ends_on=self.effective_until,
            )
        assignment = self.assignment or derive_id(context.command_id, state.id, state.version)
        if assignment in state.assignments:
            raise Refused("support.assignment-on-record", assignment=assignment)
        self._require_unassigned(state)
        return [SupporterAssigned(**state.keys, **{**vars(self), "assignment": assignment})]

    def _require_unassigned(self, state: Support) -> None:
        """Refused if the supporter already gives this kind of support on one of the days."""
        days = DateSpan(self.effective_from, self.effective_until)
        said = (
            (each.version, (each.kind, each.giver))
            for each in state.assignments.values()
            if days.shared(DateSpan(each.effective_from, each.effective_until))
        )
        require_not_repeated(state, said, (self.kind, self.person or self.unit or self.mentor))

    def _require_giver(self, kind: SupportKind, state: Support, context: DecisionContext) -> None:
        givers = {"person": self.person, "unit": self.unit, "community": self.mentor}
        if [each for each in givers if givers[each] is not None] != [kind.given_by]:
            field, giver = GIVERS[kind.given_by]
            raise Refused("support.giver-does-not-fit", kind=kind.title, giver=giver, field=field)
        if self.mentor is None:
            return
        mentor = context.state(Review, f"{state.round}.{self.mentor}")
        given = mentor.grade.grade if mentor.grade and not mentor.withdrawn else None
        if kind.by_grade is not None and given != kind.by_grade:
            wanted = context.policy.grade(kind.by_grade).title
            raise Refused(
                "support.mentor-not-of-grade", mentor=self.mentor, grade=wanted, kind=kind.title
            )


class EndAssignment(Command[Support]):
    """End one assignment, because it is complete or somebody else takes over."""

    permission: ClassVar[Permission] = SUPPORT

    assignment: Id
    effective_until: date
    reason: Reason

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_open()
        assignment = state.assignment(self.assignment)
        if self.effective_until < assignment.effective_from:
            raise Refused(
                "support.assignment-not-begun",
                begins_on=assignment.effective_from,
                day=self.effective_until,
            )
        if assignment.ended_by is not None:
            raise Refused(
                "support.assignment-ended",
                ended_on=assignment.effective_until,
                entry=assignment.ended_by,
            )
        planned = assignment.planned_until
        if planned is not None and planned < self.effective_until:
            raise Refused(
                "support.assignment-ends-earlier", ends_on=planned, day=self.effective_until
            )
        return [AssignmentEnded(**state.keys, kind=assignment.kind, **vars(self))]


def require_supported(state: Support, context: DecisionContext) -> tuple[Round, str]:
    """The round and the community's grade in it; Refused unless that grade is supported."""
    its_round = context.state(Round, state.round)
    review = context.state(Review, state.id)
    if not its_round.version or not review.version:
        raise NotOnRecord("support.no-review", review=state.id)
    its_round.require_phase("published", "closed")
    given = review.grade.grade if review.grade else None
    if given is None:
        raise Refused("support.not-graded", community=state.community, round=its_round.title)
    supported = [grade for grade in context.policy.grades if grade.supported]
    if given not in {grade.code for grade in supported}:
        raise Refused(
            "support.grade-not-supported",
            community=state.community,
            round=its_round.title,
            grade=called("grade", given),
            grades=[grade.title for grade in supported],
        )
    return its_round, given
