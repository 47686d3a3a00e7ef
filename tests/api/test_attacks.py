"""What somebody tries who has no session, or has somebody else's browser: in one place.

ID tokens that do not hold, `alg: none` among them: tests/access/test_id_token.py. Guessing:
tests/access/test_attempts.py. Fixation and sites: tests/api/test_sign_in.py.
"""

import json
from base64 import urlsafe_b64encode
from importlib import import_module
from typing import Any

from fastapi.routing import APIRoute

from api.http.app import ROUTES
from api.http.kernel.lock import PUBLIC
from api.http.kernel.signed_in import SAFE
from tests.api.clerk import Clerk
from tests.api.test_sign_in import PASSWORD, Desk, code, desk_of
from tests.city import CITY

READ = "/api/v1/status"
NEEDED, NOT_A_KEY = (401, "session.needed"), (401, "key.not-in-force")


def unsigned(alg: str) -> str:
    """A token that says that its bearer is the arbiter, signed by nobody."""
    parts = ({"alg": alg, "typ": "JWT"}, {"sub": "li.na", "role": "arbiter", "city": CITY})
    return ".".join(
        [*(urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts), ""]
    )


FORGED: list[tuple[dict[str, str], tuple[int, str]]] = [
    ({"X-Forwarded-For": "127.0.0.1"}, NEEDED),
    ({"X-Forwarded-User": "li.na"}, NEEDED),
    ({"X-Remote-User": "li.na"}, NEEDED),
    ({"X-Real-IP": "127.0.0.1"}, NEEDED),
    ({"Forwarded": "for=127.0.0.1;proto=https"}, NEEDED),
    ({"Annals-Actor": f"person=li.na; unit=u1; role=arbiter; jurisdiction={CITY}"}, NEEDED),
    ({"Annals-Authority": "any"}, NEEDED),
    ({"X-Original-URL": "/health/live"}, NEEDED),
    ({"X-Rewrite-URL": "/health/live"}, NEEDED),
    ({"X-HTTP-Method-Override": "OPTIONS"}, NEEDED),
    ({"Sec-Fetch-Site": "same-origin"}, NEEDED),
    ({"Authorization": f"Bearer {unsigned('none')}"}, NOT_A_KEY),
    ({"Authorization": f"Bearer {unsigned('None')}"}, NOT_A_KEY),
    ({"Authorization": f"Bearer {unsigned('HS256')}"}, NOT_A_KEY),
    ({"Authorization": "Basic bGluYTpZdWxhbi0yMDI0IGthaQ=="}, NOT_A_KEY),
    ({"Authorization": "Bearer annals_00000000_" + "A" * 43}, NOT_A_KEY),
    ({"Authorization": "Bearer "}, NOT_A_KEY),
    ({"Cookie": f"annals={unsigned('none')}"}, (401, "session.ended")),
    ({"Cookie": "annals=' or 1=1 --"}, (401, "session.ended")),
    ({"Cookie": "__Host-annals=planted"}, NEEDED),
    ({"Cookie": "annals-device=planted"}, NEEDED),
    ({"Host": "annals.example"}, (421, "request.misdirected")),
    ({"X-Forwarded-Host": "annals.example"}, NEEDED),
]


def test_nothing_that_a_client_claims_stands_for_a_session(clerk: Clerk) -> None:
    desk = desk_of(clerk)
    desk.grant("arbiter", CITY)

    found = [code(desk.client.get(READ, headers=headers)) for headers, _ in FORGED]

    told = zip((headers for headers, _ in FORGED), found, strict=True)
    assert [*told] == FORGED


def test_what_a_client_claims_of_its_way_changes_neither_cookie_nor_address(clerk: Clerk) -> None:
    desk = desk_of(clerk)
    claimed = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "198.51.100.9",
        "X-Real-IP": "198.51.100.9",
        "Forwarded": "for=198.51.100.9;proto=https",
    }
    for number in range(5):
        signed_in(desk, {**claimed, "X-Forwarded-For": f"198.51.100.{number}"}, "wrong")
    assert code(signed_in(desk, claimed)) == (429, "sign-in.locked")
    noted = {each.address for each in desk.access.log.page(after=0, limit=9)}
    assert noted == {"testclient"}
    answer = desk.client.get("/sign-in", headers={**claimed, "Accept": "text/html"})
    assert "strict-transport-security" not in answer.headers


def signed_in(desk: Desk, headers: dict[str, str], password: str = PASSWORD) -> Any:
    body = {"login": "lina", "password": password}
    return desk.client.post("/api/v1/sign-in", json=body, headers=headers)


def test_a_page_of_another_site_reaches_nothing_that_changes_anything(clerk: Clerk) -> None:
    desk = desk_of(clerk)
    desk.grant("arbiter", CITY)
    desk.sign_in()
    unsafe = sorted(
        (method, route.path)
        for module in ROUTES
        for route in import_module(module).router.routes
        if isinstance(route, APIRoute) and route.path not in PUBLIC
        for method in (route.methods or set()) - SAFE
    )
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"}

    found = {
        code(desk.client.request(method, path.replace("{", "").replace("}", ""), headers=elsewhere))
        for method, path in unsafe
    }

    assert len(unsafe) > 150
    assert found == {(403, "request.from-another-site")}
