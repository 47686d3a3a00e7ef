"""Sessions of councils: convened, held, minuted, and what they resolve."""

from typing import Any

import pytest

from domain.council.events import (
    VERSIONS_MAX,
    AgendaSet,
    CouncilEntryAnnulled,
    MinutesAmended,
    MinutesRecorded,
    ResolutionAdopted,
    ResolutionAnnulled,
    SessionCancelled,
    SessionCorrected,
)
from domain.council.minutes import AdoptResolution, AmendMinutes, AnnulResolution
from domain.council.sessions import (
    CorrectSession,
    SetAgenda,
)
from domain.kernel.event import StreamEvent
from domain.kernel.ids import derive_id
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.task.completion import AnnulTaskStep
from domain.task.events import Assignment, TaskAssigned, TaskCancelled
from tests.domain.councils import (
    AGENDA,
    CANCEL,
    CONVENE,
    CONVENED,
    FOUNDED,
    HELD,
    HOLD,
    LEFT,
    OF,
    OPEN,
    RECORD,
    annul_entry,
    changed,
    council,
)
from tests.domain.given import abolished, day

MINUTES = MinutesRecorded(**OF, **vars(RECORD), held_on=HOLD.held_on)
AMEND = AmendMinutes(
    session="q1", amended_on=day("2023-03-20"), text="会议议定夜间停车共享。", reason="漏记时段"
)
AMENDED = MinutesAmended(**OF, **vars(AMEND), held_on=HOLD.held_on, number=2)
CANCELLED = SessionCancelled(**OF, **vars(CANCEL), scheduled_on=CONVENE.scheduled_on)
WORK = Assignment(
    title="划定夜间车位", unit="street-office", person="zhao", due_on=day("2023-05-01")
)
ADOPT = AdoptResolution(session="q1", text="学校操场夜间开放停车。", tasks=(WORK,))
WITH_MINUTES = (*OPEN, HELD, MINUTES)


def test_a_session_is_convened_with_the_policys_notice() -> None:
    council(FOUNDED).when(CONVENE).then(CONVENED)

    short = changed(CONVENE, scheduled_on=day("2023-03-03"))
    council(FOUNDED).when(short).irregular(
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
    council(FOUNDED, CONVENED).when(HOLD).irregular("session.without-agenda")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"present": ("school", "bank"), "excused": ("bank",)}, "session.member-named-twice"),
        ({"present": ("stranger",)}, "session.not-a-member"),
        ({"excused": ("stranger",)}, "session.not-a-member"),
        ({"held_on": day("2030-01-01")}, "day.not-come"),
    ],
)
def test_the_lists_name_members_of_that_day_once(fields: dict[str, Any], code: str) -> None:
    council(*OPEN).when(changed(HOLD, **fields)).refused(code)


def test_a_session_is_held_after_its_notice() -> None:
    council(*OPEN).when(changed(HOLD, held_on=day("2023-03-03"))).irregular(
        "session.notice-too-short"
    )


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
    council(*WITH_MINUTES).when(early).irregular("session.notice-too-short")


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


def test_an_observer_is_named_once() -> None:
    twice = changed(HOLD, observers=("街道办事处", "街道办事处"))
    council(*OPEN).when(twice).refused("session.observer-named-twice")


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
