"""Signing in through a provider of OpenID Connect: a real one, in a process of its own."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from access.access import Access
from access.openid.provider import Client, Provider
from access.refusing import ProviderAway
from record.store.record import CHINA
from tests.api.clerk import ADDRESS, Clerk
from tests.api.test_sign_in import PASSWORD, Desk, code, desk_of
from tests.city import CITY
from tests.refusing import refused

CALLBACK = "/sign-in/openid/callback"
HERE = Path(__file__).parents[2]


class Registered(NamedTuple):
    """The provider, with us as a client of it."""

    issuer: str
    client_id: str
    secret: str

    def client(self, **changed: Any) -> Client:
        known = Client(self.issuer, self.client_id, self.secret, ADDRESS)
        return known._replace(**changed)


@pytest.fixture(scope="module")
def registered() -> Iterator[Registered]:
    words = (sys.executable, "-W", "ignore", "-m", "tests.api.provider")
    with subprocess.Popen(
        words, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        issuer = f"http://127.0.0.1:{int(process.stdout.readline())}"
        body = {"redirect_uris": [ADDRESS + CALLBACK]}
        made = httpx2.post(f"{issuer}/oauth2/clients", json=body).json()
        yield Registered(issuer, made["client_id"], made["client_secret"])
        process.kill()


class Visit:
    """李娜 at a browser, with an account at the provider, too."""

    def __init__(self, desk: Desk, registered: Registered) -> None:
        self.desk, self.browser, self.registered = desk, desk.client, registered
        self.browser.follow_redirects = False
        self.now = datetime.now(CHINA)
        self.use(registered.client())

    def use(self, client: Client) -> Provider:
        """Have the server know a provider in this way."""
        provider, state = Provider(client), self.browser.app.state  # type: ignore[attr-defined]
        datastore = self.desk.record.recorder.datastore
        state.access = Access(datastore, clock=lambda: self.now, provider=provider)
        self.desk.access = state.access
        return provider

    def link(self, **named: str) -> None:
        told = {"subject": None, "expected": None, **named}
        self.desk.access.identities.link("li.na", issuer=self.registered.issuer, by="song", **told)

    def begun(self, next: str = "/communities") -> str:
        """Where the provider is asked to sign somebody in."""
        answer = self.browser.get("/sign-in/openid", params={"next": next})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def agreed(self, there: str, subject: str = "248", **form: str) -> str:
        """Sign in at the provider; where it sends the browser back to, on our server."""
        answer = httpx2.post(there, data={"sub": subject, **form})
        back = str(answer.headers["location"])
        assert back.startswith(ADDRESS + CALLBACK)
        return back.removeprefix(ADDRESS)

    def back(self, address: str) -> Any:
        return self.browser.get(address)

    def sign_in(self, subject: str = "248") -> Any:
        return self.back(self.agreed(self.begun(), subject))


@pytest.fixture
def visit(clerk: Clerk, registered: Registered) -> Visit:
    return Visit(desk_of(clerk), registered)


def test_who_is_linked_signs_in_and_comes_back_where_they_wanted_to_be(visit: Visit) -> None:
    visit.link(subject="248")
    grant = visit.desk.grant()

    answer = visit.sign_in()

    assert (answer.status_code, answer.headers["location"]) == (303, "/communities")
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers.get_list("set-cookie")[0]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "annals-openid" not in visit.browser.cookies
    assert visit.browser.get("/api/v1/session").json()["person"] == "li.na"
    assert visit.desk.rename().status_code == 201
    entry = visit.desk.record.history("community:a")[-1]
    assert (entry.actor.person, entry.authority.grant) == ("li.na", grant)
    noted = visit.desk.access.log.page(after=0, limit=9, what="sign-in")[-1]
    assert (noted.person, noted.login, noted.succeeded) == ("li.na", "openid:248", True)


def test_the_provider_is_asked_for_a_code_with_state_nonce_and_a_challenge(visit: Visit) -> None:
    asked = parse_qs(urlsplit(visit.begun()).query)
    again = parse_qs(urlsplit(visit.begun()).query)

    assert asked["response_type"] == ["code"]
    assert asked["scope"] == ["openid"]
    assert asked["code_challenge_method"] == ["S256"]
    for random in ("state", "nonce", "code_challenge"):
        assert len(asked[random][0]) == 43
        assert asked[random] != again[random]


def test_a_session_through_the_provider_needs_no_password_of_ours(visit: Visit) -> None:
    visit.link(subject="248")
    visit.desk.access.accounts.set_password("li.na", "Another-2024 mima")
    visit.sign_in()

    shown = visit.browser.get("/api/v1/session").json()
    assert (shown["person"], shown["password_due"]) == ("li.na", False)


def test_who_is_not_linked_learns_what_a_steward_has_to_do(visit: Visit) -> None:
    answer = visit.browser.get(visit.agreed(visit.begun()), headers={"Accept": "text/html"})

    assert answer.status_code == 401
    assert "annals user link" in answer.text
    assert "--subject 248" in answer.text
    assert "annals" not in visit.browser.cookies
    noted = visit.desk.access.log.page(after=0, limit=9, what="sign-in")[-1]
    assert (noted.login, noted.code) == ("openid:248", "openid.not-linked")


def test_a_steward_names_somebody_by_a_claim_once(visit: Visit) -> None:
    visit.use(visit.registered.client(claim="preferred_username"))
    for subject in ("248", "249"):
        address = f"{visit.registered.issuer}/users/{subject}"
        httpx2.put(address, json={"preferred_username": "lina"})
    assert code(visit.sign_in()) == (401, "openid.not-linked")
    visit.link(expected="lina")

    assert visit.sign_in().status_code == 303

    (identity,) = visit.desk.access.identities.of("li.na")
    assert (identity.subject, identity.expected) == ("248", None)
    assert code(visit.sign_in("249")) == (401, "openid.not-linked")


def test_an_address_of_mail_counts_once_the_provider_has_verified_it(visit: Visit) -> None:
    visit.use(visit.registered.client(claim="email"))
    visit.link(expected="lina@example.cn")
    address = f"{visit.registered.issuer}/users/250"
    httpx2.put(address, json={"email": "lina@example.cn"})
    assert code(visit.sign_in("250")) == (401, "openid.not-linked")
    httpx2.put(address, json={"email": "lina@example.cn", "email_verified": True})

    assert visit.sign_in("250").status_code == 303


def test_what_was_typed_when_the_session_had_ended_is_there_after_the_provider(
    visit: Visit, clerk: Clerk
) -> None:
    clerk.catch_up()
    visit.link(subject="248")
    visit.desk.grant("arbiter", CITY)
    form = "/forms/communities.rename/a"
    sent = {"name": "钟楼社区", "reason": "更名", "key": "k1", "version": "1"}
    page = {"Accept": "text/html"}

    ended = visit.browser.post(form, data=sent, headers=page, follow_redirects=True)
    (typed,) = re.findall(r'name="typed" value="([^"]*)"', ended.text)
    asked = {"next": form, "typed": unescape(typed)}
    leaving = visit.browser.post("/sign-in/openid", data=asked, headers=page)
    there = leaving.headers["refresh"].removeprefix("0; url=")
    back = visit.back(visit.agreed(there))
    elsewhere = visit.browser.post(
        "/sign-in/openid", data=asked, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert 'formaction="/sign-in/openid"' in ended.text
    assert back.headers["location"] == f"{form}?draft=yes"
    shown = visit.browser.get(back.headers["location"], headers=page).text
    assert 'value="钟楼社区"' in shown
    assert code(elsewhere) == (403, "request.from-another-site")


def test_what_came_back_is_good_once(visit: Visit) -> None:
    visit.link(subject="248")
    back = visit.agreed(visit.begun())
    token = visit.browser.cookies["annals-openid"]
    assert visit.back(back).status_code == 303
    visit.browser.cookies.set("annals-openid", token, domain="127.0.0.1")

    assert code(visit.back(back)) == (401, "openid.not-begun-here")


def test_a_code_is_good_once_and_for_the_sign_in_that_asked_for_it(visit: Visit) -> None:
    visit.link(subject="248")
    used = visit.agreed(visit.begun())
    visit.back(used)
    other = parse_qs(urlsplit(used).query)["code"][0]
    unused = parse_qs(urlsplit(visit.agreed(visit.begun())).query)["code"][0]

    for stolen in (other, unused, "invented"):
        state = parse_qs(urlsplit(visit.begun()).query)["state"][0]
        answer = visit.browser.get(CALLBACK, params={"state": state, "code": stolen})
        assert code(answer) == (401, "openid.code-refused")


def test_nobody_is_signed_in_with_what_another_browser_began(visit: Visit, app: FastAPI) -> None:
    visit.link(subject="248")
    attacker, victim = visit.agreed(visit.begun()), TestClient(app, ADDRESS, follow_redirects=False)
    assert code(victim.get(attacker)) == (401, "openid.not-begun-here")
    victim.get("/sign-in/openid")
    assert code(victim.get(attacker)) == (401, "openid.not-begun-here")
    assert "annals" not in victim.cookies

    assert visit.back(attacker).status_code == 303


def test_a_session_that_was_put_in_before_is_not_gone_on_with(visit: Visit) -> None:
    visit.link(subject="248")
    visit.desk.sign_in()
    planted = visit.browser.cookies["annals"]

    visit.sign_in()

    assert visit.browser.cookies["annals"] != planted
    visit.browser.cookies.clear()
    visit.browser.cookies.set("annals", planted, domain="127.0.0.1")
    assert code(visit.browser.get("/api/v1/session")) == (401, "session.ended")


def test_a_sign_in_takes_ten_minutes_at_most(visit: Visit) -> None:
    visit.link(subject="248")
    back = visit.agreed(visit.begun())
    visit.now += timedelta(minutes=10)

    assert code(visit.back(back)) == (401, "openid.not-begun-here")


def test_a_token_that_is_too_old_signs_nobody_in(visit: Visit) -> None:
    visit.link(subject="248")
    visit.now += timedelta(hours=2)

    assert code(visit.sign_in()) == (401, "openid.token-refused")


@pytest.mark.parametrize(
    "next",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "javascript:alert(1)",
        "communities",
        "",
    ],
)
def test_nobody_is_led_elsewhere_afterwards(visit: Visit, next: str) -> None:
    visit.link(subject="248")

    assert visit.back(visit.agreed(visit.begun(next))).headers["location"] == "/"


def test_whom_the_provider_does_not_sign_in_is_not_signed_in(visit: Visit) -> None:
    visit.link(subject="248")
    refusal = visit.agreed(visit.begun(), action="deny")
    state = parse_qs(urlsplit(visit.begun()).query)["state"][0]
    refused_there = {"state": state, "error": "access_denied", "code": "c"}

    assert code(visit.browser.get(CALLBACK, params=refused_there)) == (401, "openid.not-granted")
    assert code(visit.back(refusal))[0] == 401
    assert code(visit.back(CALLBACK)) == (401, "openid.not-begun-here")


def test_an_answer_of_another_provider_is_not_taken(visit: Visit) -> None:
    visit.link(subject="248")
    back = visit.agreed(visit.begun())

    answer = visit.browser.get(f"{back}&iss=https://other.example")

    assert code(answer) == (401, "openid.other-provider")


def test_a_key_that_the_provider_has_changed_is_fetched(visit: Visit) -> None:
    visit.link(subject="248")
    assert visit.sign_in().status_code == 303
    httpx2.post(f"{visit.registered.issuer}/rotate")
    assert visit.sign_in().status_code == 303

    httpx2.post(f"{visit.registered.issuer}/rotate")

    assert code(visit.sign_in()) == (401, "openid.token-refused")  # not twice in a minute


def test_the_secret_that_the_provider_does_not_know_gets_no_token(visit: Visit) -> None:
    visit.link(subject="248")
    visit.use(visit.registered.client(secret="of somebody else"))

    assert code(visit.sign_in()) == (401, "openid.code-refused")


def test_a_closed_account_and_a_link_that_was_ended_let_nobody_in(visit: Visit) -> None:
    visit.link(subject="248")
    visit.sign_in()
    visit.desk.access.identities.unlink("li.na", issuer=visit.registered.issuer)
    assert code(visit.browser.get("/api/v1/session")) == (401, "session.ended")
    visit.browser.cookies.clear()
    assert code(visit.sign_in()) == (401, "openid.not-linked")
    visit.link(subject="248")
    visit.desk.access.accounts.close("li.na")

    assert code(visit.sign_in()) == (401, "openid.account-closed")


def test_without_the_provider_local_accounts_sign_in_and_readiness_warns(visit: Visit) -> None:
    provider = visit.use(visit.registered.client(issuer="http://127.0.0.1:9"))
    visit.browser.cookies.clear()

    answer = visit.browser.get("/sign-in/openid")

    assert code(answer) == (503, "openid.unreachable")
    assert isinstance(provider.away, ProviderAway)
    assert visit.desk.sign_in(PASSWORD).status_code == 200
    warnings = visit.browser.get("/health/ready").json()["warnings"]
    assert any("http://127.0.0.1:9" in each for each in warnings)


def test_a_provider_under_another_name_is_not_used(visit: Visit) -> None:
    issuer = visit.registered.issuer.replace("127.0.0.1", "localhost")
    provider = visit.use(visit.registered.client(issuer=f"{issuer}/"))

    with refused("openid.unfit", ProviderAway):
        provider.metadata()


def test_without_a_provider_there_is_no_way_through_one(desk: Desk) -> None:
    for path in ("/sign-in/openid", CALLBACK, "/sign-in/openid/end"):
        assert code(desk.client.get(path)) == (404, "openid.not-configured")


def test_who_signs_out_here_is_led_to_sign_out_there(visit: Visit) -> None:
    there = urlsplit(visit.browser.get("/sign-in/openid/end").headers["location"])

    assert f"{there.scheme}://{there.netloc}" == visit.registered.issuer
    assert parse_qs(there.query) == {
        "client_id": [visit.registered.client_id],
        "post_logout_redirect_uri": [f"{ADDRESS}/sign-in"],
    }
    assert httpx2.get(there.geturl()).status_code == 200


@pytest.fixture
def desk(clerk: Clerk) -> Desk:
    return desk_of(clerk)
