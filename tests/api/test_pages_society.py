"""The pages of councils, programmes, partners and honours."""

import re
from html import unescape
from typing import Any

import pytest

from tests.api.clerk import Clerk
from tests.api.test_pages_forms import Page, hidden_of
from tests.city import CITY, put_on_register

PAGE = {"Accept": "text/html"}


@pytest.fixture
def recorder(clerk: Clerk) -> Page:
    return Page(clerk, "recorder")


@pytest.fixture
def arbiter(clerk: Clerk) -> Page:
    return Page(clerk, "arbiter")


@pytest.fixture
def council(clerk: Clerk, community: str) -> str:
    """A council that met in the first quarter of 2023 and is convened for the third."""
    put_on_register(clerk.record, {"unit:school": "城厢小学", "unit:bank": "城厢支行"})
    council = clerk.done(
        "/api/v1/councils",
        {
            "community": community,
            "title": "驻区单位联席会议",
            "council_kind": "resident-units",
            "founded_on": "2023-01-01",
            "members": ["school", "bank"],
        },
        role="recorder",
    )

    def done(what: str, **body: Any) -> None:
        clerk.done(f"/api/v1/councils/{council}/{what}", body, role="recorder")

    done("sessions", session="q1", noticed_on="2023-03-01", scheduled_on="2023-03-10")
    done("agendas", session="q1", agenda=["停车资源共享"])
    done("attendances", session="q1", held_on="2023-03-10", present=["school"])
    done("minutes", session="q1", recorded_on="2023-03-11", text="议定开放操场。")
    done(
        "minutes-amendments",
        session="q1",
        amended_on="2023-03-15",
        text="议定夜间开放操场。",
        reason="漏记时段",
    )
    done("sessions", session="q3", noticed_on="2023-08-01", scheduled_on="2023-09-08")
    done("agendas", session="q3", agenda=["消防通道"])
    clerk.catch_up()
    return council


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))


def test_the_calendar_shows_the_quarters_that_were_held_missed_and_are_coming(
    clerk: Clerk, council: str
) -> None:
    page = clerk.get("/councils?effective=2023-08-20", **PAGE).text
    quarters = re.findall(r'<td class="quarter( open)? (held|missed|coming|none)"', page)

    assert quarters == [("", "held"), ("", "missed"), (" open", "coming"), (" open", "none")]
    assert f"/councils/{council}/sessions/q1?" in page


def test_each_number_of_the_calendar_leads_to_its_councils(clerk: Clerk, council: str) -> None:
    page = clerk.get("/councils?effective=2023-08-20", **PAGE).text
    (missed,) = re.findall(r'href="(/councils\?[^"]*kept=missed[^"]*)"', page)
    found = clerk.get(unescape(missed), **PAGE).text
    none = clerk.get("/councils?effective=2023-08-20&quarter=1&kept=missed", **PAGE).text

    assert f"/councils/{council}?" in found
    assert council not in none


def test_a_council_shows_its_members_and_sessions(clerk: Clerk, council: str) -> None:
    page = clerk.get(f"/councils/{council}", **PAGE).text

    assert "城厢支行" in page
    assert "补正 1 次" in page
    assert "school" not in text_of(page)


def test_a_session_shows_amendments_beside_the_first_minutes(clerk: Clerk, council: str) -> None:
    words = text_of(clerk.get(f"/councils/{council}/sessions/q1", **PAGE).text)

    for said in ("议定开放操场。", "议定夜间开放操场。", "漏记时段", "缺席 1 城厢支行"):
        assert said in words


def test_the_next_step_of_a_session_is_recorded_from_its_page(recorder: Page, council: str) -> None:
    address = f"/councils/{council}/sessions/q3"
    page = recorder.open(address).text
    form = f"/forms/councils.hold/{council}"
    typed = {"session": "q3", "held_on": "2023-09-08", "present.school": "yes", "step": "record"}
    answer = recorder.post(form, {**hidden_of(page), **typed})
    after = recorder.open(answer.headers["location"])

    assert f'action="{form}"' in page
    assert "城厢小学" in page
    assert answer.headers["location"].startswith(address)
    assert "到会 1 城厢小学" in text_of(after.text)
    assert "councils.record-minutes" in after.text


def test_a_session_of_the_past_offers_no_step(recorder: Page, council: str) -> None:
    page = recorder.open(f"/councils/{council}/sessions/q3?effective=2023-08-20").text

    assert "/forms/" not in page


def test_who_attended_stays_ticked_when_a_form_is_refused(recorder: Page, council: str) -> None:
    form = f"/forms/councils.hold/{council}"
    hidden = hidden_of(recorder.open(form).text)
    typed = {"session": "q3", "held_on": "2023-08-02", "present.bank": "yes", "step": "record"}
    page = recorder.post(form, {**hidden, **typed})

    assert page.status_code == 422
    assert 'name="present.bank" value="yes" checked' in page.text
    assert "despite" in page.text


@pytest.fixture
def programme(clerk: Clerk) -> str:
    """The city's programme of 2024, in draft and without items."""
    clerk.found_once()
    programme = clerk.done(
        "/api/v1/programmes",
        {"jurisdiction": CITY, "year": 2024, "title": "2024年攻坚事项", "drafted_on": "2024-01-10"},
        role="arbiter",
    )
    clerk.catch_up()
    return programme


def test_a_programme_shows_its_steps_and_the_form_of_the_next(
    arbiter: Page, programme: str
) -> None:
    listed = arbiter.open("/programmes").text
    page = arbiter.open(f"/programmes/{programme}").text

    assert f'href="/programmes/{programme}"' in listed
    assert "完成 0 / 0 项 （应为 3—7 项）" in text_of(page)
    assert f'action="/forms/programmes.add-item/{programme}"' in page
    assert re.search(r'class="done".*?起草.*?class="next".*?事项', page, re.S)


@pytest.fixture
def partnership(clerk: Clerk, community: str) -> str:
    """A community's agreement with a school, with a need and a resource."""
    unit = clerk.done(
        "/api/v1/units",
        {
            "name": "城厢小学",
            "unit_kind": "party-office",
            "jurisdiction": CITY,
            "effective_from": "2020-01-01",
        },
    )
    partnership = clerk.done(
        "/api/v1/partnerships",
        {
            "community": community,
            "unit": unit,
            "title": "共建协议",
            "signed_on": "2024-01-05",
            "effective_from": "2024-01-05",
        },
        role="recorder",
    )
    for what, body in (
        ("needs", {"need": "n1", "by": "community", "stated_on": "2024-02-01"}),
        ("resources", {"resource": "r1", "by": "unit", "offered_on": "2024-02-02"}),
    ):
        content = {"description": "停车位" if what == "needs" else "操场"}
        path = f"/api/v1/partnerships/{partnership}/{what}"
        clerk.done(path, {**body, **content}, role="recorder")
    clerk.catch_up()
    return partnership


def test_a_partnership_shows_needs_beside_resources(recorder: Page, partnership: str) -> None:
    page = recorder.open(f"/partnerships/{partnership}").text
    board = recorder.open("/partnership-items?kind=need").text

    assert re.search(r'class="halves">.*停车位.*操场', page, re.S)
    assert f"/forms/partnerships.close-need/{partnership}?need=n1" in page
    assert f"/partnerships/{partnership}#need" in board
    assert "n1" not in text_of(page)


def test_every_list_of_society_says_what_is_empty(clerk: Clerk, community: str) -> None:
    clerk.catch_up()
    for path in ("/councils", "/programmes", "/partnerships", "/checkins", "/exemplars"):
        for query in ("", f"?community={community}", "?lang=en"):
            page = clerk.get(path + query, **PAGE)
            assert page.status_code == 200, page.text
            assert 'class="empty"' in page.text


@pytest.mark.usefixtures("community")
def test_an_unknown_value_of_a_filter_is_refused(clerk: Clerk) -> None:
    clerk.catch_up()
    for path in ("/checkins?participant=x", "/exemplars?status=x", "/partnership-items?kind=x"):
        assert clerk.get(path, **PAGE).status_code == 422


def test_a_community_leads_to_its_own_lists(clerk: Clerk, council: str, community: str) -> None:
    page = clerk.get(f"/communities/{community}", **PAGE).text
    (address,) = re.findall(r'href="(/councils\?community=[^"]*)">联席会议 <small>1<', page)

    assert f"/councils/{council}" in clerk.get(unescape(address), **PAGE).text


def test_what_differs_between_two_days_stands_in_words(
    clerk: Clerk, council: str, community: str
) -> None:
    address = f"/communities/{community}?compare="
    page = text_of(clerk.get(address + "2022-06-01", **PAGE).text)

    assert council
    assert "1 处不同" in page
    assert "联席会议 — 驻区单位联席会议" in page
    assert "两日之间没有不同" in clerk.get(address + "2023-12-01", **PAGE).text
