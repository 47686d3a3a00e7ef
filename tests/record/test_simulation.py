"""A simulation: told command by command, recorded many at a time, the same as one by one."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest

from record.store.record import CHINA, Record
from record.store.simulation import TOGETHER_MAX, Simulation
from tests.city import LI, found, register, rename
from tests.refusing import refused

BEGINS = datetime(2020, 1, 1, tzinfo=CHINA)


def hours() -> Iterator[datetime]:
    return (BEGINS + timedelta(hours=each) for each in count())


@pytest.fixture
def told(database_url: str) -> Iterator[Simulation]:
    clock = hours()
    with Simulation(database_url, clock=lambda: next(clock)) as simulation:
        found(simulation, simulation=True)
        yield simulation


def test_each_command_is_decided_on_those_before_it_and_recorded_with_its_own_receipt(
    told: Simulation,
) -> None:
    before = told.head()
    told.tell("community:a", register(), by=LI, command_id="one")
    told.tell("community:a", rename("新名社区"), by=LI, command_id="two")

    assert (told.waiting, told.head(), told.state("community:a").version) == (2, before, 2)
    told.record_told()

    entries = told.history("community:a")
    assert [each.command_id for each in entries] == ["one", "two"]
    assert entries[0].recorded_at < entries[1].recorded_at
    assert told.has_recorded("two")
    with Simulation(told.url, clock=lambda: BEGINS) as again:
        assert again.has_recorded("one")
        assert again.state("community:a") == told.state("community:a")


def test_many_are_recorded_without_being_asked_for(told: Simulation) -> None:
    for each in range(TOGETHER_MAX + 1):
        told.tell(f"community:c{each}", register(f"第{each}社区"), by=LI, command_id=f"c{each}")

    assert told.waiting == 1
    assert told.has_recorded(f"c{TOGETHER_MAX - 1}")
    assert not told.has_recorded(f"c{TOGETHER_MAX}")


def test_a_refused_one_leaves_those_before_it(told: Simulation) -> None:
    told.tell("community:a", register(), by=LI, command_id="one")

    with refused("subject.already-on-record"):
        told.tell("community:a", register(), by=LI, command_id="two")
    told.carry_out("community:a", rename("新名社区"), by=LI, command_id="three")

    assert [each.command_id for each in told.history("community:a")] == ["one", "three"]


def test_nothing_is_recorded_if_somebody_else_wrote_meanwhile(told: Simulation) -> None:
    told.tell("community:b", register("另社区"), by=LI, command_id="one")
    told.tell("community:a", register(), by=LI, command_id="two")
    with Record(told.url) as other:
        other.carry_out("community:a", register(), by=LI)
        head = other.head()

        with refused("record.changed-meanwhile"):
            told.record_told()

        assert (other.head(), other.state("community:b").version) == (head, 0)
    assert not told.has_recorded("one")
