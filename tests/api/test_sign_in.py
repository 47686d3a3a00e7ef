"""Signing in over HTTP: the cookie, what it opens, and what another site cannot do with it."""

from datetime import date
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from access.access import Access
from domain.authority.granting import GrantAuthority, RevokeAuthority
from domain.person.registration import RegisterPerson
from domain.unit.registration import RegisterUnit
from record.store.record import Record
from tests.api.clerk import ADDRESS, Clerk
from tests.city import CITY, SUBDISTRICT, SUBDISTRICT_2, acting, found, register

INITIAL, PASSWORD, PASSWORD_2 = "Chushi-2024 mima", "Yulan-2024 kai", "Mudan-2025 kai"
STEWARD = acting("steward", "song", CITY)
RENAME = {"name": "钟楼社区", "effective_from": "2024-07-01"}


class Desk:
    """李娜 at a browser, with an account whose password she has chosen."""

    def __init__(self, clerk: Clerk) -> None:
        self.client = clerk.bare
        self.record: Record = self.client.app.state.record  # type: ignore[attr-defined]
        self.access: Access = self.client.app.state.access  # type: ignore[attr-defined]

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api/v1{path}", json=body, headers=named)

    def sign_in(self, password: str = PASSWORD, **more: str) -> Any:
        return self.post("/sign-in", {"login": "lina", "password": password, **more})

    def rename(self, key: str = "k1", **headers: str) -> Any:
        return self.post("/communities/a/names", RENAME, Idempotency_Key=key, **headers)

    def grant(self, role: Any = "decider", jurisdiction: str = SUBDISTRICT) -> str:
        """Grant her an authority; its id."""
        command = GrantAuthority(
            role=role, jurisdiction=jurisdiction, effective_from=self.record.today()
        )
        before = self.record.state("authority:li.na").grants.keys()
        self.record.carry_out("authority:li.na", command, by=STEWARD)
        (grant,) = self.record.state("authority:li.na").grants.keys() - before
        return str(grant)

    def revoke(self, grant: str) -> None:
        command = RevokeAuthority(grant=grant, reason="调离岗位")
        self.record.carry_out("authority:li.na", command, by=STEWARD)


def desk_of(clerk: Clerk) -> Desk:
    """The desk in a founded city where she has an account."""
    desk = Desk(clerk)
    found(desk.record)
    office = RegisterUnit(
        name="城厢街道办事处",
        unit_kind="government-office",
        jurisdiction=SUBDISTRICT,
        effective_from=date(2019, 1, 1),
    )
    official = RegisterPerson(name="李娜", unit="u1", title="科员", effective_from=date(2020, 1, 1))
    desk.record.carry_out("unit:u1", office, by=acting("arbiter"))
    desk.record.carry_out("person:li.na", official, by=acting("arbiter"))
    desk.record.carry_out("community:a", register(), by=acting("arbiter"))
    desk.access.accounts.add(person="li.na", login="lina", password=INITIAL)
    desk.access.sign_in.change_password("lina", old=INITIAL, new=PASSWORD)
    return desk


@pytest.fixture
def desk(clerk: Clerk) -> Desk:
    return desk_of(clerk)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_who_signs_in_gets_a_cookie_that_no_script_reads(desk: Desk) -> None:
    grant = desk.grant()
    answer = desk.sign_in()

    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("annals=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert answer.headers["cache-control"] == "no-store"
    shown = desk.client.get("/api/v1/session").json()
    assert (shown["person"], shown["password_due"]) == ("li.na", False)
    assert [each["grant"] for each in shown["authorities"]] == [grant]
    assert PASSWORD not in answer.text


@pytest.mark.usefixtures("desk")
def test_over_tls_the_cookie_is_for_this_host_and_for_tls_only(app: FastAPI) -> None:
    client = TestClient(app, ADDRESS.replace("http:", "https:"))
    answer = client.post("/api/v1/sign-in", json={"login": "lina", "password": PASSWORD})

    assert answer.headers["set-cookie"].startswith("__Host-annals=")
    assert "Secure" in answer.headers["set-cookie"]
    assert client.get("/api/v1/session").status_code == 200
    assert client.post("/api/v1/sign-out").status_code == 204


def test_a_wrong_password_is_answered_in_the_same_way_as_an_unknown_login(desk: Desk) -> None:
    wrong = desk.sign_in("wrong")
    unknown = desk.post("/sign-in", {"login": "nobody", "password": PASSWORD})

    assert code(wrong) == code(unknown) == (401, "sign-in.refused")
    assert wrong.json() == unknown.json()
    assert "set-cookie" not in wrong.headers


def test_a_login_that_is_locked_says_when_to_try_again(desk: Desk) -> None:
    for _ in range(5):
        assert code(desk.sign_in("wrong")) == (401, "sign-in.refused")
    answer = desk.sign_in()

    assert code(answer) == (429, "sign-in.locked")
    assert 0 < int(answer.headers["retry-after"]) <= 60


def test_a_browser_that_is_known_is_not_locked_by_what_others_try(desk: Desk, app: FastAPI) -> None:
    cookie = desk.sign_in().headers.get_list("set-cookie")[1]
    assert cookie.startswith("annals-device=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    elsewhere = TestClient(app, ADDRESS)
    body = {"login": "lina", "password": "wrong"}
    answers = [elsewhere.post("/api/v1/sign-in", json=body).status_code for _ in range(8)]

    assert answers == [401] * 5 + [429] * 3
    assert desk.sign_in().status_code == 200
    noted = [each.code for each in desk.access.log.page(after=0, limit=99) if not each.succeeded]
    assert noted == ["sign-in.refused"] * 5 + ["sign-in.locked"], "each lock is noted once"


def test_who_signs_in_acts_under_their_grant_for_the_unit_of_their_post(desk: Desk) -> None:
    grant = desk.grant()
    desk.sign_in()

    assert desk.rename().status_code == 201

    entry = desk.record.history("community:a")[-1]
    assert (entry.actor.person, entry.actor.unit) == ("li.na", "u1")
    assert (entry.authority.role, entry.authority.grant) == ("decider", grant)


def test_under_which_of_several_grants_somebody_acts_is_chosen(desk: Desk) -> None:
    first, second = desk.grant("decider"), desk.grant("decider", SUBDISTRICT_2)
    desk.sign_in()

    assert code(desk.rename()) == (403, "authority.not-chosen")
    assert code(desk.rename(Annals_Authority=second)) == (403, "place.out-of-scope")
    assert code(desk.rename(Annals_Authority="another")) == (404, "authority.no-such-grant")
    assert desk.rename(Annals_Authority=first).status_code == 201
    desk.revoke(first)
    assert code(desk.rename("k2", Annals_Authority=first)) == (403, "authority.not-in-force")


def test_without_a_grant_nothing_is_done(desk: Desk) -> None:
    desk.sign_in()
    assert code(desk.rename()) == (403, "authority.none-in-force")

    desk.revoke(desk.grant())
    assert code(desk.rename()) == (403, "authority.none-in-force")


def test_a_session_counts_and_not_what_a_header_says_beside_it(desk: Desk) -> None:
    desk.sign_in()
    header = f"person=wang; unit=u1; role=arbiter; jurisdiction={CITY}"

    assert code(desk.rename(Annals_Actor=header)) == (403, "authority.none-in-force")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "cross-site", "Origin": ADDRESS},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Origin": "null"},
    ],
)
def test_a_page_of_another_site_changes_nothing(desk: Desk, headers: dict[str, str]) -> None:
    desk.grant()
    body = {"login": "lina", "password": PASSWORD}
    assert code(desk.post("/sign-in", body, **headers)) == (403, "request.from-another-site")
    desk.sign_in()

    for path in ("/sign-out", "/session/second-factor"):
        assert code(desk.post(path, **headers)) == (403, "request.from-another-site")
    assert code(desk.rename(**headers)) == (403, "request.from-another-site")
    assert desk.rename(Sec_Fetch_Site="same-origin", Origin=ADDRESS).status_code == 201


def test_a_token_that_was_put_in_before_is_not_the_one_of_the_session(desk: Desk) -> None:
    desk.client.cookies.set("annals", "planted", domain="127.0.0.1")
    assert code(desk.client.get("/api/v1/session")) == (401, "session.ended")
    desk.client.cookies.clear()
    desk.sign_in()
    before = desk.client.cookies["annals"]
    desk.sign_in()

    assert desk.client.cookies["annals"] != before
    assert len(desk.access.sessions.of("li.na")) == 1


def test_who_signs_out_is_out_wherever_the_cookie_went(desk: Desk) -> None:
    desk.grant()
    desk.sign_in()
    token = desk.client.cookies["annals"]

    assert desk.post("/sign-out").status_code == 204
    assert "annals" not in desk.client.cookies
    desk.client.cookies.set("annals", token, domain="127.0.0.1")
    assert code(desk.client.get("/api/v1/session")) == (401, "session.ended")
    assert code(desk.rename()) == (401, "session.ended")


def test_people_see_and_end_their_own_sessions(desk: Desk, app: FastAPI) -> None:
    elsewhere = TestClient(app, ADDRESS, headers={"User-Agent": "elsewhere"})
    elsewhere.post("/api/v1/sign-in", json={"login": "lina", "password": PASSWORD})
    desk.sign_in()
    items = desk.client.get("/api/v1/sign-in/sessions").json()["items"]
    assert [(each["agent"], each["current"]) for each in items] == [
        ("testclient", True),
        ("elsewhere", False),
    ]

    path = f"/api/v1/sign-in/sessions/{items[1]['session']}"
    assert desk.client.delete(path).status_code == 204
    assert code(desk.client.delete(path)) == (404, "session.not-there")
    assert code(elsewhere.get("/api/v1/session")) == (401, "session.ended")
    assert len(desk.client.get("/api/v1/sign-in/sessions").json()["items"]) == 1


def test_nobody_sees_anything_of_accounts_without_a_session(desk: Desk) -> None:
    for path in ("session", "sign-in/sessions", "keys"):
        answer = desk.client.get(f"/api/v1/{path}")
        assert code(answer) == (401, "session.needed")
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_password_from_somebody_else_opens_nothing_but_its_change(desk: Desk) -> None:
    desk.grant()
    desk.access.accounts.set_password("li.na", INITIAL)
    assert desk.sign_in(INITIAL).json()["password_due"]
    assert code(desk.rename()) == (403, "session.password-due")
    assert code(desk.client.get("/api/v1/sign-in/sessions")) == (403, "session.password-due")
    before = desk.client.cookies["annals"]

    body = {"old": INITIAL, "new": PASSWORD_2}
    assert desk.post("/session/password", body).json()["password_due"] is False

    assert desk.client.cookies["annals"] != before
    assert desk.rename().status_code == 201
    assert code(desk.sign_in(INITIAL)) == (401, "sign-in.refused")
    assert code(desk.post("/session/password", body)) == (401, "sign-in.refused")


def test_a_second_factor_is_enrolled_confirmed_and_asked_for(desk: Desk) -> None:
    desk.sign_in()
    device = pyotp.TOTP(desk.post("/session/second-factor").json()["secret"])
    wrong = desk.post("/session/second-factor/confirmation", {"code": "x"})
    assert code(wrong) == (409, "second-factor.wrong-code")
    confirmed = desk.post("/session/second-factor/confirmation", {"code": device.now()})
    recovery = confirmed.json()["codes"]
    assert len(recovery) == 10
    assert desk.client.get("/api/v1/session").json()["second_factor"]
    desk.post("/sign-out")

    assert code(desk.sign_in()) == (401, "sign-in.code-needed")
    assert code(desk.sign_in(code="000000")) == (401, "sign-in.refused")
    assert desk.sign_in(code=recovery[0]).status_code == 200


def test_a_key_acts_under_its_grant_in_its_operations(desk: Desk) -> None:
    grant, _ = desk.grant(), desk.grant("decider", SUBDISTRICT_2)
    desk.sign_in()
    body = {"title": "数据中台", "grant": grant, "operations": ["communities.*"]}
    created = desk.post("/keys", body)
    assert created.status_code == 201
    assert created.headers["cache-control"] == "no-store"
    key = created.json()
    desk.client.cookies.clear()
    bearer = f"Bearer {key['text']}"

    assert desk.rename(Authorization=bearer).status_code == 201
    assert desk.record.history("community:a")[-1].authority.grant == grant
    other = desk.post("/units/u1/names", RENAME, Authorization=bearer, Idempotency_Key="k9")
    assert code(other) == (403, "key.not-for-operation")
    for wrong in (f"{bearer}x", "Bearer", "Basic bGluYTp4"):
        assert code(desk.rename(Authorization=wrong)) == (401, "key.not-in-force")
    desk.revoke(grant)
    assert code(desk.rename("k2", Authorization=bearer)) == (403, "authority.not-in-force")


def test_people_list_rotate_and_revoke_their_keys_in_a_session(desk: Desk) -> None:
    grant = desk.grant()
    desk.sign_in()
    body = {"title": "数据中台", "grant": grant, "operations": ["communities.rename"]}
    old = desk.post("/keys", body).json()
    new = desk.post(f"/keys/{old['key']}/rotation").json()

    listed = desk.client.get("/api/v1/keys").json()["items"]
    assert [each["key"] for each in listed] == [old["key"], new["key"]]
    assert not [each for each in listed if "text" in each]
    assert desk.client.delete(f"/api/v1/keys/{new['key']}").status_code == 204
    answer = desk.client.delete(f"/api/v1/keys/{new['key']}")
    assert code(answer) == (409, "key.ended-already")
    desk.client.cookies.clear()
    by_key = {"Authorization": f"Bearer {old['text']}"}
    assert code(desk.client.get("/api/v1/keys", headers=by_key)) == (403, "key.not-for-operation")


def test_a_key_is_for_a_grant_that_its_person_holds(desk: Desk) -> None:
    grant = desk.grant()
    desk.sign_in()
    body = {"title": "数据中台", "operations": ["communities.rename"]}

    answer = desk.post("/keys", {**body, "grant": "another"})
    assert code(answer) == (404, "authority.no-such-grant")
    desk.revoke(grant)
    assert code(desk.post("/keys", {**body, "grant": grant})) == (403, "authority.not-in-force")


def test_a_session_stays_when_the_app_begins_again(desk: Desk) -> None:
    desk.sign_in()
    again = Access(desk.record.recorder.datastore)

    assert again.sessions.find(desk.client.cookies["annals"]).person == "li.na"
