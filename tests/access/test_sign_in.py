"""Signing in: who somebody is, and what who tries learns."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher

from access.access import Access
from access.accounts import Accounts
from access.attempts import OF_LOGIN
from access.kernel import Database
from access.passwords import Passwords, require_strong
from access.refusing import LockedOut, NotSignedIn
from access.second_factor import SecondFactors
from access.sign_in import SignIn
from domain.kernel.refusal import NotOnRecord, Refused
from record.store.recorder import Datastore
from tests.access.conftest import PASSWORD, PASSWORD_2, SetClock
from tests.databases import as_owner
from tests.refusing import refused

FAILED_MAX = OF_LOGIN.failed_max


class Counting(PasswordHasher):
    """Counts how often a password is compared with a hash."""

    verified = 0

    def verify(self, hash: Any, password: Any) -> Any:
        self.verified += 1
        return super().verify(hash, password)


def wrong(access: Access, login: str = "lina") -> str:
    """The code with which a wrong password is answered."""
    with pytest.raises(Refused) as caught:
        access.sign_in.check(login, "wrong")
    return caught.value.code


def test_who_gives_login_and_password_is_that_person(access: Access) -> None:
    assert access.sign_in.check(" lina ", PASSWORD) == "li.na"
    with refused("sign-in.refused", NotSignedIn):
        access.sign_in.check("lina", PASSWORD_2)
    with refused("sign-in.refused", NotSignedIn):
        access.sign_in.check("nobody", PASSWORD)


def test_a_closed_account_signs_in_as_little_as_one_that_is_not_there(access: Access) -> None:
    access.accounts.close("li.na")
    with refused("sign-in.refused", NotSignedIn):
        access.sign_in.check("lina", PASSWORD)

    access.accounts.reopen("li.na")
    assert access.sign_in.check("lina", PASSWORD) == "li.na"


def test_an_unknown_login_costs_the_work_of_a_known_one(database_url: str) -> None:
    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    with Datastore(database_url) as datastore:
        access = Access(datastore, passwords=Passwords(hasher))
        for person in ("li.na", "closed", "careful"):
            access.accounts.add(person=person, login=person, password=PASSWORD)
        access.accounts.close("closed")
        with as_owner(database_url) as owner:
            owner.execute(
                "insert into access.second_factors (person, secret, confirmed_at)"
                " values ('careful', 'sealed', now())"
            )
        for login in ("li.na", "nobody", "closed", "careful", "x" * 64):
            before = hasher.verified
            assert wrong(access, login) == "sign-in.refused"
            with refused("sign-in.refused", NotSignedIn):
                access.sign_in.change_password(login, old="wrong", new=PASSWORD_2)
            assert hasher.verified == before + 2, login
        for _ in range(FAILED_MAX):
            wrong(access, "nobody")
            wrong(access, "li.na")
        before = hasher.verified
        assert (wrong(access, "nobody"), wrong(access, "li.na")) == ("sign-in.locked",) * 2
        assert hasher.verified == before, "who is locked out costs nothing, known or not"


@pytest.mark.parametrize("login", ["lina", "nobody"])
def test_after_five_failures_a_login_is_locked_whether_or_not_it_exists(
    access: Access, login: str
) -> None:
    assert [wrong(access, login) for _ in range(FAILED_MAX + 1)] == [
        *["sign-in.refused"] * FAILED_MAX,
        "sign-in.locked",
    ]
    with refused("sign-in.locked", LockedOut):
        access.sign_in.check(login, PASSWORD)
    assert access.sign_in.check("lina", PASSWORD) if login == "nobody" else True


def test_each_further_failure_locks_for_twice_as_long_up_to_an_hour(
    access: Access, clock: SetClock
) -> None:
    for _ in range(FAILED_MAX - 1):
        wrong(access)
    minutes = []
    for _ in range(9):
        assert wrong(access) == "sign-in.refused"
        with refused("sign-in.locked", LockedOut) as caught:
            access.sign_in.check("lina", PASSWORD)
        assert isinstance(caught.value, LockedOut)
        minutes.append(caught.value.params["minutes"])
        clock.forward(seconds=caught.value.seconds)

    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert access.sign_in.check("lina", PASSWORD) == "li.na"
    assert wrong(access) == "sign-in.refused"


def test_failures_are_forgotten_after_a_day_and_with_a_success(
    access: Access, clock: SetClock
) -> None:
    for _ in range(3):
        for _ in range(FAILED_MAX - 1):
            wrong(access)
        assert access.sign_in.check("lina", PASSWORD) == "li.na"
    for _ in range(FAILED_MAX):
        wrong(access)
    clock.forward(days=1, seconds=1)
    assert [wrong(access) for _ in range(2)] == ["sign-in.refused"] * 2


def test_of_many_guesses_at_once_only_five_are_compared(access: Access) -> None:
    with ThreadPoolExecutor(8) as pool:
        codes = [*pool.map(lambda _: wrong(access), range(24))]

    assert codes.count("sign-in.refused") == FAILED_MAX
    assert codes.count("sign-in.locked") == 24 - FAILED_MAX


def test_no_secret_can_be_read_in_the_database(access: Access, database_url: str) -> None:
    session = access.sessions.begin("li.na", address=None, agent=None)
    with psycopg.connect(database_url) as owner:
        rows = owner.execute("select a::text, s::text from access.accounts a, access.sessions s")
        texts = "".join(text for row in rows for text in row)

    assert "$argon2id$" in texts
    assert not [secret for secret in (PASSWORD, session) if secret in texts]


@pytest.mark.usefixtures("access")
def test_a_password_is_kept_under_newer_parameters_once_it_is_given(
    database_url: str, clock: SetClock
) -> None:
    with Datastore(database_url) as datastore:
        newer = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
        database = Database(datastore, clock)
        accounts = Accounts(database, newer)
        sign_in = SignIn(database, accounts, SecondFactors(database), newer)
        before = accounts.credentials("lina")

        assert sign_in.check("lina", PASSWORD) == "li.na"

        after = accounts.credentials("lina")
        assert before
        assert after
        assert "m=8,t=1" in before.password
        assert "m=16,t=2" in after.password
        assert sign_in.check("lina", PASSWORD) == "li.na"


def test_a_person_has_one_account_and_a_login_belongs_to_one(access: Access) -> None:
    for person, login in (("li.na", "other"), ("other", "LINA")):
        with refused("account.there-already"):
            access.accounts.add(person=person, login=login, password=PASSWORD)
    with refused("account.not-there", NotOnRecord):
        access.accounts.account("other")
    assert [each.login for each in access.accounts.all()] == ["lina"]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Ab1-short", "password.length"),
        ("A1-" + "x" * 126, "password.length"),
        ("onlysmallletters", "password.too-plain"),
        ("small4digits9", "password.too-plain"),
        ("Lina-2024-lina", "password.has-login"),
    ],
)
def test_a_password_is_strong(password: str, code: str) -> None:
    with refused(code):
        require_strong(password, "lina")


def test_a_sentence_in_chinese_is_a_password() -> None:
    require_strong("玉兰花开在城厢街道的春天里", "lina")


def test_a_password_from_somebody_else_is_due_at_once_and_ones_own_after_90_days(
    access: Access, clock: SetClock
) -> None:
    def due() -> bool:
        token = access.sessions.begin("li.na", address=None, agent=None)
        return access.sessions.find(token).password_due

    assert not due()
    clock.forward(days=90)
    assert due()
    access.sign_in.change_password("lina", old=PASSWORD, new=PASSWORD_2)
    assert not due()
    access.accounts.set_password("li.na", PASSWORD)
    assert due()


def test_who_changes_a_password_knows_the_old_one_and_chooses_another(access: Access) -> None:
    with refused("sign-in.refused", NotSignedIn):
        access.sign_in.change_password("lina", old=PASSWORD_2, new=PASSWORD_2)
    with refused("password.unchanged"):
        access.sign_in.change_password("lina", old=PASSWORD, new=PASSWORD)
