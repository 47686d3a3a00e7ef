"""Projects of partners, and how their entries are corrected and annulled."""

from datetime import date
from typing import Any

import pytest

from domain.kernel.command import Command
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.partnership.events import (
    NeedStated,
    ProjectClaimed,
    ProjectDelivered,
    ProjectEvaluated,
    ProjectListed,
)
from domain.partnership.exchange import (
    AppraisePartner,
    CloseNeed,
    GiveFeedback,
)
from domain.partnership.project import (
    DropProject,
    EvaluateProject,
    ReleaseProject,
)
from tests.domain.given import POLICY, Given, day
from tests.domain.partnerships import (
    CLAIM,
    DELIVER,
    LIST,
    NEED,
    RATING,
    P,
    annul,
    ask,
    correct,
    partnership,
    stated,
)

EVALUATE = EvaluateProject(project="x", evaluated_on=day("2023-08-20"), rating=RATING)


def test_a_project_is_listed_claimed_delivered_and_evaluated_by_another() -> None:
    place = partnership(NEED)
    ask(place, LIST).then(stated(LIST, ProjectListed))
    place = partnership(NEED, LIST)
    ask(place, CLAIM).then(stated(CLAIM, ProjectClaimed, claimed_by="li"))
    place = partnership(NEED, LIST, CLAIM)
    ask(place, DELIVER).then(stated(DELIVER, ProjectDelivered, delivered_by="li"))
    place = partnership(NEED, LIST, CLAIM, DELIVER)
    ask(place, EVALUATE, person="wang").then(stated(EVALUATE, ProjectEvaluated))
    for doer in ("li", "zhao"):
        ask(place, EVALUATE, person=doer).refused("project.evaluator-took-part", NotAuthorised)


@pytest.mark.parametrize(
    ("before", "command", "part"),
    [
        ((NEED, LIST), DELIVER, "matter.wrong-status"),
        ((NEED, LIST), EVALUATE, "matter.wrong-status"),
        (
            (NEED, LIST),
            ReleaseProject(project="x", released_on=day("2023-05-01"), reason="力量不足"),
            "matter.wrong-status",
        ),
        ((NEED, LIST, CLAIM), CLAIM, "matter.wrong-status"),
        (
            (NEED, LIST, CLAIM, DELIVER),
            DropProject(project="x", dropped_on=day("2023-09-01"), reason="无"),
            "matter.wrong-status",
        ),
    ],
)
def test_no_step_of_a_project_is_skipped_or_repeated(
    before: tuple[Command[Any], ...], command: Command[Any], part: str
) -> None:
    ask(partnership(*before), command, person="wang").refused(part)


def test_a_project_that_was_given_up_can_be_claimed_again() -> None:
    release = ReleaseProject(project="x", released_on=day("2023-05-01"), reason="力量不足")
    again = CLAIM.model_copy(update={"claimed_on": day("2023-05-02"), "by": "community"})

    ask(partnership(NEED, LIST, CLAIM, release), again).then(
        stated(again, ProjectClaimed, claimed_by="li")
    )


def test_a_step_is_not_before_the_one_before_it_nor_ahead() -> None:
    early = DELIVER.model_copy(update={"delivered_on": day("2023-04-11")})
    late = DELIVER.model_copy(update={"delivered_on": day("2024-07-01")})

    ask(partnership(NEED, LIST, CLAIM), early).refused("step.before-previous")
    ask(partnership(NEED, LIST, CLAIM), late).refused("day.not-come")


def test_a_project_answers_an_open_need() -> None:
    ask(partnership(), LIST).refused("matter.not-on-record", NotOnRecord)
    close = CloseNeed(need="n1", closed_on=day("2023-04-05"), met=False, result="不再需要")
    ask(partnership(NEED, close), LIST).refused("matter.wrong-status")


def test_a_corrected_entry_reads_as_it_should_have_and_the_correction_can_be_annulled() -> None:
    place = partnership(NEED, correct(2, description="缺儿童活动场地", stated_on="2023-04-02"))

    state = ask(place, GiveFeedback(by="unit", given_on=day("2024-01-01"), content="好")).state()
    need = state.of(NeedStated)[0]
    assert (need.description, need.stated_on) == ("缺儿童活动场地", date(2023, 4, 2))
    back = ask(place, annul(3)).state()
    assert back.of(NeedStated)[0] == stated(NEED, NeedStated)
    ask(place, annul(2)).refused("entry.already-corrected")


@pytest.mark.parametrize(
    ("command", "part"),
    [
        (correct(2, description="缺活动场地"), "correction.without-change"),
        (correct(2, need="n7"), "correction.field-fixed"),
        (correct(4, claimed_by="qian"), "correction.field-fixed"),
        (correct(4, claimed_by="wang"), "correction.field-fixed"),
        (correct(1, effective_from="2017-12-31"), "lifetime.not-begun"),
        (correct(2, colour="red"), "correction.field-fixed"),
        (correct(2, stated_on="yesterday"), "correction.value-malformed"),
        (correct(2, stated_on="2030-01-01"), "day.not-come"),
        (correct(2, stated_on="2024-03-02"), "agreement.not-holding"),
        (correct(3, listed_on="2023-05-01"), "step.before-previous"),
        (correct(1, effective_until="2023-04-05"), "agreement.not-holding"),
    ],
)
def test_a_correction_keeps_every_rule(command: Command[Any], part: str) -> None:
    ask(partnership(NEED, LIST, CLAIM), command).refused(part)


def test_an_agreement_may_be_corrected_to_a_day_on_which_its_place_stands() -> None:
    early = correct(1, effective_from="2018-01-01", signed_on="2018-01-01")

    assert ask(partnership(), early).state().opening.effective_from == date(2018, 1, 1)


def test_whoever_recorded_the_claim_does_not_evaluate_the_project_either() -> None:
    place = partnership(NEED, LIST).after(P, CLAIM, by="recorder", person="chen")
    place = place.after(P, DELIVER, by="recorder", person="sun")

    ask(place, EVALUATE, person="chen").refused("project.evaluator-took-part", NotAuthorised)
    assert ask(place, EVALUATE, person="wang").refusal is None


def test_whoever_did_what_was_annulled_does_not_evaluate_the_project_either() -> None:
    def did(place: Given, person: str) -> Given:
        for command in (CLAIM, DELIVER):
            place = place.after(P, command, by="recorder", person=person)
        return place

    void = did(partnership(NEED, LIST), "chen")
    for version in (5, 4):
        void = void.after(P, annul(version), by="recorder", person="chen")
    place = did(void, "sun")

    ask(place, EVALUATE, person="chen").refused("project.evaluator-took-part", NotAuthorised)
    ask(place, EVALUATE, person="sun").refused("project.evaluator-took-part", NotAuthorised)
    assert ask(place, EVALUATE, person="wang").refusal is None


def test_what_a_correction_leaves_alone_is_not_judged_by_a_later_policy() -> None:
    appraise = AppraisePartner(by="unit", appraised_on=day("2023-12-01"), rating=RATING)
    part = POLICY.partnerships
    fewer = part.model_copy(update={"ratings": part.ratings[1:]})
    later = POLICY.model_copy(update={"partnerships": fewer})
    place = partnership(appraise)

    assert ask(place, correct(2, comment="有力"), policy=later).refusal is None
    again = correct(2, rating=part.ratings[1].code)
    assert ask(place, again, policy=later).refusal is None
    moved = place.after(P, again, by="recorder")
    ask(moved, correct(3, rating=RATING), policy=later).refused("policy.unknown-code")


def test_a_corrected_appraisal_still_comes_once_a_year() -> None:
    first = AppraisePartner(by="unit", appraised_on=day("2023-12-01"), rating=RATING)
    second = first.model_copy(update={"appraised_on": day("2024-01-05")})
    place = partnership(first, second)

    ask(place, correct(3, appraised_on="2024-02-01")).state()
    ask(place, correct(3, appraised_on="2023-12-31")).irregular("partner.already-appraised")


def test_an_entry_is_annulled_with_what_rests_on_it_first() -> None:
    place = partnership(NEED, LIST, CLAIM)

    ask(place, annul(3)).refused("annulment.rested-on", entry=3, resting=4)
    ask(place, annul(2)).refused("need.has-project")
    ask(place, annul(1)).refused("annulment.rested-on", entry=1, resting=4)
    assert ask(place, annul(4)).state().stage("project:x") == "listed"
    ask(place, annul(9)).refused("entry.not-on-record", NotOnRecord)
    ask(partnership(NEED, annul(2)), annul(2)).refused("entry.void")
    ask(partnership(annul(1)), NEED).refused("subject.first-entry-annulled")


def test_a_project_that_was_given_up_is_claimed_again_on_the_same_day() -> None:
    release = ReleaseProject(project="x", released_on=CLAIM.claimed_on, reason="误领")

    assert ask(partnership(NEED, LIST, CLAIM, release), CLAIM).refusal is None


def test_a_correction_into_what_another_entry_says_is_refused() -> None:
    other = NEED.model_copy(update={"need": "n2", "description": "缺停车位"})
    place = partnership(NEED, other)

    ask(place, correct(3, description="缺活动场地")).refused("statement.repeated")
    assert ask(place, correct(3, description="缺阅览室")).refusal is None
