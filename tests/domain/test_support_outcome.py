"""A support ends by a later round or early, and goes on where that was void."""

from typing import Any

import pytest

from domain.grading.annulment import AnnulRound
from domain.kernel.event import StreamEvent
from domain.kernel.timeline import DateSpan
from domain.review.events import ReviewWithdrawn
from domain.support.assignment import BeginSupport
from domain.support.events import (
    CommunityNotUpgraded,
    CommunityUpgraded,
    SupportBegun,
    SupportEnded,
    SupportEntryAnnulled,
    SupportReserved,
    SupportResumed,
)
from domain.support.outcome import ConcludeSupport, EndSupport
from domain.support.progress import AnnulSupportEntry, ReachMilestone, ReportSupport
from domain.support.succession import Succession
from domain.task.completion import AcceptTask, AnnulTaskStep
from domain.task.events import TaskCancelled, TaskStepAnnulled
from tests.domain.given import Given, day
from tests.domain.rounds import MIDDLE, ROUND, WORST, act, asked
from tests.domain.supports import (
    BEGIN,
    BY_PERSON,
    CONCLUDE,
    FIRST,
    KEYS,
    PLANNED,
    SECOND,
    TODAY,
    WITH_TASKS,
    S,
    begun,
    done,
    next_round,
    tasked,
)

REACH = ReachMilestone(milestone="m1", reached_on=day("2024-01-20"))


def test_a_better_grade_in_the_next_round_ends_the_support_as_an_upgrade() -> None:
    asked(next_round(70), S, CONCLUDE, today=TODAY).then(
        CommunityUpgraded(
            **KEYS,
            concluded_on=day("2025-10-09"),
            next_round="q",
            grade_before=WORST,
            grade=MIDDLE,
        )
    )


def test_without_an_upgrade_it_must_be_said_what_follows() -> None:
    stands = next_round(20)
    asked(stands, S, CONCLUDE, today=TODAY).refused("support.no-consequence")
    said = CONCLUDE.model_copy(update={"consequence": "约谈并继续帮扶"})
    asked(stands, S, said, today=TODAY).then(
        CommunityNotUpgraded(
            **KEYS,
            concluded_on=day("2025-10-09"),
            next_round="q",
            grade_before=WORST,
            grade=WORST,
            consequence="约谈并继续帮扶",
        )
    )
    again = act(stands, S, said, today=TODAY)
    begin = BeginSupport(effective_from=day("2025-10-10"))
    assert asked(again, "support:q.b", begin, today=TODAY).refusal is None


@pytest.mark.parametrize(
    ("command", "part"),
    [
        (CONCLUDE.model_copy(update={"next_round": "r"}), "support.no-later-results"),
        (CONCLUDE.model_copy(update={"next_round": "zz"}), "support.no-later-results"),
        (
            CONCLUDE.model_copy(update={"concluded_on": day("2025-09-30")}),
            "support.concluded-before-results",
        ),
    ],
)
def test_a_support_is_concluded_by_a_later_published_round(
    command: ConcludeSupport, part: str
) -> None:
    asked(next_round(70), S, command, today=TODAY).refused(part)


def test_a_support_is_not_concluded_by_a_round_that_its_community_left() -> None:
    left = ReviewWithdrawn(
        round="q", community="b", withdrawn_on=day("2025-10-03"), reason="社区撤并"
    )
    stands = next_round(70).with_("review:q.b", left)

    asked(stands, S, CONCLUDE, today=TODAY).refused("support.no-grade-in-next-round")


def test_a_support_ends_early_with_a_reason_and_takes_nothing_more() -> None:
    end = EndSupport(ended_on=day("2024-02-01"), reason="社区已撤并")
    asked(begun(), S, end).then(SupportEnded(**KEYS, **vars(end)))
    early = end.model_copy(update={"ended_on": day("2023-10-01")})
    asked(begun(), S, early).refused("support.before-beginning")
    stands = act(begun(), S, end)
    for command in (BY_PERSON, PLANNED, end, AnnulSupportEntry(annuls=1, reason="误录")):
        asked(stands, S, command).refused("support.over")
    asked(stands, S, BEGIN).refused("support.begun-and-ended")


def test_a_support_does_not_end_before_what_was_done_in_it() -> None:
    stands = act(begun(), S, PLANNED)
    reach = ReachMilestone(milestone="m1", reached_on=day("2024-03-10"))
    report = ReportSupport(reported_on=day("2024-04-01"), progress="议事会已开两次")
    stands = act(act(stands, S, reach, by="reviewer"), S, report, by="reviewer")
    end = EndSupport(ended_on=day("2024-02-10"), reason="社区已撤并")
    asked(begun(), S, end.model_copy(update={"ended_on": day("2023-10-20")})).state()

    asked(stands, S, end).refused("support.ends-before-entry")
    asked(stands, S, end.model_copy(update={"ended_on": day("2024-04-01")})).state()
    annul = AnnulRound(annulled_on=end.ended_on, reason="程序违规")
    asked(stands, ROUND, annul).refused("support.ends-before-entry")
    late = ReportSupport(reported_on=day("2025-10-20"), progress="议事会照常召开")
    known = next_round(70).after(S, late, by="reviewer", jurisdiction="c", today=TODAY)
    asked(known, S, CONCLUDE, today=TODAY).refused("support.ends-before-entry")
    # What was recorded wrongly does not count.
    for version in (4, 3):
        stands = act(stands, S, AnnulSupportEntry(annuls=version, reason="误录"))
    asked(stands, S, end).state()


def test_the_end_of_a_support_cancels_its_open_tasks_for_the_same_reason() -> None:
    end = EndSupport(ended_on=day("2024-02-01"), reason="社区已撤并")
    asked(done(tasked(), FIRST), S, end).then(
        SupportEnded(**KEYS, **vars(end), cancelled=(SECOND,)),
        StreamEvent(
            f"task:{SECOND}",
            TaskCancelled(
                title="选址", community="b", cancelled_on=end.ended_on, reason=end.reason
            ),
        ),
    )


def test_a_task_on_which_a_milestone_or_the_end_rests_is_not_opened_again() -> None:
    stands = done(tasked(), FIRST)
    undo = AnnulTaskStep(annuls=4, reason="误录")
    assert asked(stands, f"task:{FIRST}", undo).refusal is None
    reached = act(stands, S, REACH, by="reviewer")
    asked(reached, f"task:{FIRST}", undo).refused("support.task-of-milestone-reached")

    ended = act(tasked(), S, EndSupport(ended_on=day("2024-02-01"), reason="社区已撤并"))
    back = AnnulTaskStep(annuls=2, reason="误录")
    asked(ended, f"task:{FIRST}", back).refused("support.task-not-reopened")


def test_the_tasks_that_ended_with_a_support_go_on_with_it() -> None:
    stands = done(tasked(), FIRST)
    ended = act(stands, S, EndSupport(ended_on=day("2024-02-01"), reason="社区已撤并"))
    annul = AnnulSupportEntry(annuls=5, reason="社区并未撤并")

    outcome = asked(ended, S, annul)

    back = TaskStepAnnulled(title="选址", community="b", annuls=2, reason=annul.reason)
    outcome.then(SupportEntryAnnulled(**KEYS, **vars(annul)), StreamEvent(f"task:{SECOND}", back))
    again = act(ended, S, annul)
    accept = AcceptTask(accepted_on=day("2024-03-01"))
    assert asked(again, f"task:{SECOND}", accept, by="recorder", person="wang").refusal is None
    asked(again, f"task:{FIRST}", accept, by="recorder", person="wang").refused("task.wrong-status")
    # Whatever ends it next takes them along anew, and gives back only those.
    twice = act(again, S, EndSupport(ended_on=day("2024-04-01"), reason="社区已撤并"))
    assert asked(twice, S, AnnulSupportEntry(annuls=7, reason="误录")).events[1:] == (
        StreamEvent(f"task:{SECOND}", back.model_copy(update={"annuls": 4, "reason": "误录"})),
    )


def test_an_end_that_was_recorded_wrongly_is_annulled_and_the_support_goes_on() -> None:
    ended = act(begun(), S, EndSupport(ended_on=day("2024-02-01"), reason="社区已撤并"))
    annul = AnnulSupportEntry(annuls=2, reason="社区并未撤并")
    asked(ended, S, annul).then(SupportEntryAnnulled(**KEYS, **vars(annul)))
    again = act(ended, S, annul)
    assert asked(again, S, BY_PERSON).refusal is None
    asked(again, S, annul).refused("support.entry-annulled")
    command = AnnulRound(annulled_on=day("2024-02-01"), reason="程序违规")
    asked(act(begun(), ROUND, command), S, annul).refused("round.not-in-phase")


def test_open_tasks_are_cancelled_with_a_conclusion_only_if_it_says_why() -> None:
    stands = next_round(70)
    stands = stands.after(S, WITH_TASKS, by="arbiter", person="arb", jurisdiction="c")
    asked(stands, S, CONCLUDE, today=TODAY).refused("support.tasks-open-without-reason")
    said = CONCLUDE.model_copy(update={"consequence": "已晋升，余下任务转为日常工作"})
    events = asked(stands, S, said, today=TODAY).events
    cancelled = [e.event for e in events if isinstance(e, StreamEvent)]
    assert [type(e) for e in cancelled] == [TaskCancelled, TaskCancelled]
    assert isinstance(events[0], CommunityUpgraded)
    assert events[0].cancelled == (FIRST, SECOND)

    over = act(stands, S, said, today=TODAY)
    annul = AnnulRound(annulled_on=day("2025-11-01"), reason="程序违规")
    back = asked(over, "round:q", annul, today=TODAY).events
    tasks = [e.event for e in back if isinstance(e, StreamEvent) and e.stream[:4] == "task"]
    assert [type(e) for e in tasks] == [TaskStepAnnulled, TaskStepAnnulled]


def test_a_support_under_an_annulled_round_ends_with_its_open_tasks() -> None:
    command = AnnulRound(annulled_on=day("2024-02-01"), reason="程序违规")

    events = asked(done(tasked(), FIRST), ROUND, command).events

    stated = {"reason": "程序违规"}
    on_supports = [
        e for e in events if isinstance(e, StreamEvent) and e.stream[:4] in ("supp", "task")
    ]
    assert on_supports == [
        StreamEvent(
            S, SupportEnded(**KEYS, ended_on=day("2024-02-01"), cancelled=(SECOND,), **stated)
        ),
        StreamEvent(
            f"task:{SECOND}",
            TaskCancelled(title="选址", community="b", cancelled_on=day("2024-02-01"), **stated),
        ),
    ]
    early = command.model_copy(update={"annulled_on": day("2023-10-19")})
    asked(tasked(), ROUND, early).refused("support.before-beginning")
    over = act(begun(), S, EndSupport(ended_on=day("2023-12-01"), reason="社区已撤并"))
    assert S not in [
        e.stream for e in asked(over, ROUND, command).events if isinstance(e, StreamEvent)
    ]


def test_a_support_that_an_annulled_round_concluded_goes_on() -> None:
    stands = act(next_round(70), S, CONCLUDE, today=TODAY)
    command = AnnulRound(annulled_on=day("2025-11-01"), reason="程序违规")

    outcome = asked(stands, "round:q", command, today=TODAY)

    concluded = outcome.state(S)
    assert (
        StreamEvent(S, SupportEntryAnnulled(**KEYS, annuls=2, reason="程序违规")) in outcome.events
    )
    assert (concluded.ended_on, concluded.concluded_by) == (None, None)
    void = AnnulRound(annulled_on=day("2025-10-20"), reason="程序违规")
    alone = asked(act(stands, ROUND, void, today=TODAY), "round:q", command, today=TODAY)
    # The round that it rests on is void, too.
    assert S not in [e.stream for e in alone.events if isinstance(e, StreamEvent)]
    untouched = asked(next_round(70), "round:q", command, today=TODAY)
    assert S not in [e.stream for e in untouched.events if isinstance(e, StreamEvent)]


REPORT = ReportSupport(reported_on=day("2025-12-01"), progress="议事会照常召开")
NOT_UPGRADED = CONCLUDE.model_copy(update={"consequence": "转为重点帮扶"})
AGAIN = "support:q.b"
BEGUN_AGAIN = BeginSupport(effective_from=day("2025-10-10"))
ANNUL_LATER = AnnulRound(annulled_on=day("2025-11-20"), reason="程序违规")


def supported_again() -> Given:
    """`b`, not upgraded by the round `q`, is supported under it."""
    concluded = act(next_round(20), S, NOT_UPGRADED, today=TODAY)
    return act(concluded, AGAIN, BEGUN_AGAIN, today=TODAY)


def test_a_support_goes_on_when_the_one_that_stood_between_ends_with_its_annulled_round() -> None:
    stands = supported_again()

    outcome = asked(stands, "round:q", ANNUL_LATER, today=TODAY)

    keys: dict[str, Any] = {"community": "b", "reason": "程序违规"}
    on = ANNUL_LATER.annulled_on
    assert [e for e in outcome.events if isinstance(e, StreamEvent) and e.stream[:4] == "supp"] == [
        StreamEvent(AGAIN, SupportEnded(**keys, round="q", ended_on=on)),
        StreamEvent(S, SupportResumed(**keys, round="r", resumed_on=on)),
    ]
    between = DateSpan(day("2025-10-10"), on)
    assert outcome.state(AGAIN).spans() == [between]
    assert outcome.state(S).spans() == [
        DateSpan(day("2023-10-20"), day("2025-10-09")),
        DateSpan(on, None),
    ]
    again = act(stands, "round:q", ANNUL_LATER, today=TODAY)
    then = REPORT.model_copy(update={"reported_on": day("2025-11-01")})
    asked(again, S, then, by="reviewer", today=TODAY).refused("support.paused")
    early = EndSupport(ended_on=day("2025-11-01"), reason="社区已撤并")
    asked(again, S, early, today=TODAY).refused("support.ends-before-entry")


def test_what_was_recorded_wrongly_is_annulled_whatever_support_stood_between() -> None:
    stands = act(supported_again(), "round:q", ANNUL_LATER, today=TODAY)
    stands = act(stands, S, REPORT, by="reviewer", today=TODAY)
    annul = AnnulSupportEntry(annuls=4, reason="误录")
    asked(stands, S, annul, today=TODAY).then(SupportEntryAnnulled(**KEYS, **vars(annul)))

    # Only days that another one has cannot come back.
    undo = AnnulSupportEntry(annuls=2, reason="误录")
    asked(supported_again(), S, undo, today=TODAY).refused("support.one-at-a-time")


def test_a_support_that_goes_on_does_so_when_the_one_that_stood_between_is_over() -> None:
    ended = EndSupport(ended_on=day("2025-11-25"), reason="误认对象")
    stands = act(supported_again(), AGAIN, ended, today=TODAY)

    outcome = asked(stands, "round:q", ANNUL_LATER, today=TODAY)

    assert outcome.state(S).spans()[1] == DateSpan(day("2025-11-25"), None)


def test_a_support_stays_concluded_while_another_one_goes_on() -> None:
    concluded = act(next_round(20), S, NOT_UPGRADED, today=TODAY)
    other = SupportBegun(community="b", round="s", effective_from=day("2025-10-20"), grade=WORST)
    reserved = SupportReserved(support="s.b", community="b")
    (stream,) = Succession("b").streams()
    stands = concluded.with_("support:s.b", other).with_(stream, reserved)

    events = asked(stands, "round:q", ANNUL_LATER, today=TODAY).events

    assert not [e for e in events if isinstance(e, StreamEvent) and e.stream[:4] == "supp"]
