from typing import Any

import pytest

from domain.classification.classification import AnnulClassification
from domain.classification.reclassification import (
    ApproveReclassification,
    EndorseReclassification,
    ProposeReclassification,
    RejectReclassification,
    ReturnReclassification,
    ReviseReclassification,
    WithdrawReclassification,
)
from domain.community.events import (
    ClassificationRepealed,
    CommunityAbolished,
    CommunityClassified,
    CommunityReclassified,
    ReclassificationEndorsed,
    ReclassificationProposed,
    ReclassificationRejected,
    ReclassificationReturned,
    ReclassificationRevised,
    ReclassificationWithdrawn,
    SubtypeSet,
)
from domain.kernel.command import Command
from domain.kernel.context import Role
from domain.kernel.event import Event
from domain.kernel.ids import derive_id
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from tests.domain.given import POLICY, REGISTERED, day, given

D2021, D2022 = day("2021-03-31"), day("2022-01-01")
CLASSIFIED = CommunityClassified(type="old-courtyard", effective_from=D2021)
PROPOSE = ProposeReclassification(
    proposal="p1",
    type="commercial-housing",
    effective_from=D2022,
    reason="旧城改造后以商品住宅为主",
    origin="community",
)
PROPOSED = ReclassificationProposed(proposed_by="wang", **vars(PROPOSE))
ENDORSED = ReclassificationEndorsed(proposal="p1")
RETURNED = ReclassificationReturned(proposal="p1", reason="补充材料")
REVISED = ReclassificationRevised(
    proposal="p1",
    type="business-district",
    effective_from=D2022,
    reason="商圈为主",
    revised_by="zhao",
)
REJECTED = ReclassificationRejected(proposal="p1", reason="依据不足")
WITHDRAWN = ReclassificationWithdrawn(proposal="p1", reason="情况有变")
APPROVED = CommunityReclassified(
    proposal="p1", type="commercial-housing", effective_from=D2022, reason=PROPOSE.reason
)
ENDORSE = EndorseReclassification(proposal="p1")
RETURN = ReturnReclassification(proposal="p1", reason="补充材料")
REVISE = ReviseReclassification(
    proposal="p1", type="business-district", effective_from=D2022, reason="商圈为主"
)
REJECT = RejectReclassification(proposal="p1", reason="依据不足")
WITHDRAW = WithdrawReclassification(proposal="p1", reason="情况有变")
APPROVE = ApproveReclassification(proposal="p1", effective_from=D2022)

ROLE: dict[type[Command[Any]], Role] = {
    ProposeReclassification: "recorder",
    ReviseReclassification: "recorder",
    WithdrawReclassification: "recorder",
    EndorseReclassification: "reviewer",
    ReturnReclassification: "reviewer",
    RejectReclassification: "decider",
    ApproveReclassification: "decider",
}
HISTORY: dict[str, tuple[Event, ...]] = {
    "proposed": (PROPOSED,),
    "endorsed": (PROPOSED, ENDORSED),
    "returned": (PROPOSED, RETURNED),
    "rejected": (PROPOSED, REJECTED),
    "withdrawn": (PROPOSED, WITHDRAWN),
    "approved": (PROPOSED, ENDORSED, APPROVED),
}
CLASSIFIED_A = (REGISTERED, CLASSIFIED)


def test_a_reclassification_is_proposed() -> None:
    outcome = given(*CLASSIFIED_A).when(PROPOSE, by="recorder", person="wang")

    outcome.then(PROPOSED)
    assert outcome.state().open_proposal.stage == "proposed"
    assert outcome.state().types.on(D2022) == "old-courtyard"


def test_a_proposal_without_an_id_is_given_one() -> None:
    command = PROPOSE.model_copy(update={"proposal": None})

    given(*CLASSIFIED_A).when(command, by="recorder", person="wang").then(
        PROPOSED.model_copy(update={"proposal": derive_id("command-1", "a", 2)})
    )


def test_only_a_classified_community_is_reclassified() -> None:
    repealed = ClassificationRepealed(repeals=2, effective_until=D2022, reason="废止")

    given(REGISTERED).when(PROPOSE, by="recorder").refused(
        "classification.missing", day=day("2022-01-01")
    )
    given(*CLASSIFIED_A, repealed).when(PROPOSE, by="recorder").refused("classification.missing")


def test_the_type_that_a_community_has_is_not_proposed() -> None:
    same = PROPOSE.model_copy(update={"type": "old-courtyard"})

    given(*CLASSIFIED_A).when(same, by="recorder").refused("attribute.unchanged")


def test_a_proposed_type_is_one_of_the_policy() -> None:
    seaside = PROPOSE.model_copy(update={"type": "seaside"})

    given(*CLASSIFIED_A).when(seaside, by="reviewer").refused("policy.unknown-code", code="seaside")


def test_a_community_that_stands_no_longer_is_not_reclassified() -> None:
    ended = CommunityAbolished(effective_from=D2022)

    given(*CLASSIFIED_A, ended).when(PROPOSE, by="recorder").refused(
        "lifetime.ended", day=day("2022-01-01")
    )


@pytest.mark.parametrize("stage", ["proposed", "endorsed", "returned"])
def test_there_is_one_open_proposal_at_a_time(stage: str) -> None:
    another = PROPOSE.model_copy(update={"proposal": "p2"})

    given(*CLASSIFIED_A, *HISTORY[stage]).when(another, by="recorder").refused(
        "reclassification.under-way", proposal="p1"
    )


@pytest.mark.parametrize("stage", ["rejected", "withdrawn"])
def test_another_proposal_may_follow_a_closed_one(stage: str) -> None:
    another = PROPOSE.model_copy(update={"proposal": "p2"})
    history = given(*CLASSIFIED_A, *HISTORY[stage])

    history.when(another, by="recorder", person="wang").then(
        PROPOSED.model_copy(update={"proposal": "p2"})
    )
    history.when(PROPOSE, by="recorder").refused(
        "reclassification.already-on-record", proposal="p1"
    )


@pytest.mark.parametrize(
    ("command", "stage", "event"),
    [
        (ENDORSE, "proposed", ENDORSED),
        (RETURN, "proposed", RETURNED),
        (REVISE, "returned", REVISED),
        (REJECT, "proposed", REJECTED),
        (REJECT, "endorsed", REJECTED),
        (WITHDRAW, "proposed", WITHDRAWN),
        (WITHDRAW, "endorsed", WITHDRAWN),
        (WITHDRAW, "returned", WITHDRAWN),
        (APPROVE, "endorsed", APPROVED),
    ],
)
def test_a_proposal_goes_from_stage_to_stage(
    command: Command[Any], stage: str, event: Event
) -> None:
    history = given(*CLASSIFIED_A, *HISTORY[stage])

    history.when(command, by=ROLE[type(command)], person="zhao").then(event)


@pytest.mark.parametrize(
    ("command", "stages"),
    [
        (ENDORSE, ("endorsed", "returned", "rejected", "withdrawn", "approved")),
        (RETURN, ("returned", "rejected", "withdrawn", "approved")),
        (REVISE, ("proposed", "endorsed", "rejected", "withdrawn", "approved")),
        (REJECT, ("returned", "rejected", "withdrawn", "approved")),
        (WITHDRAW, ("rejected", "withdrawn", "approved")),
        (APPROVE, ("proposed", "returned", "rejected", "withdrawn", "approved")),
    ],
)
def test_no_stage_is_skipped_or_repeated(command: Command[Any], stages: tuple[str, ...]) -> None:
    for stage in stages:
        history = given(*CLASSIFIED_A, *HISTORY[stage])

        history.when(command, by=ROLE[type(command)], person="zhao").refused(
            "reclassification.wrong-status"
        )


@pytest.mark.parametrize("command", [ENDORSE, RETURN, REVISE, REJECT, WITHDRAW, APPROVE])
def test_a_proposal_is_named_by_its_id(command: Command[Any]) -> None:
    given(*CLASSIFIED_A).when(command, by=ROLE[type(command)]).refused(
        "reclassification.not-on-record", NotOnRecord, proposal="p1"
    )


@pytest.mark.parametrize("command", [PROPOSE, ENDORSE, RETURN, REVISE, REJECT, WITHDRAW, APPROVE])
def test_only_whom_the_policy_names_acts_on_a_proposal(command: Command[Any]) -> None:
    history = given(*CLASSIFIED_A, *(() if command is PROPOSE else (PROPOSED,)))

    history.when(command, by="auditor").refused("role.lacking", NotAuthorised)


def test_an_endorsed_proposal_is_returned_by_whoever_decides() -> None:
    endorsed = given(*CLASSIFIED_A, PROPOSED, ENDORSED)

    endorsed.when(RETURN, by="decider").then(RETURNED)
    endorsed.when(RETURN, by="reviewer").refused("role.lacking", NotAuthorised)


def test_a_revised_proposal_is_endorsed_again_before_it_is_approved() -> None:
    revised = given(*CLASSIFIED_A, PROPOSED, ENDORSED, RETURNED, REVISED)

    revised.when(APPROVE).refused("reclassification.wrong-status")
    after = given(*CLASSIFIED_A, PROPOSED, ENDORSED, RETURNED, REVISED, ENDORSED)
    after.when(APPROVE).then(
        CommunityReclassified(
            proposal="p1", type="business-district", effective_from=D2022, reason="商圈为主"
        )
    )


@pytest.mark.parametrize("command", [APPROVE, REJECT])
@pytest.mark.parametrize("person", ["wang", "zhao"])
def test_whoever_decides_is_not_whoever_proposed_or_revised(
    command: Command[Any], person: str
) -> None:
    history = given(*CLASSIFIED_A, PROPOSED, RETURNED, REVISED, ENDORSED)

    history.when(command, person=person).refused("reclassification.own-proposal", NotAuthorised)


def test_the_proposal_of_an_annulled_reclassification_is_annulled_with_it() -> None:
    annul = AnnulClassification(annuls=5, reason="审批有误")

    state = given(REGISTERED, CLASSIFIED, PROPOSED, ENDORSED, APPROVED).when(annul).state()

    assert state.proposals["p1"].stage == "annulled"
    assert state.types.on(D2022) == "old-courtyard"
    assert state.open_proposal is None


def test_the_day_is_the_approvals_not_the_proposals() -> None:
    later = APPROVE.model_copy(update={"effective_from": day("2022-07-01")})

    outcome = given(*CLASSIFIED_A, PROPOSED, ENDORSED).when(later)

    outcome.then(APPROVED.model_copy(update={"effective_from": day("2022-07-01")}))
    assert outcome.state().types.on(day("2022-06-30")) == "old-courtyard"
    assert outcome.state().types.on(day("2022-07-01")) == "commercial-housing"
    assert outcome.state().open_proposal is None


def test_an_approved_type_is_still_in_the_policy() -> None:
    without = POLICY.model_copy(
        update={"types": tuple(t for t in POLICY.types if t.code != "commercial-housing")}
    )

    given(*CLASSIFIED_A, PROPOSED, ENDORSED).when(APPROVE, policy=without).refused(
        "policy.unknown-code", code="commercial-housing"
    )


def test_nothing_is_approved_that_would_change_nothing() -> None:
    early = CommunityReclassified(
        proposal="p0", type="commercial-housing", effective_from=day("2021-09-01"), reason="旧"
    )

    given(*CLASSIFIED_A, PROPOSED, ENDORSED, early).when(APPROVE).refused("attribute.unchanged")
    given(*CLASSIFIED_A, PROPOSED, ENDORSED).when(
        APPROVE.model_copy(update={"effective_from": day("2017-01-01")})
    ).refused("lifetime.not-begun")


def test_a_subtype_ends_with_its_type() -> None:
    classified = CommunityClassified(type="urban-rural", effective_from=D2021)
    subtype = SubtypeSet(type="urban-rural", subtype="resettlement", effective_from=D2021)

    outcome = given(REGISTERED, classified, subtype, PROPOSED, ENDORSED).when(APPROVE)

    outcome.then(APPROVED)
    assert outcome.state().subtypes.on(D2021) == "resettlement"
    assert outcome.state().subtypes.on(D2022) is None
