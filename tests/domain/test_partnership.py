"""Partnerships of communities with resident units (三(五)1 and 2)."""

from datetime import timedelta
from typing import Any

import pytest

from domain.jurisdiction.events import JurisdictionDissolved
from domain.kernel.command import Command
from domain.kernel.refusal import NotAuthorised, NotOnRecord, Refused
from domain.kernel.staged_subject import ENTRIES_MAX
from domain.kernel.timeline import DateSpan
from domain.partnership.agreement import (
    CorrectPartnershipEntry,
    EndAgreement,
    RenewAgreement,
)
from domain.partnership.events import (
    AgreementEnded,
    AgreementRenewed,
    AgreementSigned,
    FacilityClosed,
    FacilityOpened,
    FeedbackGiven,
    NeedStated,
    PartnerAppraised,
    ResourceOffered,
)
from domain.partnership.exchange import (
    AppraisePartner,
    CloseFacility,
    CloseNeed,
    GiveFeedback,
    OfferResource,
    OpenFacility,
    WithdrawResource,
)
from tests.domain.given import POLICY, REGISTERED, abolished, day, given
from tests.domain.partnerships import (
    CLAIM,
    DELIVER,
    LIST,
    NEED,
    RATING,
    SIGN,
    SIGNED,
    P,
    annul,
    ask,
    correct,
    partnership,
    stated,
)

FACILITY = POLICY.partnerships.facilities[0].code


def test_a_community_and_a_unit_sign_an_agreement() -> None:
    ask(given(REGISTERED).at(P), SIGN).then(SIGNED)


def test_a_subdistrict_signs_for_its_communities() -> None:
    command = SIGN.model_copy(update={"community": None, "subdistrict": "s1"})

    ask(given(REGISTERED).at(P), command).then(AgreementSigned(**vars(command)))
    for place, part in (
        ("d1", "jurisdiction.not-for-communities"),
        ("s9", "subject.not-on-record"),
    ):
        wrong = command.model_copy(update={"subdistrict": place})
        kind = NotOnRecord if place == "s9" else Refused
        ask(given(REGISTERED).at(P), wrong).refused(part, kind)


@pytest.mark.parametrize("places", [{"community": None}, {"subdistrict": "s1"}])
def test_an_agreement_is_one_communitys_or_one_subdistricts(places: dict[str, Any]) -> None:
    ask(given(REGISTERED).at(P), SIGN.model_copy(update=places)).refused(
        "agreement.not-of-one-place"
    )


def test_an_agreement_is_signed_once_under_its_id() -> None:
    ask(partnership(), SIGN).refused("subject.already-on-record")


def test_a_partnership_has_a_limited_number_of_entries() -> None:
    feedback = FeedbackGiven(community="a", by="unit", given_on=day("2023-05-01"), content="好")
    place = given(REGISTERED).at(P).with_(P, SIGNED, *[feedback] * (ENTRIES_MAX - 1))

    ask(place, NEED).refused("subject.full", entries_max=ENTRIES_MAX)


def test_only_whom_the_policy_names_records_what_partners_do() -> None:
    given(REGISTERED).at(P).when(SIGN, by="auditor").refused("role.lacking", NotAuthorised)


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"signed_on": day("2024-07-01")}, "day.not-come"),
        ({"effective_until": day("2023-03-01")}, "period.empty"),
        ({"effective_from": day("2017-01-01")}, "lifetime.not-begun"),
    ],
)
def test_an_agreement_has_a_sound_unit_and_days(wrong: dict[str, Any], part: str) -> None:
    ask(given(REGISTERED).at(P), SIGN.model_copy(update=wrong)).refused(part)


def test_an_agreement_is_renewed_from_its_end_on_or_later() -> None:
    renew = RenewAgreement(
        signed_on=day("2024-02-01"),
        effective_from=day("2024-03-01"),
        effective_until=day("2025-03-01"),
    )
    outcome = ask(partnership(), renew)

    outcome.then(stated(renew, AgreementRenewed))
    assert outcome.state().spans() == [
        DateSpan(day("2023-03-01"), day("2024-03-01")),
        DateSpan(day("2024-03-01"), day("2025-03-01")),
    ]
    early = renew.model_copy(update={"effective_from": day("2024-02-01")})
    ask(partnership(), early).refused("agreement.renewed-before-end")


def test_an_agreement_ends_before_its_time_and_nothing_happens_under_it_after() -> None:
    end = EndAgreement(effective_until=day("2023-12-01"), reason="单位搬迁")
    outcome = ask(partnership(), end)

    outcome.then(stated(end, AgreementEnded))
    assert outcome.state().spans() == [DateSpan(day("2023-03-01"), day("2023-12-01"))]
    late = NEED.model_copy(update={"stated_on": day("2023-12-01")})
    ask(partnership(end), late).refused("agreement.not-holding")
    again = EndAgreement(effective_until=day("2023-12-05"), reason="重复")
    ask(partnership(end), again).refused("agreement.not-holding")


def test_an_agreement_ends_early_on_a_day_on_which_it_holds_also_once_that_is_corrected() -> None:
    end = EndAgreement(effective_until=day("2023-12-01"), reason="单位搬迁")

    def correct(version: int, until: str) -> CorrectPartnershipEntry:
        changes: Any = {"effective_until": until}
        return CorrectPartnershipEntry(corrects=version, changes=changes, reason="日期录错")

    ended = partnership(end)
    assert ask(ended, correct(2, "2024-02-29")).refusal is None
    ask(ended, correct(2, "2024-03-01")).refused("agreement.not-holding")
    ask(ended, correct(2, "2030-01-01")).refused("agreement.not-holding")
    ask(ended, correct(1, "2023-11-30")).refused("agreement.not-holding")


OFFER = OfferResource(resource="r", by="unit", description="法律咨询", offered_on=day("2023-04-20"))
OPEN = OpenFacility(
    facility="f", facility_kind=FACILITY, name="体育馆", effective_from=day("2023-04-20")
)
RENEW = RenewAgreement(signed_on=day("2023-04-01"), effective_from=day("2024-03-01"))


@pytest.mark.parametrize(
    ("done", "command", "on"),
    [
        ((), NEED, "2023-04-01"),
        ((), OFFER, "2023-04-20"),
        ((), OPEN, "2023-04-20"),
        ((NEED,), LIST, "2023-04-10"),
        ((NEED, LIST), CLAIM, "2023-04-20"),
        ((), RENEW, "2024-03-01"),
    ],
)
def test_partners_begin_something_while_the_community_stands(
    done: tuple[Command[Any], ...], command: Command[Any], on: str
) -> None:
    at, eve = partnership(*done), day(on) + timedelta(days=1)

    assert ask(at.with_("community:a", abolished(str(eve))), command).refusal is None
    ask(at.with_("community:a", abolished(on)), command).refused("lifetime.ended")


def test_a_subdistricts_partners_begin_something_while_it_stands() -> None:
    signed = SIGNED.model_copy(update={"community": None, "subdistrict": "s1"})
    at = given(REGISTERED).at(P).with_(P, signed)
    gone = JurisdictionDissolved(effective_from=day("2023-04-01"), reason="撤并")

    assert ask(at, NEED).refusal is None
    ask(at.with_("jurisdiction:s1", gone), NEED).refused("lifetime.ended")


def test_what_partners_of_a_community_that_is_gone_began_is_wound_up() -> None:
    at = partnership(NEED, LIST, CLAIM).with_("community:a", abolished("2023-05-01"))
    close = CloseNeed(need="n1", closed_on=day("2023-05-02"), met=False, result="社区撤销")
    end = EndAgreement(effective_until=day("2023-05-01"), reason="社区撤销")

    for command in (close, DELIVER, end, correct(2, description="缺室内活动场地")):
        assert ask(at, command).refusal is None
    ask(at, correct(2, stated_on="2023-05-01")).refused("lifetime.ended")


def test_an_agreement_does_not_end_before_what_was_done_under_it() -> None:
    end = EndAgreement(effective_until=day("2023-03-15"), reason="误填")

    ask(partnership(NEED), end).refused("agreement.not-holding")


def test_needs_go_both_ways_and_are_closed_once() -> None:
    of_unit = NEED.model_copy(update={"need": "n2", "by": "unit"})
    close = CloseNeed(need="n2", closed_on=day("2023-05-01"), met=True, result="已协调停车位")

    ask(partnership(NEED), of_unit).then(stated(of_unit, NeedStated))
    place = partnership(NEED, of_unit, close)
    ask(place, close).refused("matter.wrong-status")
    ask(place, close.model_copy(update={"need": "n9"})).refused("matter.not-on-record", NotOnRecord)
    ask(place, NEED).refused("matter.already-on-record")


def test_a_need_without_an_id_is_given_one() -> None:
    outcome = ask(partnership(), NEED.model_copy(update={"need": None}))

    (event,) = outcome.events
    assert isinstance(event, NeedStated)
    assert len(event.need) == 16


def test_resources_are_offered_and_withdrawn() -> None:
    offer = OfferResource(
        resource="r", by="unit", description="法律咨询", offered_on=day("2023-04-01")
    )
    withdraw = WithdrawResource(resource="r", withdrawn_on=day("2023-06-01"), reason="人员调离")

    ask(partnership(), offer).then(stated(offer, ResourceOffered))
    ask(partnership(offer, withdraw), withdraw).refused("matter.wrong-status")


def test_a_project_is_due_on_the_day_of_its_claim_or_later() -> None:
    words = "deadline.before-begin"
    early = CLAIM.model_copy(update={"due_on": day("2023-04-19")})
    in_time = CLAIM.model_copy(update={"due_on": CLAIM.claimed_on})

    ask(partnership(NEED, LIST), early).refused(words)
    assert ask(partnership(NEED, LIST), in_time).refusal is None
    ask(partnership(NEED, LIST, CLAIM), correct(4, due_on="2023-04-19")).refused(words)


def test_a_resource_is_offered_until_a_day_behind_its_offer() -> None:
    offer = OfferResource(
        resource="r",
        by="unit",
        description="法律咨询",
        offered_on=day("2023-04-01"),
        available_until=day("2023-04-02"),
    )
    wrong = offer.model_copy(update={"available_until": offer.offered_on})

    assert ask(partnership(), offer).refusal is None
    ask(partnership(), wrong).refused("period.empty")
    ask(partnership(offer), correct(2, available_until="2023-03-01")).refused("period.empty")


def test_an_agreement_without_an_end_needs_no_renewal() -> None:
    endless = SIGNED.model_copy(update={"effective_until": None})
    renew = RenewAgreement(signed_on=day("2024-02-01"), effective_from=day("2024-03-01"))

    ask(given(REGISTERED).at(P).with_(P, endless), renew).refused("agreement.without-end")


def test_a_resource_is_withdrawn_before_the_day_until_which_it_is_offered() -> None:
    offer = OfferResource(
        resource="r",
        by="unit",
        description="法律咨询",
        offered_on=day("2023-04-01"),
        available_until=day("2023-06-01"),
    )

    def withdraw(on: str) -> WithdrawResource:
        return WithdrawResource(resource="r", withdrawn_on=day(on), reason="人员调离")

    assert ask(partnership(offer), withdraw("2023-05-31")).refusal is None
    ask(partnership(offer), withdraw("2023-06-01")).refused("step.after-own-end")


def test_a_unit_opens_its_facilities_of_the_policys_kinds() -> None:
    opened = OpenFacility(
        facility="f", facility_kind=FACILITY, name="图书馆", effective_from=day("2023-05-01")
    )
    ask(partnership(), opened).then(stated(opened, FacilityOpened))
    close = CloseFacility(facility="f", effective_until=day("2023-04-01"), reason="装修")
    ask(partnership(opened), close).refused("step.before-previous")
    later = close.model_copy(update={"effective_until": day("2023-06-01")})
    ask(partnership(opened), later).then(stated(later, FacilityClosed))
    ask(partnership(opened, later), later).refused("matter.wrong-status")
    unknown = opened.model_copy(update={"facility_kind": "casino"})
    ask(partnership(), unknown).refused("policy.unknown-code")


def test_feedback_goes_both_ways_and_after_the_end_too() -> None:
    feedback = GiveFeedback(by="unit", given_on=day("2024-04-01"), content="合作愉快")

    ask(partnership(), feedback).then(stated(feedback, FeedbackGiven))


def test_each_side_appraises_the_other_once_a_year() -> None:
    first = AppraisePartner(by="community", appraised_on=day("2023-12-01"), rating=RATING)
    again = first.model_copy(update={"appraised_on": day("2023-12-20")})
    place = partnership(first)

    ask(partnership(), first).then(stated(first, PartnerAppraised))
    ask(place, again).irregular("partner.already-appraised")
    other_side = again.model_copy(update={"by": "unit"})
    ask(place, other_side).then(stated(other_side, PartnerAppraised))
    next_year = first.model_copy(update={"appraised_on": day("2024-01-05")})
    ask(place, next_year).then(stated(next_year, PartnerAppraised))
    unknown = first.model_copy(update={"rating": "splendid"})
    ask(partnership(), unknown).refused("policy.unknown-code")


OFFER = OfferResource(resource="r1", by="unit", description="体育馆", offered_on=day("2023-04-02"))
OPEN = OpenFacility(
    facility="f1", facility_kind=FACILITY, name="图书馆", effective_from=day("2023-04-03")
)
FEEDBACK = GiveFeedback(by="unit", given_on=day("2023-05-01"), content="已对接")


@pytest.mark.parametrize(
    ("again", "entry", "other"),
    [
        (NEED.model_copy(update={"need": None}), 2, {"by": "unit"}),
        (LIST.model_copy(update={"project": "y"}), 3, {"title": "共用操场"}),
        (OFFER.model_copy(update={"resource": None}), 4, {"description": "操场"}),
        (OPEN.model_copy(update={"facility": None}), 5, {"name": "体育馆"}),
        (FEEDBACK, 6, {"given_on": day("2023-05-02")}),
    ],
    ids=["need", "project", "resource", "facility", "feedback"],
)
def test_the_same_is_not_recorded_twice_while_the_first_stands(
    again: Command[Any], entry: int, other: dict[str, Any]
) -> None:
    place = partnership(NEED, LIST, OFFER, OPEN, FEEDBACK)

    ask(place, again).refused("statement.repeated", entry=entry)
    assert ask(place, again.model_copy(update=other)).refusal is None
    if entry > 2:  # the need has its project
        void = place.after(P, annul(entry), by="recorder")
        assert ask(void, again).refusal is None
