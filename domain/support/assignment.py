"""A community that lags behind is supported, by whom and how (section four, item one).

Which grades are supported and which kinds of support there are is the policy's.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from domain.community.state import Community
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import CommunityId, Id, Reason, UnitId, derive_id
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.reservation import KeepsOne, reserved
from domain.kernel.subject import require_unsaid
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan
from domain.policy import SupportKind, called
from domain.review.state import Review
from domain.round.state import Round
from domain.support.events import AssignmentEnded, SupportBegun, SupporterAssigned, SupportSlug
from domain.support.state import Support

SUPPORT = Bilingual(zh="安排或结束帮扶", en="begin, assign or end support")


# Who gives a kind of support: the field that names them, and what it is called.
GIVERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"person": ("person", "人员"), "unit": ("unit", "单位"), "community": ("mentor", "帮带社区")}
)


class BeginSupport(KeepsOne, Command[Support]):
    """Begin to support a community whose published grade is one that the policy has supported.

    The id of a support is that of its round and of its community, joined by a full stop. While
    another one of the community lasts, none begins.
    """

    begins: ClassVar[bool] = True

    effective_from: date

    def consults(self, state: Support) -> Iterable[str]:
        """The community, its review, the round, and the community's other supports."""
        streams = (f"community:{state.community}", f"review:{state.id}", f"round:{state.round}")
        return (*streams, *state.key.streams())

    def taken(self, state: Support) -> Refused:
        """A community has one support after a round."""
        if state.ended_by:
            return Refused(
                f"{state.called.en_first} was begun on {state.begun_on} and ended by entry "
                f"{state.ended_by}; annul that entry if it was a mistake.",
                f"{state.called.zh}已于 {state.begun_on} 开始，并由第 {state.ended_by} 条结束；"
                "如结束有误，请撤销该条。",
            )
        return Refused(
            f"{state.called.en_first} was begun on {state.begun_on} already; assign supporters "
            "and plan in that one.",
            f"{state.called.zh}已于 {state.begun_on} 开始；请在其中安排帮扶、制定计划。",
        )

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        """Begun."""
        context.require_role(context.policy.supporting.may_support, SUPPORT)
        its_round, grade = require_supported(state, context)
        context.require_past(self.effective_from)
        if self.effective_from < its_round.published_on:
            raise Refused(
                f"The results were published on {its_round.published_on}, and support rests on "
                f"them; {self.effective_from} is too early.",
                f"帮扶以 {its_round.published_on} 公布的结果为依据；{self.effective_from} 过早。",
            )
        context.state(Community, state.community).require_standing_on(self.effective_from)
        begun = SupportBegun(**state.keys, effective_from=self.effective_from, grade=grade)
        return [begun, *reserved(state.fold([begun]), context)]


class AssignSupporter(Command[Support]):
    """Assign whoever supports the community in one of the policy's ways, from a day, until a day.

    By the kind it is a `person`, a `unit`, or a `mentor`: a community of the grade that the policy
    asks for in the same round.
    """

    assignment: Id | None = None
    kind: SupportSlug
    effective_from: date
    effective_until: date | None = None
    person: Id | None = None
    unit: UnitId | None = None
    mentor: CommunityId | None = None

    def consults(self, state: Support) -> Iterable[str]:
        """The community, its review, the round, and the mentor's review in it."""
        streams = [f"community:{state.community}", f"review:{state.id}", f"round:{state.round}"]
        return [*streams, f"review:{state.round}.{self.mentor}"] if self.mentor else streams

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        """Assigned."""
        context.require_role(context.policy.supporting.may_support, SUPPORT)
        state.require_open()
        require_supported(state, context)
        kind = context.policy.support(self.kind)
        self._require_giver(kind, state, context)
        state.require_lasting_on(self.effective_from, context)
        if self.effective_until is not None and self.effective_until <= self.effective_from:
            raise Refused(
                f"It ends on {self.effective_until}, not after it begins on "
                f"{self.effective_from}; correct the days.",
                f"结束日 {self.effective_until} 不晚于开始日 {self.effective_from}；请更正日期。",
            )
        assignment = self.assignment or derive_id(context.command_id, state.id, state.version)
        if assignment in state.assignments:
            raise Refused(
                f"The assignment {assignment} is on record already; choose another id, or none.",
                f"帮扶安排 {assignment} 已有记录；请另选编号，或留空。",
            )
        self._require_unassigned(state)
        return [SupporterAssigned(**state.keys, **{**vars(self), "assignment": assignment})]

    def _require_unassigned(self, state: Support) -> None:
        """Refused when whoever is named gives this kind of support already on one of the days."""
        days = DateSpan(self.effective_from, self.effective_until)
        said = (
            (each.version, (each.kind, each.giver))
            for each in state.assignments.values()
            if days.shared(DateSpan(each.effective_from, each.effective_until))
        )
        require_unsaid(state, said, (self.kind, self.person or self.unit or self.mentor))

    def _require_giver(self, kind: SupportKind, state: Support, context: DecisionContext) -> None:
        givers = {"person": self.person, "unit": self.unit, "community": self.mentor}
        if [each for each in givers if givers[each] is not None] != [kind.given_by]:
            field, zh = GIVERS[kind.given_by]
            raise Refused(
                f"{kind.title.en} is given by one {kind.given_by}; fill in {field}, and no other.",
                f"{kind.title.zh}须指明且仅指明一项：{zh}（{field}）。",
            )
        if self.mentor is None:
            return
        mentor = context.state(Review, f"{state.round}.{self.mentor}")
        given = mentor.grade.grade if mentor.grade and not mentor.withdrawn else None
        if kind.by_grade is not None and given != kind.by_grade:
            wanted = context.policy.grade(kind.by_grade).title
            raise Refused(
                f"community:{self.mentor} is not graded {wanted.en} in this round, and "
                f"{kind.title.en} asks for such a community; choose another.",
                f"community:{self.mentor} 在本轮未被评定为{wanted.zh}，"
                f"不能承担{kind.title.zh}；请另选社区。",
            )


class EndAssignment(Command[Support]):
    """End one assignment, because it was done, or somebody else takes over."""

    assignment: Id
    effective_until: date
    reason: Reason

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        """Ended."""
        context.require_role(context.policy.supporting.may_support, SUPPORT)
        state.require_open()
        assignment = state.assignment(self.assignment)
        if self.effective_until < assignment.effective_from:
            raise Refused(
                f"The assignment begins on {assignment.effective_from}; "
                f"it cannot end on {self.effective_until}.",
                f"该安排自 {assignment.effective_from} 开始，不能于 {self.effective_until} 结束。",
            )
        if assignment.ended_by is not None:
            raise Refused(
                f"The assignment ended on {assignment.effective_until} already (entry "
                f"{assignment.ended_by}); there is nothing to record.",
                f"该安排已于 {assignment.effective_until} 结束（第 {assignment.ended_by} 条），"
                "无需记录。",
            )
        planned = assignment.planned_until
        if planned is not None and planned < self.effective_until:
            raise Refused(
                f"The assignment lasts until {planned}, and not until {self.effective_until}; "
                "assign anew for what follows.",
                f"该安排止于 {planned}，早于 {self.effective_until}；其后的帮扶请另行安排。",
            )
        return [AssignmentEnded(**state.keys, kind=assignment.kind, **vars(self))]


def require_supported(state: Support, context: DecisionContext) -> tuple[Round, str]:
    """The round and the community's grade in it; Refused unless that grade is supported."""
    its_round = context.state(Round, state.round)
    review = context.state(Review, state.id)
    if not its_round.version or not review.version:
        raise NotOnRecord(
            f"There is no review {state.id}; name a support by its round and its community, "
            "joined by a full stop.",
            f"没有复核 {state.id}；帮扶编号由评定轮次与社区编号以句点连接而成。",
        )
    its_round.require_phase("published", "closed")
    given = review.grade.grade if review.grade else None
    supported = {grade.code for grade in context.policy.grades if grade.supported}
    if given is None or given not in supported:
        got = called("grade", given) if given else Bilingual(zh="无", en="not at all")
        names = [grade.title for grade in context.policy.grades if grade.supported]
        raise Refused(
            f"community:{state.community} is graded {got.en} in {its_round.title}; support "
            f"is for the grades {', '.join(name.en for name in names)}.",
            f"community:{state.community} 在{its_round.title}中的等次为{got.zh}；"
            f"帮扶对象为{'、'.join(name.zh for name in names)}社区。",
        )
    return its_round, given
