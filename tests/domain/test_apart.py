"""Separation of duties, pair by pair: by person, also in another's place."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.authority.granting import RevokeAuthority
from domain.commands import COMMANDS
from domain.kernel.refusal import NotAuthorised
from domain.task.completion import AnnulTaskStep
from tests.domain import partnerships, reviews, rounds
from tests.domain import test_authority as authority
from tests.domain import test_checkin as checkin
from tests.domain import test_exemplar as exemplar
from tests.domain import test_objections as objections
from tests.domain import test_partnership_projects as projects
from tests.domain import test_reclassification as reclassification
from tests.domain import test_tasks as tasks
from tests.domain.given import POLICY, Outcome, given

Ask = Callable[..., Outcome]
VERDICT = AnnulTaskStep(annuls=4, reason="误录")
REVOKE = RevokeAuthority(grant="g1", reason="调离")


def asked(stands: Any, command: Any, **fixed: Any) -> Ask:
    return lambda **who: stands.when(command, **{**fixed, **who})


def of_round(stands: Any, stream: str, command: Any) -> Ask:
    role, _, jurisdiction = rounds.WHO.get(type(command), ("arbiter", "arb", "c"))
    return asked(stands.at(stream), command, by=role, jurisdiction=jurisdiction)


REPORTED = tasks.task(*tasks.HISTORY["reported"])
CLOSED = tasks.task(*tasks.HISTORY["closed"])
PROPOSED = given(
    *reclassification.CLASSIFIED_A, reclassification.PROPOSED, reclassification.ENDORSED
)
DELIVERED = partnerships.partnership(
    partnerships.NEED, partnerships.LIST, partnerships.CLAIM, partnerships.DELIVER
)
OPINION = checkin.checked_in(checkin.ASK)
UPHELD = rounds.act(objections.upheld(), objections.A, objections.corrects(5, 70))
SETTLE = objections.settle("a", 9)
GRANTED = authority.of_wang(authority.granted())
IN_DISTRICT = {"by": "recorder", "jurisdiction": "d1"}

WORKED, PROPOSER = "task.had-a-hand", "reclassification.own-proposal"
PAIRS: list[tuple[str, str, Ask]] = [
    (WORKED, "zhao", asked(REPORTED, tasks.CLOSE)),
    (WORKED, "zhao", asked(REPORTED, tasks.RETURN)),
    (WORKED, "zhao", asked(CLOSED, VERDICT)),
    (PROPOSER, "wang", asked(PROPOSED, reclassification.APPROVE)),
    (PROPOSER, "wang", asked(PROPOSED, reclassification.REJECT)),
    (
        "exemplar.designator-nominated",
        "li",
        asked(exemplar.nominated(), exemplar.DESIGNATE, by="arbiter"),
    ),
    ("project.evaluator-took-part", "zhao", asked(DELIVERED, projects.EVALUATE, by="recorder")),
    ("opinion.giver-asked", "li", asked(OPINION, checkin.GIVE, **IN_DISTRICT)),
    (
        "objection.person-took-part",
        "wei",
        of_round(objections.objected(), objections.A, objections.UPHOLD),
    ),
    ("objection.settled-by-its-filer", "wei", of_round(UPHELD, objections.A, SETTLE)),
    ("review.own-community", "rec", of_round(reviews.done(2), reviews.A, rounds.first())),
    ("authority.granted-to-oneself", "wang", asked(authority.of_wang(), authority.GRANT)),
    ("authority.granted-to-oneself", "wang", asked(GRANTED, REVOKE)),
]


@pytest.mark.parametrize(("code", "person", "ask"), PAIRS)
def test_nobody_does_it_who_did_the_other_nor_their_deputy(
    code: str, person: str, ask: Ask
) -> None:
    ask(person=person).refused(code, NotAuthorised)
    ask(person="deputy", in_place_of=person).refused(code, NotAuthorised)
    assert ask(person="deputy", in_place_of="somebody").refusal is None
    assert ask(person="somebody").refusal is None


def test_every_pair_that_a_command_declares_is_shown_here() -> None:
    declared = {each.code for command in COMMANDS.values() for each in command.apart_from}

    assert declared <= {code for code, _, _ in PAIRS}


def test_no_policy_lets_who_grants_govern() -> None:
    roles = POLICY.classification.model_copy(update={"may_classify": ("decider", "steward")})
    policy = POLICY.model_copy(update={"classification": roles})

    assert COMMANDS["ClassifyCommunity"].permission.roles(policy) == ("decider",)
    kinds = {
        each.subject_type().kind
        for each in COMMANDS.values()
        if "steward" in each.permission.roles(policy)
    }
    assert kinds == {"authority", "batch", "person", "unit"}
