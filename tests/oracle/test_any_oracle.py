"""The reads show what an independent fold of the raw entries gives, whatever was asked for in
whatever order: on several days, as known at several positions."""

from collections.abc import Iterable
from typing import Any, get_args

from fastapi import FastAPI
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.kernel.context import Role
from domain.kernel.refusal import NotAuthorised, Refused
from record.store.record import Record
from tests.api.clerk import at_the_door
from tests.city import CITY, FOUND, acting, establish
from tests.databases import Databases
from tests.domain.test_any_sequence import COMMANDS as OF_COMMUNITIES
from tests.domain.test_any_sequence import IDS, TWO_STAND, _naming_an_entry
from tests.domain.work import BEGINNINGS, COMMANDS, COUNCIL, OWN, Offices, sequences
from tests.oracle.asked import differences, entries_in
from tests.oracle.oracle import Oracle

PLACES: tuple[tuple[str, Any, str, str, str | None], ...] = (
    ("d1", "district", "涪城区", CITY, "510703"),
    ("k", "county", "三台县", CITY, "510722"),
    ("s1", "subdistrict", "城厢街道", "d1", "510703001"),
    ("s2", "subdistrict", "城北街道", "d1", "510703002"),
    ("t1", "town", "潼川镇", "k", "510722100"),
)
DAYS = ("2021-01-01", "2022-01-01", "2022-07-01", "2023-03-01", "2024-01-02")
TWO_DAYS = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS))
Asked = Iterable[tuple[str, Any, str]]
# To make an example smaller takes a database a step: minutes. By hand, add Phase.shrink.
UNSHRUNK = (Phase.explicit, Phase.generate)


def carried_out(record: Record, asked: Asked) -> None:
    """Ask for it, each time in the role that may; what is refused is passed over."""
    record.carry_out("record", FOUND, by=acting("arbiter"))
    for id, level, name, parent, code in PLACES:
        establish(record, id, level, name, parent, code)
    for stream, command, person in asked:
        for role in get_args(Role):
            try:
                record.carry_out(stream, command, by=acting(role, person, CITY))
            except NotAuthorised:
                continue
            except Refused:
                pass
            break


def compared(app: FastAPI, url: str, days: tuple[str, str]) -> None:
    """The reads of this record show what the oracle says, today and as known before."""
    entries = entries_in(url)
    with at_the_door(app, url) as clerk:
        clerk.catch_up()
        for day, known in zip(days, (None, len(entries) * 2 // 3), strict=True):
            assert differences(clerk, Oracle(entries[:known]), day, known) == []


@settings(max_examples=5, deadline=None, phases=UNSHRUNK, derandomize=True)
@given(st.lists(st.tuples(IDS, OF_COMMUNITIES), min_size=15, max_size=40), TWO_DAYS)
def test_any_sequence_about_communities_is_shown_as_its_entries_have_it(
    databases: Databases, app: FastAPI, asked: list[tuple[str, Any]], days: tuple[str, str]
) -> None:
    with databases.lent() as url:
        with Record(url) as record:

            def each() -> Asked:
                for number, (id, command) in enumerate([*TWO_STAND, *asked]):
                    stream = f"community:{id}"
                    version = record.state(stream).version
                    yield stream, _naming_an_entry(command, version), f"person-{number}"

            carried_out(record, each())
        compared(app, url, days)


@settings(max_examples=5, deadline=None, phases=UNSHRUNK, derandomize=True)
@given(st.sampled_from([COUNCIL, COUNCIL, OWN]), TWO_DAYS, st.data())
def test_any_sequence_about_work_is_shown_as_its_entries_have_it(
    databases: Databases, app: FastAPI, of: str, days: tuple[str, str], data: Any
) -> None:
    asked = data.draw(sequences(COMMANDS[of]))
    with databases.lent() as url:
        with Record(url) as record:

            def each() -> Asked:
                yield from ((f"community:{id}", command, "li") for id, command in TWO_STAND)
                yield from ((of, command, "li") for command in BEGINNINGS[of])
                tasks: dict[str, None] = {}
                seen = 0
                for one in asked:
                    for entry in record.entries(after=seen):
                        seen = entry.position
                        if entry.stream.startswith("task:"):
                            tasks[entry.stream] = None
                    if one.task is not None and not tasks:
                        continue
                    stream = of if one.task is None else [*tasks][one.task % len(tasks)]
                    state = record.state(stream)
                    yield stream, Offices().fitting(one.command, state), one.person

            carried_out(record, each())
        compared(app, url, days)
