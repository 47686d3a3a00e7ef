"""Every page that the navigation offers, and every link on them, leads somewhere."""

import re
from html import unescape

import pytest

from api.http.kernel.rendering import labels, navigation
from tests.api.clerk import Clerk

PAGE = {"Accept": "text/html"}
LINK = re.compile(r'(?:href|action)="(/[^"]*)"')
PAGES_MAX = 120


@pytest.fixture
def city(clerk: Clerk) -> Clerk:
    """A city with two communities and a task that is long overdue."""
    subdistrict = clerk.subdistrict(clerk.found())
    community, _ = (clerk.community(subdistrict, number) for number in (1, 2))
    clerk.done(
        "/api/v1/tasks",
        {
            "community": community,
            "title": "修复路灯",
            "unit": "u1",
            "person": "li.na",
            "assigned_on": "2024-03-01",
            "due_on": "2024-04-01",
        },
        role="reviewer",
    )
    clerk.done(
        f"/api/v1/communities/{community}/names",
        {"name": "钟楼社区", "effective_from": "2024-07-01"},
    )
    clerk.catch_up()
    return clerk


def test_every_page_of_the_navigation_is_there(city: Clerk) -> None:
    for page in navigation():
        for query in ("", "?lang=en", "?effective=2024-06-30"):
            answer = city.get(page.address + query, **PAGE)
            assert answer.status_code == 200, answer.text
            assert 'aria-current="page"' in answer.text, page


def test_no_link_is_a_dead_end(city: Clerk) -> None:
    seen, waiting = set[str](), ["/", "/?lang=en", "/overview?effective=2024-06-30"]
    while waiting and len(seen) < PAGES_MAX:
        address = waiting.pop()
        seen.add(address)
        answer = city.get(address, **PAGE)
        assert answer.status_code == 200, (address, answer.text)
        assert "built-in method" not in answer.text, address
        if answer.headers["content-type"].startswith("text/html"):
            links = {unescape(found).partition("#")[0] for found in LINK.findall(answer.text)}
            waiting += sorted(links - seen - {"/preferences", "/docs"} - set(waiting))

    assert any(address.startswith("/tasks/") for address in seen)
    assert any(address.startswith("/entries/") for address in seen)


def test_a_page_shows_names_and_no_ids(city: Clerk) -> None:
    (community,) = (
        each["community"]
        for each in city.shown("/api/v1/communities")["items"]
        if each["name"] == "钟楼社区"
    )
    for path in ("/", "/tasks", "/overview", f"/communities/{community}"):
        words = re.sub(r"<[^>]*>", " ", city.get(path, **PAGE).text)
        assert community not in words
        assert "li.na" not in words


def test_an_english_page_has_no_chinese_words_of_the_interface(city: Clerk) -> None:
    ours = {word for word in labels("zh").values() if len(word) >= 4 and "{" not in word}
    for page in navigation():
        text = city.get(f"{page.address}?lang=en", **PAGE).text
        assert not [word for word in ours if f">{word}<" in text], page


def test_a_link_keeps_the_two_moments_and_the_language(city: Clerk) -> None:
    known = city.shown("/api/v1/communities")["position"]
    asked = f"effective=2024-06-30&known={known}&lang=en"
    text = city.get(f"/communities?{asked}", **PAGE).text
    (first,) = re.findall(r'class="title" href="(/communities/[^"]*)"', text)[:1]

    assert unescape(first).endswith(f"?{asked}")


def test_a_past_page_offers_nothing_to_record(city: Clerk) -> None:
    for page in navigation():
        text = city.get(f"{page.address}?effective=2024-06-30", **PAGE).text
        assert "正在查看历史状态" in text
        posts = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', text)
        assert set(posts) == {"/preferences", "/sign-out"}


def test_a_reader_keeps_dark_and_large_pages(city: Clerk) -> None:
    answer = city.client.post(
        "/preferences",
        data={"theme": "dark", "back": "/communities?type=-"},
        headers=PAGE,
        follow_redirects=False,
    )
    city.client.post("/preferences", data={"size": "large"}, follow_redirects=False)
    text = city.get("/communities", **PAGE).text
    city.client.cookies.clear()

    assert (answer.status_code, answer.headers["location"]) == (303, "/communities?type=-")
    assert 'class="large"' in text
    assert 'href="/static/dark.css" media="screen"' in text


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_preferences_lead_back_to_our_own_pages_only(clerk: Clerk, back: str) -> None:
    answer = clerk.client.post("/preferences", data={"back": back}, follow_redirects=False)

    assert answer.headers["location"] == "/"


def test_a_page_of_another_site_changes_no_preference(clerk: Clerk) -> None:
    answer = clerk.client.post(
        "/preferences", data={"theme": "dark"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403


def test_only_a_simulated_city_has_a_gallery(city: Clerk) -> None:
    assert city.get("/gallery", **PAGE).status_code == 404


COMPONENTS = (
    *("chip", "light", "timeline", "board", "entries", "empty", "irregular", "tabs", "strip"),
    *("quarter", "card next", "meters", "draft", "candidates", "summary stale"),
)


def test_the_gallery_has_every_component_of_a_simulated_city(clerk: Clerk) -> None:
    clerk.found(simulation=True)
    clerk.catch_up()
    for query in ("", "?lang=en"):
        page = clerk.get(f"/gallery{query}", **PAGE)
        assert page.status_code == 200
        for component in COMPONENTS:
            assert f'class="{component}' in page.text, component


def test_the_person_in_the_top_bar_is_never_a_login(city: Clerk) -> None:
    for page in navigation():
        text = city.get(page.address, **PAGE).text
        found = re.search(r'class="who">(.*?)</p>', text, re.S)
        assert found
        assert "li.na" not in found[1]
        assert "孙立" in found[1]
        assert "市级裁定人" in found[1]
