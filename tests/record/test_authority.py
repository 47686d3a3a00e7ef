"""Authority changes while others act: two people grant and revoke at once, a grant ends while a
command is under way, and no steward is left."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import Any

import pytest

from domain.authority.granting import GrantAuthority, RevokeAuthority
from domain.authority.state import Authorities
from domain.community.identity import RenameCommunity
from domain.community.state import Community
from domain.kernel.command import Command
from domain.kernel.context import Acting, Actor, Authority, DecisionContext, Role
from domain.kernel.refusal import Conflict, NotAuthorised, Refused
from record.store.batch import BatchRefused, BatchStep
from record.store.entry import Receipt
from record.store.record import Record
from tests.city import CITY, DISTRICT, LI, acting, put_on_register, register, rename
from tests.record.batches import A, B, received
from tests.refusing import refused

WANG = "authority:wang"
SYSTEM = acting("system", "office", CITY)
AT_ONCE = 4


def granting(record: Record, role: Role, place: str = DISTRICT) -> GrantAuthority:
    return GrantAuthority(role=role, jurisdiction=place, effective_from=record.today())


@pytest.fixture
def steward(record: Record) -> Acting:
    """Somebody who grants authority, under a grant of their own."""
    people = ("wang", "song", "zhou")
    put_on_register(record, {f"person:{each}": each for each in people})
    record.carry_out("authority:song", granting(record, "steward", CITY), by=SYSTEM)
    return under(record, "song")


def under(record: Record, person: str) -> Acting:
    """A person who acts under the newest grant of theirs."""
    held: Authorities = record.state(f"authority:{person}")
    *_, grant = held.grants.values()
    place = grant.place.partition(":")[2]
    authority = Authority(role=grant.role, jurisdiction=place, grant=grant.grant)
    return Acting(actor=Actor(person=person, unit="office"), authority=authority)


def at_once(record: Record, by: Acting, commands: list[Command[Any]]) -> list[Receipt]:
    """What is recorded of commands that as many stewards, each in a process of their own, send at
    the same moment about one person."""
    start = Barrier(len(commands))

    def ask(command: Command[Any]) -> Receipt | None:
        with Record(record.url) as own:
            own.state(WANG)
            start.wait()
            with suppress(Refused):
                return own.carry_out(WANG, command, by=by)
            return None

    with ThreadPoolExecutor(len(commands)) as pool:
        return [each for each in pool.map(ask, commands) if each]


def test_of_those_who_grant_the_same_at_once_one_grants_it(record: Record, steward: Acting) -> None:
    recorded = at_once(record, steward, [granting(record, "decider")] * AT_ONCE)

    assert len(recorded) == len(record.state(WANG).grants) == 1


def test_nobody_is_made_to_grant_and_to_govern_by_two_people_at_once(
    record: Record, steward: Acting
) -> None:
    commands: list[Command[Any]] = [granting(record, "steward"), granting(record, "decider")]

    recorded = at_once(record, steward, commands)

    assert len(recorded) == len(record.state(WANG).grants) == 1


def test_a_grant_that_one_revokes_and_another_gives_again_is_in_order(
    record: Record, steward: Acting
) -> None:
    again = granting(record, "decider")
    record.carry_out(WANG, again, by=steward)
    (grant,) = record.state(WANG).grants
    revoke = RevokeAuthority(grant=grant, reason="调离")

    recorded = at_once(record, steward, [revoke, revoke, again, again])

    names = [each.name for each in record.history(WANG)][1:]
    standing = [*record.state(WANG).standing()]
    assert len(recorded) == len(names)
    assert names in (["AuthorityRevoked"], ["AuthorityRevoked", "AuthorityGranted"])
    assert len(standing) == len(names) - 1


class Overtaken(RenameCommunity):
    """A renaming during which something else happens."""

    def decide(self, state: Community, context: DecisionContext) -> Any:
        meanwhile.pop()()
        return super().decide(state, context)


meanwhile: list[Callable[[], object]] = []


@pytest.fixture
def ended(record: Record, other: Record, steward: Acting) -> Iterator[Acting]:
    """A decider whose grant is revoked by another process while their command is under way."""
    record.carry_out(WANG, granting(record, "decider"), by=steward)
    for stream in (A, B):
        record.carry_out(stream, register(), by=LI)
    decider = under(record, "wang")
    revoke = RevokeAuthority(grant=str(decider.authority.grant), reason="调离")
    meanwhile.append(lambda: other.carry_out(WANG, revoke, by=steward))
    yield decider
    assert meanwhile == []


def test_a_command_whose_grant_ends_while_it_is_under_way_is_not_recorded(
    record: Record, ended: Acting
) -> None:
    overtaken = Overtaken(**dict(rename("临江社区")))

    with refused("record.changed-meanwhile", Conflict):
        record.carry_out(A, overtaken, by=ended)
    with refused("authority.not-in-force", NotAuthorised):
        record.carry_out(A, rename("临江社区"), by=ended)

    assert record.state(A).version == 1


def test_nothing_of_a_batch_is_recorded_whose_grant_ends_while_it_is_under_way(
    record: Record, ended: Acting
) -> None:
    steps = [BatchStep(A, rename("临江社区")), BatchStep(B, Overtaken(**dict(rename("花园社区"))))]

    with pytest.raises((Conflict, BatchRefused)):
        record.carry_out_batch("b", received(), steps, by=ended)

    assert (record.state(A).version, record.state(B).version) == (1, 1)


def test_without_a_steward_nobody_grants_but_the_system(record: Record, steward: Acting) -> None:
    (grant,) = record.state("authority:song").grants
    last = RevokeAuthority(grant=grant, reason="调离")
    record.carry_out("authority:song", last, by=SYSTEM)

    with refused("authority.not-in-force", NotAuthorised):
        record.carry_out(WANG, granting(record, "steward", CITY), by=steward)
    with refused("role.lacking", NotAuthorised):
        record.carry_out(WANG, granting(record, "steward", CITY), by=acting("arbiter"))
    record.carry_out(WANG, granting(record, "steward", CITY), by=SYSTEM)
    record.carry_out("authority:zhou", granting(record, "decider"), by=under(record, "wang"))

    told = [(each.name, each.authority.role) for each in record.history(WANG)]
    assert told == [("AuthorityGranted", "system")]
