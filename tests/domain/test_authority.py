"""Authority is granted and revoked: a role, in a place, for a time."""

from typing import Any

import pytest

from domain.authority.events import AuthorityGranted, AuthorityRevoked
from domain.authority.granting import GRANTS_MAX, GrantAuthority, RevokeAuthority
from domain.catalogue import subject
from domain.community.identity import RenameCommunity
from domain.kernel.context import Acting, Actor, Authority, DecisionContext
from domain.kernel.decision import Decisions
from domain.kernel.refusal import NotAuthorised, NotOnRecord, Refused
from domain.person.events import PersonRegistered
from tests.domain.given import POLICY, REGISTERED, TODAY, Given, Outcome, day, given

WANG, CHEN = PersonRegistered(name="王磊"), PersonRegistered(name="陈华")
GRANT = GrantAuthority(role="reviewer", jurisdiction="s1", effective_from=TODAY)


def granted(**fields: Any) -> AuthorityGranted:
    stated = {**vars(GRANT), "grant": "g1", "granted_by": "li", **fields}
    return AuthorityGranted(**stated)


REVOKED = AuthorityRevoked(
    grant="g1", role="reviewer", revoked_on=TODAY, reason="调离", revoked_by="li"
)


def of_wang(*events: AuthorityGranted | AuthorityRevoked) -> Given:
    known = given().with_("person:wang", WANG).with_("person:chen", CHEN)
    return known.with_("authority:wang", *events).at("authority:wang")


def changed(**fields: Any) -> GrantAuthority:
    return GRANT.model_copy(update=fields)


def ask(place: Given, command: Any, **circumstances: Any) -> Outcome:
    return place.when(command, **{"by": "steward", **circumstances})


def test_a_steward_grants_a_role_in_a_place_from_a_day_on() -> None:
    outcome = ask(of_wang(), GRANT)

    (event,) = outcome.events
    assert isinstance(event, AuthorityGranted)
    assert event == granted(grant=event.grant)
    ask(of_wang(), GRANT, by="arbiter").refused("role.lacking", NotAuthorised)


def test_authority_is_granted_within_the_stewards_own_jurisdiction() -> None:
    assert ask(of_wang(), GRANT, jurisdiction="d1").refusal is None
    ask(of_wang(), GRANT, jurisdiction="d2").refused("place.out-of-scope", NotAuthorised)
    ask(of_wang(granted()), RevokeAuthority(grant="g1", reason="调离"), jurisdiction="d2").refused(
        "place.out-of-scope", NotAuthorised
    )


def test_authority_is_granted_to_an_official_who_is_on_record() -> None:
    unknown = given().at("authority:nobody")
    ask(unknown, GRANT).refused("subject.not-on-record", NotOnRecord)


def test_it_is_for_one_jurisdiction_or_one_community() -> None:
    ask(of_wang(), changed(jurisdiction=None)).refused("authority.not-in-one-place")
    both = of_wang().with_("community:a", REGISTERED)
    ask(both, changed(community="a")).refused("authority.not-in-one-place")
    outcome = ask(both, changed(role="recorder", jurisdiction=None, community="a"))
    assert outcome.refusal is None


def test_nobody_grants_to_themselves_nor_the_systems_role() -> None:
    ask(of_wang(), GRANT, person="wang").refused("authority.granted-to-oneself", NotAuthorised)
    ask(of_wang(), changed(role="system")).refused("authority.of-the-system")


def test_it_begins_no_earlier_than_today_and_ends_later() -> None:
    ask(of_wang(), changed(effective_from=day("2024-06-29"))).refused("authority.in-the-past")
    ask(of_wang(), changed(effective_until=TODAY)).refused("period.empty")


def test_who_grants_does_not_govern() -> None:
    steward = granted(role="steward", jurisdiction="c")

    ask(of_wang(steward), GRANT).refused("authority.grants-and-governs")
    ask(of_wang(granted()), changed(role="steward")).refused("authority.grants-and-governs")
    over = granted(role="steward", jurisdiction="c", effective_until=day("2024-07-01"))
    assert ask(of_wang(over), changed(effective_from=day("2024-07-01"))).refusal is None
    assert ask(of_wang(granted(), REVOKED), changed(role="steward")).refusal is None


def test_the_same_authority_is_granted_once_at_a_time() -> None:
    ask(of_wang(granted()), GRANT).refused("authority.granted-already", grant="g1")
    assert ask(of_wang(granted(), REVOKED), GRANT).refusal is None
    assert ask(of_wang(granted()), changed(jurisdiction="s2")).refusal is None


def test_a_person_has_a_limited_number_of_grants() -> None:
    many = [granted(grant=f"g{n}", jurisdiction=f"x{n}") for n in range(GRANTS_MAX)]
    ask(of_wang(*many), GRANT).refused("subject.full")


def test_acting_for_another_ends_and_gives_no_more_than_the_other_holds() -> None:
    chens = of_wang().with_("authority:chen", granted(grant="g2"))
    acting = changed(acting_for="chen", effective_until=day("2024-07-15"))

    assert ask(chens, acting).refusal is None
    ask(chens, changed(acting_for="chen")).refused("authority.acting-without-end")
    ask(chens, acting.model_copy(update={"acting_for": "wang"})).refused(
        "authority.acting-for-oneself"
    )
    ask(chens, acting.model_copy(update={"role": "decider"})).refused(
        "authority.not-held-by-the-absent"
    )
    shorter = granted(grant="g2", effective_until=day("2024-07-10"))
    ask(of_wang().with_("authority:chen", shorter), acting).refused(
        "authority.not-held-by-the-absent"
    )


def test_a_grant_is_revoked_once() -> None:
    revoke = RevokeAuthority(grant="g1", reason="调离")

    ask(of_wang(granted()), revoke).then(REVOKED)
    ask(of_wang(granted(), REVOKED), revoke).refused("authority.revoked-already")
    ask(of_wang(granted()), revoke.model_copy(update={"grant": "g9"})).refused(
        "authority.no-such-grant", NotOnRecord
    )


RENAME = RenameCommunity(name="乙社区", effective_from=day("2020-01-01"))


def renamed(*events: Any, today: str = "2024-06-30", **authority: Any) -> Refused | None:
    """What comes of a command under the grant `g1`."""
    stands = of_wang(*events).with_("community:a", REGISTERED)
    held = {"role": "decider", "jurisdiction": "d1", "grant": "g1", **authority}

    def context(consulted: Any) -> DecisionContext:
        return DecisionContext(
            by=Acting(actor=Actor(person="wang", unit="u1"), authority=Authority(**held)),
            today=day(today),
            policy=POLICY,
            command_id="command-1",
            consulted=consulted,
        )

    decisions = Decisions(stands.folded, subject)
    try:
        decisions.decide("community:a", RENAME, context)
    except Refused as refusal:
        return refusal
    return None


DECIDER = granted(
    role="decider",
    jurisdiction="d1",
    effective_from=day("2024-01-01"),
    effective_until=day("2024-07-01"),
)


def test_who_acts_holds_a_grant_that_is_in_force() -> None:
    assert renamed(DECIDER) is None


@pytest.mark.parametrize(
    ("events", "asked"),
    [
        ([], {}),
        ([DECIDER, REVOKED], {}),
        ([DECIDER], {"today": "2023-12-31"}),
        ([DECIDER], {"today": "2024-07-01"}),
        ([DECIDER], {"role": "arbiter"}),
        ([DECIDER], {"jurisdiction": "c"}),
        ([DECIDER], {"grant": "g2"}),
    ],
    ids=["none", "revoked", "not begun", "expired", "other role", "other place", "other grant"],
)
def test_nobody_acts_beyond_what_is_granted(events: Any, asked: Any) -> None:
    refusal = renamed(*events, **asked)
    assert refusal is not None
    assert refusal.code == "authority.not-in-force"
