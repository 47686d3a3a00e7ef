"""The operation log is kept like the record: added to, chained, never changed."""

from concurrent.futures import ThreadPoolExecutor
from typing import LiteralString

import pytest
from psycopg.errors import InsufficientPrivilege

from access.access import Access
from tests.databases import as_owner


def test_what_was_noted_is_read_in_order(access: Access) -> None:
    access.log.note("sign-in", succeeded=False, login="lina", code="sign-in.refused")
    access.log.note("sign-in", login="lina", person="li.na")
    access.log.note("refusal", succeeded=False, person="li.na", code="role.lacking")

    failed, succeeded, refusal = access.log.page(after=0, limit=9)
    assert [each.number for each in (failed, succeeded, refusal)] == [1, 2, 3]
    assert (failed.what, failed.succeeded, failed.code) == ("sign-in", False, "sign-in.refused")
    assert (succeeded.succeeded, succeeded.person, succeeded.code) == (True, "li.na", None)
    assert access.log.page(after=1, limit=1) == [succeeded]
    assert access.log.page(after=0, limit=9, what="sign-in") == [failed, succeeded]
    assert access.log.page(after=0, limit=9, person="li.na") == [succeeded, refusal]


def test_many_at_once_are_noted_without_gaps(access: Access) -> None:
    with ThreadPoolExecutor(8) as pool:
        [*pool.map(lambda number: access.log.note("key", subject=str(number)), range(24))]

    assert [each.number for each in access.log.page(after=0, limit=99)] == [*range(1, 25)]
    assert access.log.check().broken is None


CHANGES: list[LiteralString] = [
    "update access.operation_log set entry = entry",
    "delete from access.operation_log",
    "truncate access.operation_log",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_not_even_the_owner_changes_it(
    access: Access, database_url: str, statement: LiteralString
) -> None:
    access.log.note("sign-in", person="li.na")
    with as_owner(database_url) as owner, pytest.raises(InsufficientPrivilege):
        owner.execute(statement)


FORGERIES: list[tuple[LiteralString, int]] = [
    ("update access.operation_log set entry = replace(entry, 'wang', 'chen') where number = 2", 2),
    ("delete from access.operation_log where number = 2", 2),
    ("delete from access.operation_log where number = 1", 1),
    (
        "update access.operation_log set entry = replace(entry, 'wang', 'chen'),"
        " digest = sha256(convert_to(replace(entry, 'wang', 'chen'), 'UTF8')) where number = 2",
        3,
    ),
]


@pytest.mark.parametrize(("forgery", "broken"), FORGERIES)
def test_what_was_changed_past_the_trigger_is_found(
    access: Access, database_url: str, forgery: LiteralString, broken: int
) -> None:
    for person in ("li.na", "wang", "song"):
        access.log.note("sign-in", person=person)
    with as_owner(database_url) as owner:
        owner.execute("set local session_replication_role = replica")
        owner.execute(forgery)

    assert access.log.check().broken == broken


def test_a_flood_of_refusals_is_one_entry_and_a_number(access: Access, database_url: str) -> None:
    def flood(times: int, **facts: str) -> None:
        told = {"person": "li.na", "code": "role.lacking", "address": "192.0.2.1", **facts}
        with ThreadPoolExecutor(8) as pool:
            [*pool.map(lambda _: access.log.note("refusal", succeeded=False, **told), range(times))]

    def passes() -> None:
        """The minute is over."""
        with as_owner(database_url) as owner:
            owner.execute("update access.further set minute = minute - interval '1 minute'")

    flood(40)
    flood(2, person="wang")
    flood(20, address="2001:db8::1", request="r1")
    flood(20, address="2001:db8::2", request="r2")  # the same network
    passes()
    access.log.note("sign-in", person="song")

    entries = access.log.page(after=0, limit=99)
    assert len(entries) <= 3 * 2 * 2 + 1  # each of three kinds, in at most two minutes
    for person, times in (("li.na", 80), ("wang", 2)):
        of_them = [each for each in entries if each.person == person]
        assert sum(each.further or 1 for each in of_them) == times
    numbers = {each.number: each.person for each in entries}
    assert all(numbers[each.alike] == each.person for each in entries if each.alike)
    assert access.log.check().broken is None
