"""A partnership of a community and a unit, for the tests of its rules."""

from typing import Any

from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.partnership.agreement import (
    AnnulPartnershipEntry,
    CorrectPartnershipEntry,
    SignAgreement,
)
from domain.partnership.events import (
    AgreementSigned,
)
from domain.partnership.exchange import (
    StateNeed,
)
from domain.partnership.project import (
    ClaimProject,
    DeliverProject,
    ListProject,
)
from tests.domain.given import POLICY, REGISTERED, Given, Outcome, day, given

P = "partnership:p"
RATING = POLICY.partnerships.ratings[0].code
SIGN = SignAgreement(
    community="a",
    unit="university",
    title="共驻共建协议",
    signed_on=day("2023-03-01"),
    effective_from=day("2023-03-01"),
    effective_until=day("2024-03-01"),
)
SIGNED = AgreementSigned(**vars(SIGN))
NEED = StateNeed(need="n1", by="community", description="缺活动场地", stated_on=day("2023-04-01"))
LIST = ListProject(project="x", need="n1", title="共用体育馆", listed_on=day("2023-04-10"))
CLAIM = ClaimProject(
    project="x", by="unit", person="zhao", claimed_on=day("2023-04-20"), due_on=day("2023-09-01")
)
DELIVER = DeliverProject(project="x", delivered_on=day("2023-08-01"), result="体育馆周末开放")


def partnership(*commands: Command[Any], **circumstances: Any) -> Given:
    """A partnership on which these commands were carried out."""
    place = given(REGISTERED).at(P).with_(P, SIGNED)
    for command in commands:
        place = place.after(P, command, by="recorder", **circumstances)
    return place


def ask(place: Given, command: Command[Any], **circumstances: Any) -> Outcome:
    return place.when(command, **{"by": "recorder", **circumstances})


def stated(command: Command[Any], kind: type[Event], **more: Any) -> Event:
    return kind(**{**vars(command), "community": "a", **more})


def correct(version: int, **changes: Any) -> CorrectPartnershipEntry:
    return CorrectPartnershipEntry(corrects=version, changes=changes, reason="录入有误")


def annul(version: int) -> AnnulPartnershipEntry:
    return AnnulPartnershipEntry(annuls=version, reason="误录")
