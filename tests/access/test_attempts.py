"""Who guesses is locked out: by address, by login there, in the end by login; nobody else is."""

from collections import Counter

import pytest

from access.access import Access
from access.attempts import OF_LOGIN, OF_LOGIN_ANYWHERE, OF_NETWORK, network_of
from access.devices import KNOWN_FOR, KNOWN_MAX
from access.passwords import Passwords
from access.refusing import LockedOut
from access.sign_in import HERE, Source
from domain.kernel.refusal import Refused
from record.store.recorder import Datastore
from tests.access.conftest import PASSWORD, PASSWORD_2, SetClock
from tests.access.test_sign_in import Counting

ATTACKER, HOME = Source("203.0.113.7"), Source("198.51.100.9")


def tried(access: Access, login: str, password: str, source: Source) -> str:
    """The code of the answer; empty for a success."""
    try:
        access.sign_in.check(login, password, source=source)
    except Refused as refusal:
        return refusal.code
    return ""


def failing(access: Access, source: Source, times: int, *, login: str = "lina") -> Counter[str]:
    return Counter(tried(access, login, "wrong", source) for _ in range(times))


@pytest.mark.usefixtures("access")
def test_who_stuffs_credentials_is_locked_out_and_nobody_else(
    database_url: str, clock: SetClock
) -> None:
    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    with Datastore(database_url) as datastore:
        access = Access(datastore, clock=clock, passwords=Passwords(hasher))
        known = Source(ATTACKER.address, access.devices.remember("li.na", None))
        answers, told = Counter[str](), 0
        for number in range(200):  # two seconds of a hundred each
            clock.forward(seconds=0.01)
            try:
                access.sign_in.check(f"stolen{number}", "password", source=ATTACKER)
            except LockedOut as refusal:
                answers[refusal.code] += 1
                told += refusal.anew
            except Refused as refusal:
                answers[refusal.code] += 1

        guesses = OF_NETWORK.failed_max
        assert answers == {"sign-in.refused": guesses, "sign-in.network-locked": 200 - guesses}
        assert (hasher.verified, told) == (guesses, 1)
        assert rows_of(datastore) == 1 + 2 * guesses
        assert tried(access, "lina", PASSWORD, ATTACKER) == "sign-in.network-locked"
        assert tried(access, "lina", PASSWORD, HOME) == ""
        assert tried(access, "lina", PASSWORD, known) == ""
        clock.forward(minutes=15)
        assert tried(access, "lina", PASSWORD, ATTACKER) == ""


def rows_of(datastore: Datastore) -> int:
    with datastore.get_connection() as connection:
        row = connection.execute("select count(*) from access.attempts").fetchone()
    assert row is not None
    return int(row["count"])


def test_a_login_is_locked_where_it_was_guessed_and_not_where_its_person_is(
    access: Access, clock: SetClock
) -> None:
    browser = Source(ATTACKER.address, access.devices.remember("li.na", None))
    failing(access, ATTACKER, OF_LOGIN.failed_max)

    assert tried(access, "lina", PASSWORD, ATTACKER) == "sign-in.locked"
    assert tried(access, "lina", PASSWORD, HOME) == ""
    assert tried(access, "lina", PASSWORD, browser) == ""
    failing(access, browser, OF_LOGIN.failed_max)
    assert tried(access, "lina", PASSWORD, browser) == "sign-in.locked"
    clock.forward(minutes=1)
    assert tried(access, "lina", PASSWORD, ATTACKER) == ""


def test_a_login_that_many_addresses_guess_is_open_where_its_person_was_before(
    access: Access,
) -> None:
    known = Source(HOME.address, access.devices.remember("li.na", None))
    networks = OF_LOGIN_ANYWHERE.failed_max // OF_LOGIN.failed_max
    for number in range(networks):
        failing(access, Source(f"203.0.113.{number}"), OF_LOGIN.failed_max)

    assert tried(access, "lina", PASSWORD, HOME) == "sign-in.locked"
    assert tried(access, "lina", PASSWORD, known) == ""


def test_a_successful_sign_in_takes_back_only_itself(access: Access) -> None:
    access.accounts.add(person="eve", login="eve", password=PASSWORD_2)
    for _ in range(OF_NETWORK.failed_max - 1):
        assert tried(access, "eve", PASSWORD_2, ATTACKER) == ""
        failing(access, ATTACKER, 1, login=f"stolen{_}")

    assert tried(access, "eve", PASSWORD_2, ATTACKER) == ""
    assert failing(access, ATTACKER, 2, login="stolen") == {
        "sign-in.refused": 1,
        "sign-in.network-locked": 1,
    }


def test_a_browser_is_known_to_those_who_signed_in_there(access: Access, clock: SetClock) -> None:
    access.accounts.add(person="wang", login="wang", password=PASSWORD)
    planted = access.devices.remember("wang", None)
    token = access.devices.remember("li.na", planted)

    knows = access.devices.knows
    assert (knows(token, "li.na"), knows(token, "wang"), knows(token, "song")) == (
        True,
        True,
        False,
    )
    assert not knows(planted, "li.na"), "a token that somebody knew before is not kept"
    access.accounts.set_password("wang", PASSWORD_2)
    assert not knows(token, "wang")
    later = []
    for _ in range(KNOWN_MAX):
        clock.forward(seconds=1)
        later.append(access.devices.remember("li.na", None))
    assert [knows(each, "li.na") for each in (token, *later)] == [False, *[True] * KNOWN_MAX]
    clock.forward(seconds=KNOWN_FOR.total_seconds())
    assert not knows(later[-1], "li.na")


def test_what_no_longer_counts_is_forgotten_and_rows_are_bounded(
    access: Access, clock: SetClock, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    failing(access, ATTACKER, 3)
    clock.forward(days=1, seconds=1)
    failing(access, HOME, 1)
    with Datastore(database_url) as datastore:
        assert rows_of(datastore) == 3
        monkeypatch.setattr("access.attempts.ROWS_MAX", 2)
        clock.forward(minutes=1)
        failing(access, ATTACKER, 1, login="other")
        assert rows_of(datastore) == 2 + 3


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("a name", "a name"),
        (HERE.address, ""),
    ],
)
def test_an_address_of_ipv6_counts_with_its_network(address: str | None, network: str) -> None:
    assert network_of(address) == network
