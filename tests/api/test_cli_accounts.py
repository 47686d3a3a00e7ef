"""`annals user`, `key`, `grant` and `revoke`: what whoever runs the server can do."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from access.access import Access
from access.refusing import NotSignedIn
from api.cli.serving import provider_of
from api.settings import Settings
from domain.person.registration import RegisterPerson
from domain.unit.registration import RegisterUnit
from record.store.record import Record
from tests.api.console import annals, done, refused_by
from tests.city import CITY, acting
from tests.databases import as_owner
from tests.refusing import refused, stopped


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
    return done(url, "user", "add", "王磊", "--login", "WangLei", "--json").json["items"][0]


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
    assert refused_by(database_url, "user", "add", "王雷") == "name.unknown"
    assert access.accounts.all() == []


def test_another_password_takes_the_place_of_a_forgotten_one(
    access: Access, database_url: str
) -> None:
    first = add(database_url)["password"]
    (second,) = done(database_url, "user", "password", "wl", "--json").json["items"]

    with refused("sign-in.refused", NotSignedIn):
        access.sign_in.check("wanglei", first)
    assert access.sign_in.check("wanglei", second["password"]) == "wang"


def test_an_account_is_locked_and_opened_again(access: Access, database_url: str) -> None:
    password = add(database_url)["password"]

    assert "王磊" in done(database_url, "user", "lock", "wang").out
    with refused("sign-in.refused", NotSignedIn):
        access.sign_in.check("wanglei", password)
    done(database_url, "user", "lock", "wang", "--open")
    assert access.sign_in.check("wanglei", password) == "wang"
    listed = done(database_url, "user", "list").out
    assert ("wanglei" in listed, "王磊" in listed) == (True, True)


def test_an_account_opened_without_a_login_has_the_name_of_its_person(
    access: Access, database_url: str
) -> None:
    done(database_url, "user", "add", "王磊")

    assert [each.login for each in access.accounts.all()] == ["王磊"]


def test_several_accounts_are_opened_all_or_none(access: Access, database_url: str) -> None:
    official = RegisterPerson(name="周敏", unit="u1", title="科长", effective_from=date(2020, 1, 1))
    with Record(database_url) as another:
        another.carry_out("person:min", official, by=acting("arbiter"))
    twice = ("user", "add", "周敏", "王磊", "wang")

    assert refused_by(database_url, *twice) == "account.there-already"
    assert access.accounts.all() == []
    opened = done(database_url, "user", "add", "周敏", "王磊", "--json").json["items"]
    assert [each["login"] for each in opened] == ["周敏", "王磊"]
    assert refused_by(database_url, *twice[:4]) == "account.there-already"


@pytest.mark.usefixtures("access")
def test_who_runs_the_server_grants_and_revokes_as_the_system(
    record: Record, database_url: str
) -> None:
    place = ("--jurisdiction", "绵阳市")
    done(database_url, "grant", "王磊", *place, "--reason", "首任授权管理人")
    (grant,) = record.state("authority:wang").grants.values()
    assert (grant.role, grant.place) == ("steward", f"jurisdiction:{CITY}")

    done(database_url, "revoke", "王磊", "--reason", "调离")

    roles = [entry.authority.role for entry in record.history("authority:wang")]
    assert roles == ["system", "system"]
    words = ("revoke", "wang", grant.grant, "--reason", "调离")
    assert refused_by(database_url, *words) == "authority.revoked-already"
    alone = ("revoke", "wang", "--reason", "调离")
    assert refused_by(database_url, *alone) == "command-line.no-grant"
    for role in ("decider", "arbiter"):
        done(database_url, "grant", "wang", "--role", role, "--reason", "任职")
    assert refused_by(database_url, *alone) == "command-line.several-grants"


def test_a_key_is_created_listed_rotated_and_revoked(
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
    new = done(database_url, "key", "rotate", "wang", made["key"], "--json").json
    assert access.keys.find(new["text"]).operations == access.keys.find(made["text"]).operations
    done(database_url, "key", "revoke", "wang", made["key"])
    with refused("key.not-in-force", NotSignedIn):
        access.keys.find(made["text"])


ISSUER = "https://id.example"


def test_an_account_is_linked_to_somebody_at_a_provider(access: Access, database_url: str) -> None:
    link = ("user", "link", "wang", "--subject", "248")
    assert refused_by(database_url, *link) == "openid.settings-missing"
    done(database_url, *link, ANNALS_OIDC_ISSUER=ISSUER)

    (identity,) = access.identities.of("wang")
    assert (identity.issuer, identity.subject, identity.linked_by) == (ISSUER, "248", "li.na")
    assert access.identities.person(ISSUER, {"sub": "248"}, None) == "wang"
    done(database_url, "user", "link", "wang", "--expect", "wanglei", "--issuer", ISSUER)
    assert [each.expected for each in access.identities.of("wang")] == ["wanglei"]
    access.accounts.add(person="zhao", login="zhao", password="Chushi-2024 mima")
    with refused("openid.linked-already"):
        access.identities.link("zhao", issuer=ISSUER, subject=None, expected="wanglei", by="song")
    done(database_url, "user", "unlink", "wang", "--issuer", ISSUER)
    assert refused_by(database_url, "user", "unlink", "wang", "--issuer", ISSUER) == (
        "openid.no-link"
    )


def test_a_provider_is_set_whole_over_tls_and_with_a_secret(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s" * 20)
    sound = Settings(
        oidc_issuer=ISSUER,
        oidc_client_id="annals",
        oidc_client_secret_file=secret,
        oidc_redirect_base="https://annals.example",
    )

    provider = provider_of(sound)
    assert provider is not None
    assert provider.client.callback == "https://annals.example/sign-in/openid/callback"
    assert provider_of(Settings()) is None
    with stopped("openid.settings-missing"):
        provider_of(Settings(oidc_issuer=ISSUER))
    for changed in ({"oidc_issuer": "http://id.example"}, {"oidc_redirect_base": "annals"}):
        with stopped("openid.address-unfit"):
            provider_of(sound.model_copy(update=changed))
    secret.write_text("short")
    with stopped("openid.secret-short"):
        provider_of(sound)


@pytest.mark.usefixtures("access")
def test_whoever_runs_the_server_checks_and_exports_the_operation_log(database_url: str) -> None:
    add(database_url)
    done(database_url, "grant", "wang", "--reason", "首位")
    found = done(database_url, "log", "verify", "--json").json
    assert (found["entries"], found["broken"]) == (2, None)
    lines = done(database_url, "log", "export").out.splitlines()
    told = [json.loads(json.loads(each)["entry"]) for each in lines]
    assert [(each["what"], each.get("subject")) for each in told] == [
        ("account", "wang"),
        ("rights", "authority:wang"),
        ("export", None),
    ]
    with as_owner(database_url) as owner:
        owner.execute("set local session_replication_role = replica")
        owner.execute("delete from access.operation_log where number = 1")

    assert annals(database_url, "log", "verify").reason.code == "operation-log.broken"  # type: ignore[union-attr]
