"""Sessions and keys: what stands for a person who has signed in, and until when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from access.access import Access
from access.keys import IN_FORCE_MAX, NewKey
from access.refusing import NotSignedIn
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from tests.access.conftest import PASSWORD, PASSWORD_2, SetClock
from tests.refusing import refused


def begin(access: Access) -> str:
    return access.sessions.begin("li.na", address="127.0.0.1", agent="browser")


def create(access: Access, **fields: Any) -> NewKey:
    asked: dict[str, Any] = {
        "person": "li.na",
        "grant": "g1",
        "title": "数据中台",
        "operations": ("tasks.*", "communities.get"),
        "lasts": timedelta(days=30),
        "by": "li.na",
    }
    return access.keys.create(**{**asked, **fields})


def test_a_token_leads_to_its_session(access: Access) -> None:
    token, another = begin(access), begin(access)

    session = access.sessions.find(token)
    assert (session.person, session.login, session.agent) == ("li.na", "lina", "browser")
    assert token != another
    with refused("session.ended", NotSignedIn):
        access.sessions.find(token[:-1])


def test_a_session_ends_after_half_an_hour_without_use(access: Access, clock: SetClock) -> None:
    token = begin(access)
    for _ in range(3):
        clock.forward(minutes=29)
        assert access.sessions.find(token)
    clock.forward(minutes=30)
    with refused("session.ended", NotSignedIn):
        access.sessions.find(token)


def test_a_session_ends_after_twelve_hours_however_it_is_used(
    access: Access, clock: SetClock
) -> None:
    token = begin(access)
    for _ in range(12 * 4 - 1):
        clock.forward(minutes=15)
        access.sessions.find(token)
    clock.forward(minutes=15)
    with refused("session.ended", NotSignedIn):
        access.sessions.find(token)
    assert access.sessions.of("li.na") == []


def test_people_see_and_end_their_own_sessions(access: Access, clock: SetClock) -> None:
    first = access.sessions.find(begin(access))
    clock.forward(minutes=1)
    token = begin(access)
    second = access.sessions.find(token)

    assert access.sessions.of("li.na") == [second, first]
    with refused("session.not-there", NotOnRecord):
        access.sessions.end("wang", second.session)
    access.sessions.end("li.na", second.session)
    with refused("session.ended", NotSignedIn):
        access.sessions.find(token)
    assert access.sessions.of("li.na") == [first]


ENDINGS: list[Callable[[Access], None]] = [
    lambda access: access.accounts.close("li.na"),
    lambda access: access.accounts.set_password("li.na", PASSWORD_2),
    lambda access: access.sign_in.change_password("lina", old=PASSWORD, new=PASSWORD_2),
]


@pytest.mark.parametrize("ending", ENDINGS)
def test_all_sessions_end_with_the_account_and_with_its_password(
    access: Access, ending: Callable[[Access], None]
) -> None:
    tokens = [begin(access) for _ in range(2)]

    ending(access)

    for token in tokens:
        with refused("session.ended", NotSignedIn):
            access.sessions.find(token)


def test_a_key_stands_for_a_person_and_a_grant_in_its_operations(access: Access) -> None:
    new = create(access)

    key = access.keys.find(new.text)
    assert new.text.startswith(f"annals_{key.prefix}_")
    assert (key.person, key.grant) == ("li.na", "g1")
    for operation in ("tasks.list", "tasks.assign", "communities.get"):
        key.require_operation(operation)
    for operation in ("communities.list", "rounds.list"):
        with refused("key.not-for-operation", NotAuthorised):
            key.require_operation(operation)


def test_no_other_text_is_a_key(access: Access) -> None:
    text = create(access).text
    for other in ("", "annals", f"{text}x", text[:-1], f"annals_00000000_{text[16:]}"):
        with refused("key.not-in-force", NotSignedIn):
            access.keys.find(other)
    swapped = text[:-1] + ("A" if text[-1] != "A" else "B")
    with refused("key.not-in-force", NotSignedIn):
        access.keys.find(swapped)


def test_a_key_ends_by_its_day_and_by_being_revoked(access: Access, clock: SetClock) -> None:
    first, second = create(access), create(access)

    access.keys.revoke("li.na", first.key.prefix)
    with refused("key.ended-already"):
        access.keys.revoke("li.na", first.key.prefix)
    with refused("key.not-in-force", NotSignedIn):
        access.keys.find(first.text)
    clock.forward(days=30)
    with refused("key.not-in-force", NotSignedIn):
        access.keys.find(second.text)


def test_when_a_key_was_last_used_is_known(access: Access, clock: SetClock) -> None:
    new = create(access)
    assert new.key.last_used_at is None
    access.keys.find(new.text)
    used_at = clock.now
    clock.forward(seconds=30)
    access.keys.find(new.text)

    assert access.keys.key("li.na", new.key.prefix).last_used_at == used_at


def test_a_rotated_key_works_for_a_week_beside_the_new_one(access: Access, clock: SetClock) -> None:
    old = create(access)
    clock.forward(days=20)
    new = access.keys.rotate("li.na", old.key.prefix, by="li.na")

    assert new.key.operations == old.key.operations
    assert new.key.expires_at == clock.now + timedelta(days=30)
    assert access.keys.find(old.text)
    clock.forward(days=7)
    with refused("key.not-in-force", NotSignedIn):
        access.keys.find(old.text)
    with refused("key.ended-already"):
        access.keys.rotate("li.na", old.key.prefix, by="li.na")
    assert access.keys.find(new.text)


def test_keys_are_few_and_last_a_year_at_most(access: Access) -> None:
    for lasts in (timedelta(days=367), timedelta(0)):
        with refused("key.lasts-too-long"):
            create(access, lasts=lasts)
    for _ in range(IN_FORCE_MAX):
        create(access)
    with refused("key.too-many"):
        create(access)


def test_people_rotate_and_revoke_only_their_own_keys(access: Access) -> None:
    prefix = create(access).key.prefix

    with refused("key.not-there", NotOnRecord):
        access.keys.revoke("wang", prefix)
    with refused("key.not-there", NotOnRecord):
        access.keys.rotate("wang", prefix, by="wang")


def test_keys_end_with_the_account(access: Access) -> None:
    text = create(access).text

    access.accounts.close("li.na")
    access.accounts.reopen("li.na")

    with refused("key.not-in-force", NotSignedIn):
        access.keys.find(text)
