"""A council meets by its cadence, with notice and agenda; what it leaves behind stays as it is."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.council.cadence import due
from domain.council.events import (
    CouncilDissolved,
    CouncilEntryAnnulled,
    CouncilMemberJoined,
    MembershipAnnulled,
)
from domain.council.membership import (
    AnnulMembership,
    DissolveCouncil,
    JoinCouncil,
)
from domain.council.sessions import (
    CorrectSession,
)
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.policy.parts import CalendarSpan
from domain.kernel.refusal import NotAuthorised, NotOnRecord, Refused
from domain.kernel.timeline import DateSpan
from domain.unit.events import UnitDissolved
from tests.domain.councils import (
    AGENDA,
    CANCEL,
    CONVENE,
    CONVENED,
    FOUND,
    FOUNDED,
    HELD,
    HOLD,
    JOIN,
    LEAVE,
    LEFT,
    MEMBERS,
    OF,
    OPEN,
    RECORD,
    annul_entry,
    changed,
    council,
)
from tests.domain.given import abolished, day

JOINED = CouncilMemberJoined(**OF, member="clinic", joined_on=day("2023-02-01"))


def test_a_council_is_founded_with_members_and_the_policys_cadence() -> None:
    council().when(FOUND).then(FOUNDED)


def test_a_council_is_of_a_kind_that_the_policy_has() -> None:
    council().when(changed(FOUND, council_kind="tea-party")).refused("policy.unknown-code")


def test_a_council_is_founded_in_a_community_that_stands_and_not_ahead() -> None:
    council().when(changed(FOUND, founded_on=day("2017-01-01"))).refused("lifetime.not-begun")
    council().when(changed(FOUND, founded_on=day("2030-01-01"))).refused("day.not-come")


def test_each_member_is_named_once_and_a_unit_of_that_day() -> None:
    for more, code, kind in (
        (MEMBERS[0], "council.member-named-twice", Refused),
        ("unheard-of", "subject.not-on-record", NotOnRecord),
    ):
        council().when(changed(FOUND, members=(*MEMBERS, more))).refused(code, kind)
    gone = UnitDissolved(effective_from=FOUND.founded_on, reason="机构改革")
    council().with_("unit:bank", gone).when(FOUND).refused("lifetime.ended")


def test_only_those_whom_the_policy_names_hold_meetings() -> None:
    council().when(FOUND, by="auditor").refused("role.lacking", NotAuthorised)
    council(FOUNDED).when(CONVENE, by="steward").refused("role.lacking", NotAuthorised)


def test_members_join_and_leave() -> None:
    council(FOUNDED).when(JOIN).then(JOINED)
    council(FOUNDED, JOINED).when(JOIN).refused("council.already-member")
    council(FOUNDED).when(LEAVE).then(LEFT)
    council(FOUNDED, LEFT).when(LEAVE).refused("council.not-leaving")


JOIN_LATER = JoinCouncil(member="clinic", joined_on=day("2023-03-10"))
CORRECT = CorrectSession(
    corrects=4, reason="日期误录", **{**vars(HOLD), "held_on": day("2023-03-12")}
)


@pytest.mark.parametrize(
    ("events", "command", "on"),
    [
        ((FOUNDED,), JOIN_LATER, "2023-03-10"),
        ((FOUNDED,), CONVENE, "2023-03-10"),
        (OPEN, HOLD, "2023-03-10"),
        ((*OPEN, HELD), CORRECT, "2023-03-12"),
    ],
)
def test_a_council_meets_and_takes_members_in_while_its_community_stands(
    events: tuple[Event, ...], command: Command[Any], on: str
) -> None:
    at, eve = council(*events), day(on) + timedelta(days=1)

    assert at.with_("community:a", abolished(str(eve))).when(command, by="recorder").refusal is None
    gone = at.with_("community:a", abolished(on))
    gone.when(command, by="recorder").refused("lifetime.ended")


def test_a_council_of_a_community_that_is_gone_is_wound_up() -> None:
    gone = abolished("2023-03-11")
    dissolve = DissolveCouncil(dissolved_on=day("2023-06-01"), reason="社区撤销")
    cancel = changed(CANCEL, cancelled_on=day("2023-03-12"))

    for events, command in (
        ((*OPEN, HELD), RECORD),
        ((*OPEN, HELD), LEAVE),
        (OPEN, cancel),
        ((FOUNDED,), dissolve),
    ):
        at = council(*events).with_("community:a", gone)
        assert at.when(command, by="recorder").refusal is None


def test_nobody_leaves_before_a_session_on_whose_list_they_are() -> None:
    on_its_day = changed(LEAVE, left_on=day("2023-03-10"))

    council(*OPEN, HELD).when(on_its_day).refused("council.leaves-before-session")
    assert council(*OPEN, HELD).when(LEAVE).refusal is None


def test_who_left_may_join_again() -> None:
    join = JoinCouncil(member="bank", joined_on=day("2023-09-01"))

    assert council(FOUNDED, LEFT).when(join).refusal is None
    council(FOUNDED, LEFT).when(changed(join, joined_on=day("2023-05-01"))).refused(
        "council.already-member"
    )


def test_a_joining_or_leaving_by_mistake_is_annulled() -> None:
    annul = AnnulMembership(annuls=2, reason="误录")

    outcome = council(FOUNDED, LEFT).when(annul)

    outcome.then(MembershipAnnulled(**OF, **vars(annul)))
    assert outcome.state().spell_on("bank", day("2024-01-01"))
    assert not council(FOUNDED, JOINED).when(annul).state().spell_on("clinic", day("2024-01-01"))
    council(FOUNDED).when(changed(annul, annuls=1)).refused("council.no-joining-or-leaving")


def test_a_membership_on_which_an_attendance_rests_is_not_annulled() -> None:
    present = HELD.model_copy(update={"present": ("clinic",)})
    at = council(FOUNDED, JOINED, CONVENED, AGENDA, present)

    at.when(AnnulMembership(annuls=2, reason="误录")).refused("council.membership-attended")


def test_a_leaving_is_not_annulled_behind_a_new_joining() -> None:
    again = CouncilMemberJoined(**OF, member="bank", joined_on=day("2023-09-01"))

    at = council(FOUNDED, LEFT, again)

    at.when(AnnulMembership(annuls=2, reason="误录")).refused("council.joined-again")
    assert at.when(AnnulMembership(annuls=3, reason="误录")).refusal is None


def test_a_council_is_dissolved_when_nothing_is_convened() -> None:
    dissolve = DissolveCouncil(dissolved_on=day("2023-12-31"), reason="社区合并")
    dissolved = CouncilDissolved(**OF, **vars(dissolve))

    council(*OPEN, HELD).when(dissolve).then(dissolved)
    council(*OPEN).when(dissolve).refused("council.session-pending", day=CONVENE.scheduled_on)
    council(*OPEN, HELD).when(changed(dissolve, dissolved_on=HOLD.held_on)).refused(
        "council.dissolved-before-session"
    )
    later = changed(CONVENE, scheduled_on=day("2024-01-10"))
    council(FOUNDED, dissolved).when(later).refused(
        "council.not-active", days=DateSpan(FOUND.founded_on, dissolve.dissolved_on)
    )


def test_a_dissolution_is_annulled_and_sessions_behind_it_before() -> None:
    dissolved = CouncilDissolved(**OF, dissolved_on=day("2023-12-31"), reason="社区合并")
    at = council(*OPEN, HELD, dissolved)

    at.when(annul_entry(4)).refused("council.dissolved-since", entry=5)
    state = at.when(annul_entry(5)).state()
    assert state.dissolved_on is None
    at.when(annul_entry(6)).refused("council.nothing-to-annul")


def test_a_founding_is_annulled_while_nothing_rests_on_it() -> None:
    annulled = CouncilEntryAnnulled(**OF, annuls=1, stated="founding", reason="误录")

    council(FOUNDED).when(annul_entry(1)).then(annulled)
    council(FOUNDED, CONVENED).when(annul_entry(1)).refused("council.founding-in-use", entry=2)
    council(FOUNDED, LEFT).when(annul_entry(1)).refused("council.founding-in-use", entry=2)
    void = council(FOUNDED, annulled)
    void.when(CONVENE).refused("council.founding-annulled")
    void.when(LEAVE).refused("council.founding-annulled")
    void.when(annul_entry(1)).refused("council.nothing-to-annul")


def missed(
    per: CalendarSpan, founded: str, held: list[str], today: str, dissolved: str | None = None
) -> list[date]:
    found = due(
        per,
        1,
        founded_on=day(founded),
        dissolved_on=day(dissolved) if dissolved else None,
        held_on=map(day, held),
        today=day(today),
    )
    return [each.period_from for each in found if each.is_missed(day(today))]


def test_a_quarter_without_a_session_is_missed_once_it_is_over() -> None:
    held = ["2023-03-31", "2023-07-01"]

    assert missed("quarter", "2023-01-01", held, "2023-06-30") == []
    assert missed("quarter", "2023-01-01", held, "2023-07-01") == [day("2023-04-01")]


def test_nothing_is_due_in_the_period_of_the_founding_or_after_the_end() -> None:
    assert missed("quarter", "2023-01-02", [], "2023-07-01") == [day("2023-04-01")]
    assert missed("quarter", "2023-01-01", [], "2024-01-01", "2023-06-30") == [day("2023-01-01")]


def test_what_is_held_later_is_not_held_yet() -> None:
    assert missed("month", "2023-01-01", ["2023-01-31"], "2023-02-01") == []
    found = due(
        "month",
        1,
        founded_on=day("2023-01-01"),
        dissolved_on=None,
        held_on=[day("2023-01-31")],
        today=day("2023-01-15"),
    )
    assert [each.held for each in found] == [0]


@pytest.mark.parametrize(
    ("per", "starts"),
    [
        ("month", ["2023-11-01", "2023-12-01", "2024-01-01"]),
        ("quarter", ["2024-01-01"]),
        ("half-year", ["2024-01-01"]),
        ("year", ["2024-01-01"]),
    ],
)
def test_periods_are_those_of_the_calendar(per: CalendarSpan, starts: list[str]) -> None:
    found = due(
        per,
        1,
        founded_on=day("2023-10-15"),
        dissolved_on=None,
        held_on=[],
        today=day("2024-01-20"),
    )
    assert [each.period_from.isoformat() for each in found] == starts


def test_a_council_is_not_dissolved_before_its_members_came_and_went() -> None:
    dissolve = DissolveCouncil(dissolved_on=JOINED.joined_on, reason="合并设置")

    council(FOUNDED, JOINED).when(dissolve).refused(
        "council.dissolved-before-membership", member="clinic", day=JOINED.joined_on
    )
    council(FOUNDED, LEFT).when(dissolve).refused(
        "council.dissolved-before-membership", member="bank", day=LEFT.left_on
    )
    on_its_day = changed(dissolve, dissolved_on=LEFT.left_on)
    assert council(FOUNDED, LEFT).when(on_its_day).state().dissolved_on == LEFT.left_on
