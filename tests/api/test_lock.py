"""The lock: what is not listed as open is answered to a session or a key, and to nobody else."""

from importlib import import_module
from typing import Any

import pytest
from fastapi.routing import APIRoute

from api.http.app import ROUTES
from api.http.kernel.lock import PUBLIC
from api.pages.sign_in import local
from domain.authority.granting import RevokeAuthority
from domain.kernel.refusal import catalogue
from tests.api.clerk import Clerk
from tests.city import CITY, acting
from tests.officials import PASSWORD, grant_of, key_of

PAGE = {"Accept": "text/html"}
RENAME = {"name": "钟楼社区", "effective_from": "2024-07-01"}


@pytest.fixture
def clerk(clerk: Clerk) -> Clerk:
    """One whose browser shows where it is led."""
    clerk.bare.follow_redirects = False
    return clerk


def routes() -> list[tuple[str, str]]:
    return [
        (method, route.path)
        for module in ROUTES
        for route in import_module(module).router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    ]


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_every_operation_that_is_not_open_asks_who_sends_it(clerk: Clerk) -> None:
    closed = [(method, path) for method, path in routes() if path not in PUBLIC]

    answers = {
        (method, path): clerk.bare.request(method, path.replace("{", "").replace("}", ""))
        for method, path in closed
    }

    assert len(closed) > 250
    assert {path for _, path in routes()} > PUBLIC
    wrong = [
        asked
        for asked, answer in answers.items()
        if asked[0] != "HEAD" and code(answer) != (401, "session.needed")
    ]
    assert wrong == []
    assert {answer.headers["content-type"] for answer in answers.values()} == {
        "application/problem+json"
    }
    assert {answer.headers["www-authenticate"] for answer in answers.values()} == {"Bearer"}


@pytest.mark.usefixtures("community")
def test_a_body_is_not_looked_at_before_it_is_known_who_sends_it(clerk: Clerk) -> None:
    clerk.bare.cookies.clear()
    answer = clerk.bare.post("/api/v1/communities", content=b"{")

    assert code(answer) == (401, "session.needed")


def test_what_is_open_is_answered_to_everybody(clerk: Clerk) -> None:
    for path in ("/health/live", "/docs", "/docs/problems", "/openapi.json", "/sign-in"):
        assert clerk.bare.get(path).status_code == 200, path
    assert clerk.bare.get("/static/annals.svg").status_code == 200


def test_a_browser_is_led_to_the_sign_in_and_back(clerk: Clerk, community: str) -> None:
    clerk.catch_up()
    clerk.bare.cookies.clear()
    asked = f"/communities/{community}?effective=2024-01-01"

    led = clerk.bare.get(asked, headers=PAGE)
    assert led.status_code == 303
    form = clerk.bare.get(led.headers["location"], headers=PAGE)
    assert f'value="{asked}"' in form.text
    said = {"login": "li.na", "password": "wrong", "next": asked}
    wrong = clerk.bare.post("/sign-in", data=said)
    assert (wrong.status_code, "set-cookie" in wrong.headers) == (401, False)
    back = clerk.bare.post("/sign-in", data={**said, "password": PASSWORD})

    assert (back.status_code, back.headers["location"]) == (303, asked)
    assert clerk.bare.get(asked, headers=PAGE).status_code == 200
    assert clerk.bare.post("/sign-out").headers["location"] == "/sign-in"
    assert clerk.bare.get(asked, headers=PAGE).status_code == 303


@pytest.mark.usefixtures("community")
def test_a_new_password_is_typed_twice_alike(clerk: Clerk) -> None:
    clerk.catch_up()
    typed = {"old": PASSWORD, "new": "a-long-new-password", "again": "another-new-password"}
    answer = clerk.client.post("/sign-in/password", data=typed)

    assert answer.status_code == 409
    assert catalogue("zh")["password.typed-differently"].says in answer.text


@pytest.mark.parametrize(
    "address",
    ["//evil.example/", "https://evil.example", "\\\\evil.example", "/\\evil.example", "x", "/\n/"],
)
def test_nobody_is_led_elsewhere(address: str) -> None:
    assert local(address) == "/"
    assert local("/communities?name=a") == "/communities?name=a"


def test_who_has_several_grants_chooses_one_on_a_page(clerk: Clerk, community: str) -> None:
    clerk.catch_up()
    clerk.by("recorder")
    clerk.bare.cookies.clear()
    clerk.bare.post("/sign-in", data={"login": "li.na", "password": PASSWORD})

    led = clerk.bare.get("/communities", headers=PAGE)
    assert led.headers["location"].startswith("/sign-in/authority?")
    clerk.catch_up()
    assert "示例市" in clerk.bare.get(led.headers["location"], headers=PAGE).text
    grant = grant_of(clerk.record, role="recorder", person="li.na")
    chosen = clerk.bare.post("/sign-in/authority", data={"grant": grant, "next": "/communities"})
    assert chosen.headers["location"] == "/communities"

    assert clerk.bare.get("/communities", headers=PAGE).status_code == 200
    path = f"/api/v1/communities/{community}/classifications"
    body = {"type": "old-courtyard", "effective_from": "2021-03-31"}
    refused = clerk.bare.post(path, json=body, headers={"Idempotency-Key": "k"})
    assert code(refused) == (403, "role.lacking")


def test_nobody_acts_under_a_grant_of_somebody_else(clerk: Clerk, community: str) -> None:
    theirs = grant_of(clerk.record, role="decider", person="wang.wu")
    path = f"/api/v1/communities/{community}/names"
    headers = {"Idempotency-Key": "k", "Annals-Authority": theirs}

    answer = clerk.client.post(path, json=RENAME, headers=headers)
    assert code(answer) == (404, "authority.no-such-grant")
    read = clerk.client.get("/api/v1/communities", headers=headers)
    assert code(read) == (404, "authority.no-such-grant")


def test_nobody_grants_to_themselves(clerk: Clerk) -> None:
    clerk.found()
    body = {"role": "steward", "jurisdiction": CITY, "effective_from": f"{clerk.record.today()}"}
    answer = clerk.send("/api/v1/authorities/song/grants", body, role="steward")

    assert code(answer) == (403, "authority.granted-to-oneself")


def test_a_revoked_grant_or_key_opens_nothing_from_that_moment(clerk: Clerk) -> None:
    clerk.found()
    text = key_of(clerk.record, role="reviewer", person="wang.wu")
    headers = {"Authorization": f"Bearer {text}"}
    assert clerk.bare.get("/api/v1/status", headers=headers).status_code == 200

    grant = grant_of(clerk.record, role="reviewer", person="wang.wu")
    revoke = RevokeAuthority(grant=grant, reason="调离岗位")
    clerk.record.carry_out("authority:wang.wu", revoke, by=acting("steward", "song", CITY))
    refused = clerk.bare.get("/api/v1/status", headers=headers)
    assert code(refused) == (403, "authority.not-in-force")


@pytest.mark.parametrize("cookies", ["annals={0}; annals=x", "annals=x; annals={0}"])
def test_two_sessions_in_one_request_are_ambiguous(clerk: Clerk, cookies: str) -> None:
    clerk.found()
    token = clerk.bare.cookies["annals"]
    clerk.bare.cookies.clear()

    answer = clerk.bare.get("/api/v1/status", headers={"Cookie": cookies.format(token)})
    assert code(answer) == (422, "request.header-twice")


def test_every_answer_has_the_headers_that_protect_a_browser(clerk: Clerk) -> None:
    for path in ("/", "/sign-in", "/api/v1/status", "/nowhere", "/health/live"):
        answer = clerk.bare.get(path, headers=PAGE)
        assert answer.headers["content-security-policy"].startswith("default-src 'self'"), path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
