"""What was typed into a form and not recorded is kept for a week, and offered again."""

import re
from datetime import datetime, timedelta
from html import unescape

from access.access import Access
from access.drafts import BYTES_MAX, DRAFTS_MAX, Form
from api.http.kernel.signed_in import COOKIE
from record.store.record import CHINA
from tests.api.clerk import Clerk
from tests.api.test_pages_forms import Page, hidden_of
from tests.officials import PASSWORD

TYPED = {"name": "钟楼社区", "effective_from": "2024-07-01", "reason": "按批复"}


def _path(community: str) -> str:
    return f"/forms/communities.rename/{community}"


def test_a_draft_is_offered_and_taken_up_until_it_is_recorded(clerk: Clerk, community: str) -> None:
    page, path = Page(clerk, "arbiter"), _path(community)
    assert "draft=yes" not in page.open(path).text
    wrong = page.send(path, **{**TYPED, "effective_from": "2001-01-01"})
    offered, taken = page.open(path).text, page.open(f"{path}?draft=yes").text

    assert wrong.status_code == 422
    assert f'href="{path}?draft=yes"' in offered
    assert 'value="第1社区"' in offered
    assert 'value="钟楼社区"' in taken
    assert ">按批复</textarea>" in taken
    assert hidden_of(taken) == hidden_of(wrong.text)

    sent = page.post(path, {**hidden_of(taken), **TYPED, "step": "record"})
    late = page.post(path, {**hidden_of(taken), **TYPED, "step": "keep"})
    assert (sent.status_code, late.status_code) == (303, 204)
    assert "draft=yes" not in page.open(path).text


def test_a_draft_is_discarded(clerk: Clerk, community: str) -> None:
    page, path = Page(clerk, "arbiter"), _path(community)
    page.send(path, step="keep", **TYPED)
    assert "draft=yes" in page.open(path).text
    gone = page.post(path, {"step": "discard"})

    assert (gone.status_code, gone.headers["location"]) == (303, path)
    assert "draft=yes" not in page.open(path).text


def test_a_draft_of_an_earlier_state_says_what_changed(clerk: Clerk, community: str) -> None:
    page, path = Page(clerk, "arbiter"), _path(community)
    page.send(path, step="keep", **TYPED)
    renamed = {"name": "鼓楼社区", "effective_from": "2024-06-01"}
    clerk.done(f"/api/v1/communities/{community}/names", renamed)

    taken = page.open(f"{path}?draft=yes").text

    assert 'class="summary stale"' in taken
    assert 'value="钟楼社区"' in taken


def test_what_was_typed_when_the_session_had_ended_is_there_after_sign_in(
    clerk: Clerk, community: str
) -> None:
    page, path = Page(clerk, "arbiter"), _path(community)
    opened = hidden_of(page.open(path).text)
    clerk.bare.cookies.delete(COOKIE)
    asked = clerk.bare.post(
        path, data={**opened, **TYPED, "step": "record"}, headers={"Accept": "text/html"}
    )
    (typed,) = re.findall(r'name="typed" value="([^"]*)"', asked.text)
    named = {"login": "li.na", "next": f"{path}?draft=yes", "typed": unescape(typed)}
    wrong = clerk.bare.post("/sign-in", data={**named, "password": "x"})
    right = clerk.bare.post("/sign-in", data={**named, "password": PASSWORD})

    assert asked.status_code == wrong.status_code == 401
    assert unescape(re.findall(r'name="typed" value="([^"]*)"', wrong.text)[0]) == unescape(typed)
    assert right.status_code == 200
    assert right.url.path == path
    assert 'value="钟楼社区"' in right.text
    assert hidden_of(right.text) == opened
    assert clerk.get("/api/v1/record").json()["head"] == clerk.record.head()


def test_drafts_are_bounded_in_time_number_and_size(clerk: Clerk) -> None:
    now = [datetime(2024, 3, 1, 9, tzinfo=CHINA)]
    drafts = Access(clerk.record.recorder.datastore, clock=lambda: now[0]).drafts
    forms = [Form("li.na", "tasks.assign", f"s{number}") for number in range(DRAFTS_MAX + 1)]
    for form in forms:
        now[0] += timedelta(seconds=1)
        assert drafts.save(form, {"title": "修路灯"}, key="k")

    assert not drafts.save(forms[-1], {"title": "a" * BYTES_MAX}, key="k")
    assert drafts.find(forms[0]) is None
    assert drafts.find(Form("song", "tasks.assign", "s9")) is None
    found = drafts.find(forms[-1])
    assert found is not None
    assert found.typed == {"title": "修路灯"}
    now[0] += timedelta(days=7)
    assert drafts.find(forms[-1]) is None
