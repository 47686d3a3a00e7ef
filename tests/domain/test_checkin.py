"""Check-ins of organisations and members to communities (三(五)3)."""

from datetime import timedelta
from typing import Any

import pytest

from domain.checkin.events import (
    FeedbackSent,
    OpinionAsked,
    OpinionGiven,
    ParticipantCheckedIn,
    ParticipantCheckedOut,
    PledgeFulfilled,
    PledgeMade,
    ServiceGiven,
)
from domain.checkin.opinion import AskOpinion, GiveOpinion
from domain.checkin.presence import (
    AnnulCheckInEntry,
    CorrectCheckInEntry,
    RecordCheckIn,
    RecordCheckOut,
)
from domain.checkin.service import FulfilPledge, MakePledge, RecordService, SendFeedback
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.policy.calendar_periods import next_period, period_of, periods
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from tests.domain.given import POLICY, REGISTERED, Given, Outcome, abolished, day, given

C = "checkin:m"
ABOUT = POLICY.checkins.opinions[0].code
RECORD = RecordCheckIn(
    community="a",
    participant="member",
    unit="bureau",
    person="zhao",
    checked_in_on=day("2023-02-10"),
)
CHECKED_IN = ParticipantCheckedIn(**vars(RECORD))
PLEDGE = MakePledge(pledge="p1", content="每月一次义务宣讲", pledged_on=day("2023-02-20"))
SERVE = RecordService(pledge="p1", content="义务宣讲", served_on=day("2023-03-05"), hours=2)
FEEDBACK = SendFeedback(
    sent_on=day("2023-04-05"), period_from=day("2023-02-15"), content="积极参与"
)
ASK = AskOpinion(opinion="o1", about=ABOUT, subject="年度评优", asked_on=day("2023-12-01"))
GIVE = GiveOpinion(opinion="o1", given_on=day("2023-12-08"), stance="supports")


def checked_in(*commands: Command[Any]) -> Given:
    place = given(REGISTERED).at(C).with_(C, CHECKED_IN)
    for command in commands:
        by: Any = "reviewer" if isinstance(command, AskOpinion) else "recorder"
        place = place.after(C, command, by=by)
    return place


def ask(place: Given, command: Command[Any], **circumstances: Any) -> Outcome:
    return place.when(command, **{"by": "recorder", "jurisdiction": "d1", **circumstances})


def stated(command: Command[Any], kind: type[Event], **more: Any) -> Event:
    return kind(**{**vars(command), "community": "a", **more})


def test_a_member_checks_in_by_their_id_and_an_organisation_without_one() -> None:
    place = given(REGISTERED).at(C)
    organisation = RECORD.model_copy(update={"participant": "organisation", "person": None})

    ask(place, RECORD).then(CHECKED_IN)
    ask(place, organisation).then(ParticipantCheckedIn(**vars(organisation)))
    for wrong in ({"person": None}, {"participant": "organisation"}):
        ask(place, RECORD.model_copy(update=wrong)).refused("check-in.person-of-member-only")


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"checked_in_on": day("2017-01-01")}, "lifetime.not-begun"),
        ({"checked_in_on": day("2024-07-01")}, "day.not-come"),
    ],
)
def test_a_check_in_is_to_a_community_that_stands(wrong: dict[str, Any], part: str) -> None:
    ask(given(REGISTERED).at(C), RECORD.model_copy(update=wrong)).refused(part)


def test_only_whom_the_policy_names_records_check_ins() -> None:
    place = given(REGISTERED).at(C)

    place.when(RECORD, by="arbiter").refused("role.lacking", NotAuthorised)


def test_a_pledge_is_due_on_its_day_or_later() -> None:
    words = "deadline.before-begin"
    in_time = PLEDGE.model_copy(update={"due_on": PLEDGE.pledged_on})

    assert ask(checked_in(), in_time).refusal is None
    ask(checked_in(), PLEDGE.model_copy(update={"due_on": day("2023-02-19")})).refused(words)
    ask(checked_in(in_time), correct(2, due_on="2023-02-19")).refused(words)
    assert ask(checked_in(in_time), correct(2, due_on=None)).refusal is None


def test_a_corrected_day_is_as_near_as_any_and_written_as_one() -> None:
    in_time = PLEDGE.model_copy(update={"due_on": PLEDGE.pledged_on})
    for far in ("9999-12-31", "4024-06-30"):
        ask(checked_in(in_time), correct(2, due_on=far)).refused("day.implausible")
    for number in ("1719792000", "2024-06-30T00:00:00", 1719792000):
        ask(checked_in(in_time), correct(2, due_on=number)).refused("correction.value-malformed")


def test_what_was_due_too_early_before_that_was_refused_is_still_corrected() -> None:
    early = PledgeMade(community="a", **{**vars(PLEDGE), "due_on": day("2023-01-01")})
    place = checked_in().with_(C, early)

    assert ask(place, correct(2, content="每月一次宣讲")).refusal is None
    ask(place, correct(2, due_on="2023-01-02")).refused("deadline.before-begin")


def test_a_member_serves_for_no_more_hours_than_a_day_has() -> None:
    serve = SERVE.model_copy(update={"pledge": None, "hours": 20})
    more = serve.model_copy(update={"hours": 5})

    assert ask(checked_in(serve), more.model_copy(update={"hours": 4})).refusal is None
    ask(checked_in(serve), more).irregular("service.hours-exceed-day")
    ask(checked_in(serve), correct(2, hours=25)).irregular("service.hours-exceed-day")
    assert ask(checked_in(serve), correct(2, hours=24)).refusal is None

    organisation = RECORD.model_copy(update={"participant": "organisation", "person": None})
    place = given(REGISTERED).at(C).with_(C, ParticipantCheckedIn(**vars(organisation)))
    assert ask(place, serve.model_copy(update={"hours": 500})).refusal is None


def test_pledges_are_made_and_fulfilled_once() -> None:
    fulfil = FulfilPledge(pledge="p1", fulfilled_on=day("2023-12-01"), result="宣讲十次")

    ask(checked_in(), PLEDGE).then(stated(PLEDGE, PledgeMade))
    ask(checked_in(PLEDGE), fulfil).then(stated(fulfil, PledgeFulfilled))
    ask(checked_in(PLEDGE, fulfil), fulfil).refused("matter.wrong-status")
    ask(checked_in(), fulfil).refused("matter.not-on-record", NotOnRecord)


FULFIL = FulfilPledge(pledge="p1", fulfilled_on=day("2023-03-05"), result="宣讲一次")


@pytest.mark.parametrize(
    ("done", "command", "on"),
    [
        ((), PLEDGE, "2023-02-20"),
        ((PLEDGE,), SERVE, "2023-03-05"),
        ((PLEDGE,), FULFIL, "2023-03-05"),
        ((), ASK, "2023-12-01"),
    ],
)
def test_what_is_pledged_done_and_asked_is_so_in_a_community_that_stands(
    done: tuple[Command[Any], ...], command: Command[Any], on: str
) -> None:
    at, eve = checked_in(*done), day(on) + timedelta(days=1)
    by: Any = "reviewer" if command is ASK else "recorder"

    assert ask(at.with_("community:a", abolished(str(eve))), command, by=by).refusal is None
    gone = at.with_("community:a", abolished(on))
    ask(gone, command, by=by).refused("lifetime.ended")


def test_whoever_checked_in_to_a_community_that_is_gone_checks_out() -> None:
    at = checked_in(PLEDGE).with_("community:a", abolished("2023-04-01"))
    out = RecordCheckOut(checked_out_on=day("2023-04-10"), reason="社区撤销")

    for command in (out, FEEDBACK, correct(2, content="每季度一次义务宣讲")):
        assert ask(at, command).refusal is None
    ask(at, correct(2, pledged_on="2023-04-01")).refused("lifetime.ended")


def test_services_are_given_under_a_pledge_or_by_themselves() -> None:
    alone = SERVE.model_copy(update={"pledge": None})

    ask(checked_in(PLEDGE), SERVE).then(stated(SERVE, ServiceGiven))
    ask(checked_in(), alone).then(stated(alone, ServiceGiven))
    ask(checked_in(), SERVE).refused("matter.not-on-record", NotOnRecord)


def test_the_work_unit_hears_once_in_every_quarter() -> None:
    first = day("2023-01-01")

    ask(checked_in(), FEEDBACK).then(stated(FEEDBACK, FeedbackSent, period_from=first))
    ask(checked_in(FEEDBACK), FEEDBACK).refused("statement.repeated")
    twice = FEEDBACK.model_copy(update={"content": "另有补充"})
    ask(checked_in(FEEDBACK), twice).irregular("feedback.already-sent")
    second = FEEDBACK.model_copy(update={"period_from": day("2023-04-01")})
    ask(checked_in(FEEDBACK), second).then(
        stated(second, FeedbackSent, period_from=day("2023-04-01"))
    )


def test_feedback_is_of_a_quarter_that_has_begun_and_in_which_they_were_there() -> None:
    ahead = FEEDBACK.model_copy(update={"period_from": day("2023-07-01")})
    before = FEEDBACK.model_copy(update={"period_from": day("2022-12-31")})
    left = RecordCheckOut(checked_out_on=day("2023-05-01"), reason="调离")
    behind = SendFeedback(sent_on=day("2023-08-01"), period_from=day("2023-07-01"), content="无")

    ask(checked_in(), ahead).refused("feedback.period-not-begun")
    ask(checked_in(), before).refused("feedback.before-check-in")
    ask(checked_in(left), behind).refused("feedback.after-check-out")


def test_corrected_feedback_names_the_first_day_of_its_quarter() -> None:
    wrong = correct(2, period_from="2023-01-02")

    ask(checked_in(FEEDBACK), wrong).refused("feedback.not-first-day", first=day("2023-01-01"))


def test_the_communitys_opinion_is_asked_and_given_by_two_people() -> None:
    asked = stated(ASK, OpinionAsked, asked_by="chen", due_on=day("2023-12-11"))
    ask(checked_in(), ASK, by="reviewer", person="chen").then(asked)
    ask(checked_in(), ASK).refused("role.lacking", NotAuthorised)
    place = checked_in(ASK)
    ask(place, GIVE, person="wang").then(stated(GIVE, OpinionGiven))
    ask(place, GIVE, person="li").refused("opinion.giver-asked", NotAuthorised)
    ask(place, GIVE, by="reviewer", person="wang").refused("role.lacking", NotAuthorised)
    ask(checked_in(), GIVE).refused("matter.not-on-record", NotOnRecord)
    unknown = ASK.model_copy(update={"about": "weather"})
    ask(checked_in(), unknown, by="reviewer").refused("policy.unknown-code")


def test_whoever_asked_does_not_answer_though_their_asking_was_annulled() -> None:
    place = checked_in(ASK, AnnulCheckInEntry(annuls=2, reason="误录"))
    place = place.after(C, ASK, by="reviewer", person="chen")

    ask(place, GIVE, person="li").refused("opinion.giver-asked", NotAuthorised)
    assert ask(place, GIVE, person="wang").refusal is None


def test_an_opinion_is_given_for_the_community_itself_or_what_it_lies_under() -> None:
    place = checked_in(ASK)

    for unit, jurisdiction in (("a", "c"), ("bureau", "a"), ("bureau", "s1"), ("bureau", "d1")):
        assert ask(place, GIVE, person="wang", unit=unit, jurisdiction=jurisdiction).refusal is None
    ask(place, GIVE, person="wang", jurisdiction="c").refused(
        "opinion.not-for-community", NotAuthorised
    )


def test_an_opinion_is_given_once() -> None:
    given_once = checked_in(ASK).after(C, GIVE, by="recorder", person="wang", jurisdiction="d1")

    ask(given_once, GIVE, person="wang").refused("matter.wrong-status")


def test_nothing_is_done_by_whoever_has_left() -> None:
    left = RecordCheckOut(checked_out_on=day("2023-06-01"), reason="调离")

    ask(checked_in(), left).then(stated(left, ParticipantCheckedOut))
    ask(checked_in(left), left).refused("check-in.ended")
    late = PLEDGE.model_copy(update={"pledged_on": day("2023-06-02")})
    ask(checked_in(left), late).refused("check-in.outside-stay")
    early = RecordCheckOut(checked_out_on=day("2023-02-15"), reason="误填")
    ask(checked_in(PLEDGE), early).refused("check-in.outside-stay")


def test_entries_are_corrected_and_annulled() -> None:
    place = checked_in(PLEDGE, SERVE)
    correct = CorrectCheckInEntry(corrects=3, changes={"hours": 3}, reason="漏计")

    assert ask(place, correct).state().of(ServiceGiven)[0].hours == 3
    wrong = CorrectCheckInEntry(corrects=3, changes={"hours": 0}, reason="漏计")
    ask(place, wrong).refused("correction.value-malformed")
    annul = AnnulCheckInEntry(annuls=2, reason="误录")
    ask(place, annul).refused("pledge.has-service")
    alone = ask(checked_in(), AnnulCheckInEntry(annuls=1, reason="误录"))
    assert alone.state().stated == ()


def correct(version: int, **changes: Any) -> CorrectCheckInEntry:
    return CorrectCheckInEntry(corrects=version, changes=changes, reason="误录")


def test_a_check_in_is_corrected_to_a_day_on_which_the_community_stands() -> None:
    assert ask(checked_in(), correct(1, checked_in_on="2023-02-09")).refusal is None
    ask(checked_in(), correct(1, checked_in_on="2017-12-31")).refused("lifetime.not-begun")


def test_an_opinion_is_due_by_the_day_on_which_it_was_asked_for() -> None:
    place = checked_in(ASK)

    (asked,) = ask(place, correct(2, asked_on="2023-12-03")).state().of(OpinionAsked)
    assert asked.due_on == day("2023-12-13")
    ask(place, correct(2, due_on="2030-01-01")).refused("correction.field-fixed")
    assert ask(place, correct(2, subject="评先")).state().of(OpinionAsked)[0].due_on == day(
        "2023-12-11"
    )


@pytest.mark.parametrize(
    ("span", "first", "following"),
    [
        ("month", "2023-11-01", "2023-12-01"),
        ("quarter", "2023-10-01", "2024-01-01"),
        ("half-year", "2023-07-01", "2024-01-01"),
        ("year", "2023-01-01", "2024-01-01"),
    ],
)
def test_a_day_lies_in_a_calendar_period(span: Any, first: str, following: str) -> None:
    assert period_of(day("2023-11-30"), span) == day(first)
    assert next_period(day(first), span) == day(following)
    assert list(periods(day("2023-11-30"), day(following), span)) == [day(first), day(following)]


def test_the_same_is_not_recorded_twice_while_the_first_stands() -> None:
    alone = SERVE.model_copy(update={"pledge": None})
    pledge = PLEDGE.model_copy(update={"pledge": None})
    opinion = ASK.model_copy(update={"opinion": None})
    place = checked_in(PLEDGE, SERVE, alone)
    place = place.after(C, ASK, by="reviewer", person="qian")

    ask(place, pledge).refused("statement.repeated")
    ask(place, SERVE).refused("statement.repeated")
    ask(place, alone).refused("statement.repeated")
    ask(place, opinion, by="reviewer", person="qian").refused("statement.repeated")
    another = SERVE.model_copy(update={"served_on": day("2023-03-06")})
    assert ask(place, another).refusal is None
    void = place.after(C, AnnulCheckInEntry(annuls=3, reason="误录"), by="recorder")
    assert ask(void, SERVE).refusal is None
