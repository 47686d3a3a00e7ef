"""A council meets by its cadence, with notice and agenda; what it leaves behind stays as it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from domain.council.annulment import AnnulCouncilEntry
from domain.council.cadence import due
from domain.council.events import (
    VERSIONS_MAX,
    AgendaSet,
    CouncilDissolved,
    CouncilEntryAnnulled,
    CouncilFounded,
    CouncilMemberJoined,
    CouncilMemberLeft,
    Member,
    MembershipAnnulled,
    MinutesAmended,
    MinutesRecorded,
    ResolutionAdopted,
    ResolutionAnnulled,
    SessionCancelled,
    SessionConvened,
    SessionCorrected,
    SessionHeld,
)
from domain.council.membership import (
    AnnulMembership,
    DissolveCouncil,
    FoundCouncil,
    JoinCouncil,
    LeaveCouncil,
)
from domain.council.minutes import AdoptResolution, AmendMinutes, AnnulResolution, RecordMinutes
from domain.council.sessions import (
    CancelSession,
    ConveneSession,
    CorrectSession,
    HoldSession,
    SetAgenda,
)
from domain.kernel.command import Command
from domain.kernel.context import Role
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import derive_id
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.kernel.timeline import DateSpan
from domain.policy.parts import CalendarSpan
from domain.task.completion import AnnulTaskStep
from domain.task.events import Assignment, TaskAssigned, TaskCancelled
from tests.domain.given import POLICY, REGISTERED, Given, Outcome, abolished, day, given

KIND = POLICY.councils[1].code
OF: Any = {"community": "a", "council_title": "驻区单位联席会议"}
MEMBERS = (Member(member="school", title="第一小学"), Member(member="bank", title="城厢支行"))
FOUND = FoundCouncil(
    community="a",
    title="驻区单位联席会议",
    council_kind=KIND,
    founded_on=day("2023-01-01"),
    members=MEMBERS,
)
FOUNDED = CouncilFounded(**vars(FOUND), sessions_min=1, per="quarter")
JOINED = CouncilMemberJoined(
    **OF, member="clinic", member_title="社区卫生站", joined_on=day("2023-02-01")
)
CONVENE = ConveneSession(
    session="q1", noticed_on=day("2023-03-01"), scheduled_on=day("2023-03-10"), place="会议室"
)
CONVENED = SessionConvened(**OF, **vars(CONVENE))
AGENDA = AgendaSet(
    **OF, session="q1", scheduled_on=CONVENE.scheduled_on, agenda=("停车共享", "消防通道")
)
HOLD = HoldSession(
    session="q1",
    held_on=day("2023-03-10"),
    present=("school",),
    excused=("bank",),
    observers=("街道办事处",),
)
HELD = SessionHeld(**OF, **vars(HOLD))
RECORD = RecordMinutes(session="q1", recorded_on=day("2023-03-12"), text="会议议定停车共享。")
MINUTES = MinutesRecorded(**OF, **vars(RECORD), held_on=HOLD.held_on)
AMEND = AmendMinutes(
    session="q1", amended_on=day("2023-03-20"), text="会议议定夜间停车共享。", reason="漏记时段"
)
AMENDED = MinutesAmended(**OF, **vars(AMEND), held_on=HOLD.held_on, number=2)
LEAVE = LeaveCouncil(member="bank", left_on=day("2023-06-01"), reason="迁出社区")
LEFT = CouncilMemberLeft(**OF, **vars(LEAVE), member_title="城厢支行")
CANCEL = CancelSession(session="q1", cancelled_on=day("2023-03-05"), reason="改为书面征求意见")
CANCELLED = SessionCancelled(**OF, **vars(CANCEL), scheduled_on=CONVENE.scheduled_on)
WORK = Assignment(title="划定夜间车位", unit="school", person="zhao", due_on=day("2023-05-01"))
ADOPT = AdoptResolution(session="q1", text="学校操场夜间开放停车。", tasks=(WORK,))
OPEN = (FOUNDED, CONVENED, AGENDA)
WITH_MINUTES = (*OPEN, HELD, MINUTES)


@dataclass(frozen=True)
class Meeting(Given):
    """What is on record, for somebody who may hold meetings."""

    def when(self, command: Command[Any], *, by: Role | None = "recorder", **more: Any) -> Outcome:
        return super().when(command, by=by, **more)


def council(*events: Event) -> Given:
    at = given(*events).on("council:j1").with_("community:a", REGISTERED)
    return Meeting(at.histories, at.stream)


def changed(command: Any, **fields: Any) -> Any:
    return command.model_copy(update=fields)


def test_a_council_is_founded_with_members_and_the_policys_cadence() -> None:
    council().when(FOUND).then(FOUNDED)


def test_a_council_is_of_a_kind_that_the_policy_has() -> None:
    council().when(changed(FOUND, council_kind="tea-party")).refused("policy.unknown-code")


def test_a_council_is_founded_in_a_community_that_stands_and_not_ahead() -> None:
    council().when(changed(FOUND, founded_on=day("2017-01-01"))).refused("lifetime.not-begun")
    council().when(changed(FOUND, founded_on=day("2030-01-01"))).refused("day.not-come")


def test_each_member_is_named_once() -> None:
    council().when(changed(FOUND, members=(*MEMBERS, MEMBERS[0]))).refused(
        "council.member-named-twice"
    )


def test_only_those_whom_the_policy_names_hold_meetings() -> None:
    council().when(FOUND, by="auditor").refused("role.lacking", NotAuthorised)
    council(FOUNDED).when(CONVENE, by="steward").refused("role.lacking", NotAuthorised)


def test_members_join_and_leave() -> None:
    join = JoinCouncil(member="clinic", title="社区卫生站", joined_on=day("2023-02-01"))

    council(FOUNDED).when(join).then(JOINED)
    council(FOUNDED, JOINED).when(join).refused("council.already-member")
    council(FOUNDED).when(LEAVE).then(LEFT)
    council(FOUNDED, LEFT).when(LEAVE).refused("council.not-leaving")


JOIN = JoinCouncil(member="clinic", title="社区卫生站", joined_on=day("2023-03-10"))
CORRECT = CorrectSession(
    corrects=4, reason="日期误录", **{**vars(HOLD), "held_on": day("2023-03-12")}
)


@pytest.mark.parametrize(
    ("events", "command", "on"),
    [
        ((FOUNDED,), JOIN, "2023-03-10"),
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
    join = JoinCouncil(member="bank", title="城厢支行", joined_on=day("2023-09-01"))

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
    again = CouncilMemberJoined(
        **OF, member="bank", member_title="城厢支行", joined_on=day("2023-09-01")
    )

    at = council(FOUNDED, LEFT, again)

    at.when(AnnulMembership(annuls=2, reason="误录")).refused("council.joined-again")
    assert at.when(AnnulMembership(annuls=3, reason="误录")).refusal is None


def test_a_session_is_convened_with_the_policys_notice() -> None:
    council(FOUNDED).when(CONVENE).then(CONVENED)

    short = changed(CONVENE, scheduled_on=day("2023-03-03"))
    council(FOUNDED).when(short).refused(
        "session.notice-too-short", notice_days=3, earliest=day("2023-03-04")
    )


def test_a_session_gets_an_id_of_its_own() -> None:
    council(FOUNDED, CONVENED).when(CONVENE).refused("session.id-taken")
    outcome = council(FOUNDED).when(changed(CONVENE, session=None))

    assert outcome.state().sessions.keys() == {derive_id("session", "command-1", "j1", 1)}


def test_the_agenda_is_set_until_the_session_is_held() -> None:
    command = SetAgenda(session="q1", agenda=AGENDA.agenda)

    council(FOUNDED, CONVENED).when(command).then(AGENDA)
    assert council(*OPEN).when(changed(command, agenda=("一项",))).refusal is None
    council(*OPEN, HELD).when(command).refused("session.already-held")
    council(FOUNDED).when(command).refused("session.not-on-record", NotOnRecord)


def test_a_session_is_held_with_three_lists() -> None:
    council(*OPEN).when(HOLD).then(HELD)


def test_a_session_without_an_agenda_is_not_held() -> None:
    council(FOUNDED, CONVENED).when(HOLD).refused("session.without-agenda")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"present": ("school", "bank"), "excused": ("bank",)}, "session.member-named-twice"),
        ({"present": ("stranger",)}, "session.not-a-member"),
        ({"excused": ("stranger",)}, "session.not-a-member"),
        ({"held_on": day("2023-03-03")}, "session.notice-too-short"),
        ({"held_on": day("2030-01-01")}, "day.not-come"),
    ],
)
def test_the_lists_name_members_of_that_day_once(fields: dict[str, Any], code: str) -> None:
    council(*OPEN).when(changed(HOLD, **fields)).refused(code)


def test_who_left_before_is_no_member_of_that_day() -> None:
    late = changed(HOLD, held_on=day("2023-07-01"))

    council(*OPEN, LEFT).when(late).refused("session.not-a-member")


def test_a_session_is_held_once() -> None:
    council(*OPEN, HELD).when(HOLD).refused("session.already-held")


def test_attendance_is_corrected_and_the_mistake_stays() -> None:
    fields = {"present": ("school", "bank"), "excused": (), "reason": "银行代表迟到"}
    correct = CorrectSession(corrects=4, **{**vars(HOLD), **fields})

    council(*WITH_MINUTES).when(correct).then(SessionCorrected(**OF, **vars(correct)))
    council(*WITH_MINUTES).when(changed(correct, corrects=5)).refused(
        "session.not-entry-in-force", entry=4
    )
    same = CorrectSession(corrects=4, reason="核对", **vars(HOLD))
    council(*WITH_MINUTES).when(same).refused("session.nothing-to-correct")
    late = changed(correct, held_on=day("2023-03-13"))
    council(*WITH_MINUTES).when(late).refused("session.after-its-minutes")
    early = changed(correct, held_on=day("2023-03-03"))
    council(*WITH_MINUTES).when(early).refused("session.notice-too-short")


def test_the_day_of_a_session_is_corrected_only_while_no_resolution_of_it_holds() -> None:
    event, task = adopted()
    at = council(*OPEN, HELD, event).with_(task.stream, task.event)
    moved = CorrectSession(
        corrects=4, reason="日期误录", **{**vars(HOLD), "held_on": day("2023-03-12")}
    )
    council(*OPEN, HELD).when(moved).then(SessionCorrected(**OF, **vars(moved)))

    at.when(moved).refused("session.day-has-resolutions")
    attended = changed(moved, held_on=HOLD.held_on, present=("school", "bank"), excused=())
    assert at.when(attended).refusal is None
    annul = AnnulResolution(
        resolution=event.resolution, annulled_on=day("2023-04-01"), reason="日期误录"
    )
    annulled = ResolutionAnnulled(**OF, **vars(annul), session="q1", text=ADOPT.text)
    assert at.with_("council:j1", annulled).when(moved).refusal is None


def test_a_session_is_cancelled_until_it_is_held() -> None:
    council(FOUNDED, CONVENED).when(CANCEL).then(CANCELLED)
    council(*OPEN, HELD).when(CANCEL).refused("session.already-held")
    council(FOUNDED, CONVENED, CANCELLED).when(HOLD).refused("session.already-cancelled")
    early = CANCEL.model_copy(update={"cancelled_on": day("2023-02-28")})
    council(FOUNDED, CONVENED).when(early).refused("session.cancelled-before-notice")


def test_minutes_are_recorded_once_and_never_change() -> None:
    council(*OPEN, HELD).when(RECORD).then(MINUTES)
    council(*OPEN).when(RECORD).refused("session.not-held")
    council(*WITH_MINUTES).when(RECORD).refused("minutes.already-recorded")
    council(*OPEN, HELD).when(changed(RECORD, recorded_on=day("2023-03-09"))).refused(
        "council.out-of-order"
    )


def test_minutes_are_amended_beside_the_first_version() -> None:
    council(*WITH_MINUTES).when(AMEND).then(AMENDED)
    third = changed(AMEND, text=f"{AMEND.text}（三稿）")
    amended = (changed(AMENDED, number=number) for number in range(2, VERSIONS_MAX + 1))
    council(*WITH_MINUTES, *amended).when(third).refused("minutes.too-many-versions")
    assert council(*WITH_MINUTES, AMENDED).when(third).state().sessions["q1"].versions == 3
    council(*WITH_MINUTES, AMENDED).when(AMEND).refused("statement.repeated", entry=6)
    same = changed(AMEND, text=MINUTES.text)
    council(*WITH_MINUTES).when(same).refused("statement.repeated", entry=5)
    assert council(*WITH_MINUTES, AMENDED).when(same).refusal is None
    council(*OPEN, HELD).when(AMEND).refused("minutes.not-recorded")
    early = changed(AMEND, amended_on=day("2023-03-11"))
    council(*WITH_MINUTES).when(early).refused("council.out-of-order")


def adopted() -> tuple[ResolutionAdopted, StreamEvent]:
    task = derive_id("task", "command-1", "council:j1", 4, 0)
    id = derive_id("resolution", "command-1", "j1", 4)
    event = ResolutionAdopted(
        **OF,
        session="q1",
        resolution=id,
        adopted_on=HOLD.held_on,
        text=ADOPT.text,
        tasks=(task,),
    )
    assignment = TaskAssigned(
        **vars(WORK),
        source="resolution",
        source_stream="council:j1",
        source_part=id,
        community="a",
        assigned_on=HOLD.held_on,
        assigned_by="li",
    )
    return event, StreamEvent(f"task:{task}", assignment)


def test_a_resolution_becomes_tasks_in_the_same_moment() -> None:
    council(*OPEN, HELD).when(ADOPT).then(*adopted())


def test_what_a_session_resolves_is_tasked_in_a_community_that_stood_on_its_day() -> None:
    at = council(*OPEN, HELD)

    later = at.with_("community:a", abolished("2023-03-11"))
    assert later.when(ADOPT, by="recorder").refusal is None
    gone = at.with_("community:a", abolished("2023-03-10"))
    gone.when(ADOPT, by="recorder").refused("lifetime.ended")


def test_only_a_session_that_was_held_resolves() -> None:
    council(*OPEN).when(ADOPT).refused("session.not-held")


def test_a_task_that_cannot_be_assigned_refuses_the_resolution_too() -> None:
    early = changed(WORK, due_on=day("2023-03-01"))

    council(*OPEN, HELD).when(changed(ADOPT, tasks=(early,))).refused("task.due-before-assignment")


def test_an_annulled_resolution_cancels_its_open_tasks() -> None:
    event, task = adopted()
    annul = AnnulResolution(
        resolution=event.resolution, annulled_on=day("2023-04-01"), reason="表决未过半数"
    )
    at = council(*OPEN, HELD, event).with_(task.stream, task.event)
    cancelled = TaskCancelled(
        title=WORK.title, community="a", cancelled_on=annul.annulled_on, reason=annul.reason
    )
    annulled = ResolutionAnnulled(**OF, **vars(annul), session="q1", text=ADOPT.text)

    at.when(annul).then(annulled, StreamEvent(task.stream, cancelled))
    at.with_(task.stream, cancelled).when(annul).then(annulled)
    at.with_("council:j1", annulled).when(annul).refused("resolution.already-annulled")
    at.when(changed(annul, resolution="x")).refused("resolution.not-on-record", NotOnRecord)

    undo = AnnulTaskStep(annuls=2, reason="误录")
    cancelled_at = at.with_(task.stream, cancelled).at(task.stream)
    assert cancelled_at.when(undo).refusal is None
    void = cancelled_at.with_("council:j1", annulled)
    void.when(undo).refused("resolution.task-not-reopened")


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


def annul_entry(version: int) -> AnnulCouncilEntry:
    return AnnulCouncilEntry(annuls=version, reason="误录")


def test_a_session_that_never_took_place_is_annulled_and_convened_again() -> None:
    outcome = council(*OPEN, HELD).when(annul_entry(4))

    annulled = CouncilEntryAnnulled(**OF, annuls=4, stated="holding", session="q1", reason="误录")
    outcome.then(annulled)
    assert outcome.state().sessions["q1"].is_convened
    at = council(*OPEN, HELD, annulled)
    assert at.when(HOLD).refusal is None
    at.when(annul_entry(4)).refused("council.nothing-to-annul")
    council(*WITH_MINUTES).when(annul_entry(4)).refused("session.has-minutes-or-resolutions")
    resolved = council(*OPEN, HELD, adopted()[0])
    resolved.when(annul_entry(4)).refused("session.has-minutes-or-resolutions")


def test_a_correction_of_a_session_goes_with_the_session() -> None:
    correct = CorrectSession(corrects=4, **{**vars(HOLD), "excused": (), "reason": "误记"})
    at = council(*OPEN, HELD, SessionCorrected(**OF, **vars(correct)))

    at.when(annul_entry(5)).refused("council.nothing-to-annul")
    assert at.when(annul_entry(4)).state().sessions["q1"].is_convened


def test_a_cancelling_or_a_convening_is_annulled_the_newest_first() -> None:
    at = council(FOUNDED, CONVENED, CANCELLED)

    at.when(annul_entry(2)).refused("council.nothing-to-annul")
    assert at.when(annul_entry(3)).state().sessions["q1"].is_convened
    gone = council(FOUNDED, CONVENED).when(annul_entry(2))
    assert gone.state().sessions == {}
    at.when(annul_entry(3), by="auditor").refused("role.lacking", NotAuthorised)


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


def test_an_observer_is_on_no_other_list() -> None:
    for observers in (("school",), ("bank",), ("街道办事处", "街道办事处")):
        council(*OPEN).when(changed(HOLD, observers=observers)).refused(
            "session.observer-named-twice"
        )


def test_a_council_is_not_dissolved_before_its_members_came_and_went() -> None:
    dissolve = DissolveCouncil(dissolved_on=JOINED.joined_on, reason="合并设置")

    council(FOUNDED, JOINED).when(dissolve).refused(
        "council.dissolved-before-membership", member="社区卫生站", day=JOINED.joined_on
    )
    council(FOUNDED, LEFT).when(dissolve).refused(
        "council.dissolved-before-membership", member="城厢支行", day=LEFT.left_on
    )
    on_its_day = changed(dissolve, dissolved_on=LEFT.left_on)
    assert council(FOUNDED, LEFT).when(on_its_day).state().dissolved_on == LEFT.left_on


def test_the_same_agenda_is_not_set_twice_on_end() -> None:
    asked = SetAgenda(session="q1", agenda=AGENDA.agenda)

    council(*OPEN).when(asked).refused("statement.repeated", entry=3)
    other = changed(asked, agenda=("消防通道",))
    reset = AgendaSet(**OF, scheduled_on=CONVENE.scheduled_on, **vars(other))
    assert council(*OPEN, reset).when(asked).refusal is None


def test_a_session_resolves_the_same_once_unless_that_was_annulled() -> None:
    event, task = adopted()
    at = council(*OPEN, HELD, event).with_(task.stream, task.event)

    at.when(ADOPT).refused("statement.repeated", entry=5)
    at.when(changed(ADOPT, tasks=())).refused("statement.repeated", entry=5)
    assert at.when(changed(ADOPT, text="学校操场白天开放停车。")).refusal is None
    annul = AnnulResolution(
        resolution=event.resolution, annulled_on=day("2023-04-01"), reason="表决未过半数"
    )
    assert at.after("council:j1", annul, by="recorder").when(ADOPT).refusal is None
