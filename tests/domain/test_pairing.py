"""A community has one partnership with a unit at a time: it is renewed, or ends before another."""

from typing import Any

import pytest

from domain.kernel.event import StreamEvent
from domain.partnership.agreement import (
    AnnulPartnershipEntry,
    CorrectPartnershipEntry,
    EndAgreement,
    RenewAgreement,
)
from domain.partnership.events import PartnersPaired
from tests.domain.given import REGISTERED, Given, Outcome, day, given, registered
from tests.domain.partnerships import SIGN, P

Q = "partnership:q"
LATER: dict[str, Any] = {"effective_from": day("2024-03-01"), "effective_until": None}


def signed(**changes: Any) -> Given:
    """The partnership `p`, signed with these changes, and the community `b` beside `a`."""
    place = given(REGISTERED).with_("community:b", registered("乙社区", code=None))
    return place.after(P, SIGN.model_copy(update=changes), by="recorder")


def sign(place: Given, **changes: Any) -> Outcome:
    """What comes of signing `q`."""
    return place.at(Q).when(SIGN.model_copy(update=changes), by="recorder")


def test_a_signing_is_noted_for_its_partners() -> None:
    outcome = given(REGISTERED).at(P).when(SIGN, by="recorder")

    noted = [e for e in outcome.events if isinstance(e, StreamEvent)]
    paired = PartnersPaired(partnership="p", place="a", unit=SIGN.unit)
    assert [e.event for e in noted] == [paired]


@pytest.mark.parametrize("changes", [{}, {"title": "另一份协议"}], ids=["same", "another title"])
def test_a_second_agreement_with_the_same_unit_is_refused_while_the_first_holds(
    changes: dict[str, Any],
) -> None:
    sign(signed(), **changes).refused("agreement.already-held")


@pytest.mark.parametrize(
    "changes",
    [
        LATER,
        {"community": "b"},
        {"unit": "hospital"},
    ],
    ids=["after its end", "another community", "another unit"],
)
def test_another_unit_community_or_time_has_its_own_agreement(changes: dict[str, Any]) -> None:
    assert sign(signed(), **changes).refusal is None


def test_an_agreement_that_was_ended_or_annulled_makes_room() -> None:
    open_ended = signed(effective_until=None)
    sign(open_ended, **LATER).refused("agreement.already-held")
    end = EndAgreement(effective_until=day("2024-03-01"), reason="单位迁出")
    assert sign(open_ended.after(P, end, by="recorder"), **LATER).refusal is None
    annul = AnnulPartnershipEntry(annuls=1, reason="误录")
    assert sign(open_ended.after(P, annul, by="recorder"), **LATER).refusal is None


def test_what_would_make_two_agreements_hold_at_once_is_refused_too() -> None:
    two = signed().after(Q, SIGN.model_copy(update=LATER), by="recorder")
    renew = RenewAgreement(signed_on=day("2024-03-01"), effective_from=day("2024-04-01"))
    two.at(P).when(renew, by="recorder").refused("agreement.already-held")
    longer = CorrectPartnershipEntry(
        corrects=1, changes={"effective_until": "2024-06-01"}, reason="期限录错"
    )
    two.at(P).when(longer, by="recorder").refused("agreement.already-held")
    ended = signed(effective_until=None).after(
        P, EndAgreement(effective_until=day("2024-03-01"), reason="单位迁出"), by="recorder"
    )
    ended = ended.after(Q, SIGN.model_copy(update=LATER), by="recorder")
    annul = AnnulPartnershipEntry(annuls=2, reason="误录")
    ended.at(P).when(annul, by="recorder").refused("agreement.already-held")


def test_a_unit_that_is_corrected_into_another_partner_is_looked_up_anew() -> None:
    other: dict[str, Any] = {"unit": "hospital"}
    two = signed().after(Q, SIGN.model_copy(update=other), by="recorder")
    right = CorrectPartnershipEntry(corrects=1, changes={"unit": "university"}, reason="单位录错")
    two.at(Q).when(right, by="recorder").refused("agreement.already-held")
    lone = given(REGISTERED).after(Q, SIGN.model_copy(update=other), by="recorder")
    lone = lone.after(Q, right, by="recorder")
    lone.at(P).when(SIGN, by="recorder").refused("agreement.already-held")
