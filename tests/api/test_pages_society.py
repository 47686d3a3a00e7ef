"""The pages of councils, programmes, partners and honours."""

import re
from html import unescape
from typing import Any

import pytest

from tests.api.clerk import Clerk
from tests.api.test_pages_forms import REVIEWER, Page, hidden_of

PAGE = {"Accept": "text/html"}
RECORDER = REVIEWER.replace("reviewer", "recorder")


@pytest.fixture
def recorder(clerk: Clerk) -> Page:
    return Page(clerk, RECORDER)


@pytest.fixture
def council(clerk: Clerk, community: str) -> str:
    """A council that met in the first quarter of 2023 and is convened for the third."""
    council = clerk.done(
        "/api/v1/councils",
        {
            "community": community,
            "title": "驻区单位联席会议",
            "council_kind": "resident-units",
            "founded_on": "2023-01-01",
            "members": [
                {"member": "school", "title": "城厢小学"},
                {"member": "bank", "title": "城厢支行"},
            ],
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
