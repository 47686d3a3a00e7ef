"""Search: over HTTP, and its page, to which the top bar leads."""

import re
from html import unescape
from urllib.parse import quote

import pytest

from tests.api.clerk import Clerk

PAGE = {"Accept": "text/html"}
LETTER = {"issuer": "市民政局", "title": "关于加装电梯的通知", "number": "民发〔2024〕3号"}


@pytest.fixture
def city(clerk: Clerk) -> Clerk:
    """A city with two communities, and a task that rests on a document."""
    subdistrict = clerk.subdistrict(clerk.found())
    community, _ = (clerk.community(subdistrict, number) for number in (1, 2))
    task = {
        "community": community,
        "title": "加装电梯<b>",
        "unit": "u1",
        "person": "li.na",
        "assigned_on": "2024-03-01",
        "due_on": "2024-04-01",
        "basis": [LETTER],
    }
    clerk.done("/api/v1/tasks", task, role="reviewer")
    names = {"name": "钟楼社区", "effective_from": "2024-07-01"}
    clerk.done(f"/api/v1/communities/{community}/names", names)
    clerk.catch_up()
    return clerk


def test_search_answers_by_kind_and_its_page_leads_to_what_was_found(city: Clerk) -> None:
    found = city.shown(f"/api/v1/search?q={quote('电梯')}")
    (task, letter) = sorted(found["items"], key=lambda each: each["kind"], reverse=True)

    assert found["terms"] == ["电梯"]
    assert {each["kind"]: each["count"] for each in found["kinds"]} == {"task": 1, "document": 1}
    assert (task["name"], task["effective_on"]) == ("加装电梯<b>", "2024-03-01")
    assert task["marks"] == [{"begin": 2, "end": 4}]
    assert task["documents"] == [LETTER]
    assert letter["passage"] == "关于加装电梯的通知 民发〔2024〕3号"

    page = city.get(f"/search?q={quote('电梯')}", **PAGE).text
    assert "加装<mark>电梯</mark>&lt;b&gt;" in page
    assert 'action="/search"' in page
    for address in re.findall(r'<a class="title" href="([^"]*)"', page):
        assert city.get(unescape(address), **PAGE).status_code == 200


def test_a_kind_is_read_page_by_page_as_of_the_day(city: Clerk) -> None:
    first = city.shown(f"/api/v1/search?q={quote('社区')}&kind=community&limit=1")
    second = city.shown(
        f"/api/v1/search?q={quote('社区')}&kind=community&limit=1&cursor={first['next']}"
    )
    before = city.shown(f"/api/v1/search?q={quote('钟楼')}&effective=2024-06-30")

    assert first["items"][0]["name"] == "钟楼社区"
    assert [each["name"] for each in second["items"]] != ["钟楼社区"]
    assert second["next"] is None
    assert first["kinds"] == second["kinds"] == [{"kind": "community", "count": 2, "more": False}]
    assert before["items"] == []


def test_whatever_is_asked_gets_a_page_with_advice(clerk: Clerk) -> None:
    clerk.found()
    clerk.catch_up()
    for q in (
        "",
        " ",
        "社",
        "。，！",
        "%_\\",
        "'\"<>&",
        "ＡＢＣ１２",
        "会" * 200,
        "a b c d e f g h i j",
    ):
        for query in ("", "&kind=task", "&lang=en", "&effective=2024-06-30"):
            answer = clerk.get(f"/search?q={quote(q)}{query}", **PAGE)
            assert answer.status_code == 200, q
            assert 'class="empty"' in answer.text or "<mark>" in answer.text, q
    assert clerk.get(f"/search?q={'a' * 201}", **PAGE).status_code == 422
    assert clerk.get("/api/v1/search?q=a&kind=ghost").status_code == 422
    assert clerk.get("/api/v1/search?q=a&kind=task&cursor=x").status_code == 422
