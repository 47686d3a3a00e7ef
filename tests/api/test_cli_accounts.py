"""`annals user`, `key`, `grant` and `revoke`: what whoever runs the server can do."""

from datetime import date
from typing import Any

import pytest

from access.access import Access
from access.refusing import NotSignedIn
from domain.person.registration import RegisterPerson
from domain.unit.registration import RegisterUnit
from record.store.record import Record
from tests.api.console import done, refused_by
from tests.city import CITY, acting
from tests.refusing import refused


@pytest.fixture
def access(record: Record) -> Access:
    """A founded city with an official, 王磊."""
    office = RegisterUnit(
        name="民政局",
        unit_kind="government-office",
        jurisdiction=CITY,
        effective_from=date(2019, 1, 1),
    )
    official = RegisterPerson(name="王磊", unit="u1", title="科员", effective_from=date(2020, 1, 1))
    record.carry_out("unit:u1", office, by=acting("arbiter"))
    record.carry_out("person:wang", official, by=acting("arbiter"))
    return Access(record.recorder.datastore)


def add(url: str) -> Any:
    return done(url, "user", "add", "wang", "--login", "WangLei", "--json").json


def test_an_account_begins_with_a_password_that_has_to_be_changed(
    access: Access, database_url: str
) -> None:
    given = add(database_url)

    person = access.sign_in.check("wanglei", given["password"])
    token = access.sessions.begin(person, address=None, agent=None)
    assert (person, access.sessions.find(token).password_due) == ("wang", True)
    assert refused_by(database_url, "user", "add", "wang") == "account.there-already"
    (listed,) = done(database_url, "user", "list", "--json").json["items"]
    assert (listed["login"], listed["closed_at"]) == ("wanglei", None)
    assert "password" not in listed


def test_only_somebody_on_record_gets_an_account(access: Access, database_url: str) -> None:
    assert refused_by(database_url, "user", "add", "nobody") == "subject.not-on-record"
    assert access.accounts.all() == []


def test_another_password_takes_the_place_of_a_forgotten_one(
    access: Access, database_url: str
) -> None:
    first = add(database_url)["password"]
    second = done(database_url, "user", "password", "wang", "--json").json["password"]

    with refused("sign-in.refused", NotSignedIn):
        access.sign_in.check("wanglei", first)
    assert access.sign_in.check("wanglei", second) == "wang"


def test_an_account_is_locked_and_opened_again(access: Access, database_url: str) -> None:
    password = add(database_url)["password"]

    done(database_url, "user", "lock", "wang")
    with refused("sign-in.refused", NotSignedIn):
        access.sign_in.check("wanglei", password)
    done(database_url, "user", "lock", "wang", "--open")
    assert access.sign_in.check("wanglei", password) == "wang"
    assert "wanglei" in done(database_url, "user", "list").out


@pytest.mark.usefixtures("access")
def test_who_runs_the_server_grants_and_revokes_as_the_system(
    record: Record, database_url: str
) -> None:
    done(database_url, "grant", "wang", "--reason", "首任授权管理人")
    (grant,) = record.state("authority:wang").grants.values()
    assert (grant.role, grant.place) == ("steward", f"jurisdiction:{CITY}")

    done(database_url, "revoke", "wang", grant.grant, "--reason", "调离")

    roles = [entry.authority.role for entry in record.history("authority:wang")]
    assert roles == ["system", "system"]
    words = ("revoke", "wang", grant.grant, "--reason", "调离")
    assert refused_by(database_url, *words) == "authority.revoked-already"


def test_a_key_is_created_listed_and_revoked(
    record: Record, access: Access, database_url: str
) -> None:
    done(database_url, "grant", "wang", "--role", "integrator", "--reason", "数据中台")
    (grant,) = record.state("authority:wang").grants
    words = ("key", "create", "wang", "--title", "数据中台", "--operation", "tasks.*", "--json")
    assert refused_by(database_url, *words, "--grant", "other") == "authority.no-such-grant"
    made = done(database_url, *words, "--grant", grant).json

    assert access.keys.find(made["text"]).created_by == "li.na"
    listed = done(database_url, "key", "list")
    assert made["key"] in listed.out
    assert made["text"] not in listed.out
    done(database_url, "key", "revoke", "wang", made["key"])
    with refused("key.not-in-force", NotSignedIn):
        access.keys.find(made["text"])
