"""The pages of a round: its board, a community's review, ranking, publication, objections."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from domain.kernel.command import Command
from domain.review.objections import FileObjection
from tests.api.clerk import Clerk
from tests.city import CITY, SUBDISTRICT, acting, found
from tests.domain.given import day
from tests.domain.rounds import CLOSE, ROUND, review
from tests.projections.round_year import WHO, opened, published

PAGE = {"Accept": "text/html"}


def asking(clerk: Clerk) -> Callable[[str, Command[Any]], int]:
    """Records a command as the person of the tests whose work it is."""

    def ask(stream: str, command: Command[Any]) -> int:
        who = WHO.get(type(command).__name__, ("arbiter", "arb", CITY))
        return clerk.record.carry_out(stream, command, by=acting(*who)).last_position

    return ask


@pytest.fixture
def city(clerk: Clerk) -> Clerk:
    """A city whose subdistricts and district are on record."""
    found(clerk.record)
    return clerk


@pytest.fixture
def scored(city: Clerk) -> Clerk:
    """A round in which all stages of two communities are done, and which is not graded."""
    opened(asking(city), a=90, b=60)
    city.catch_up()
    return city


@pytest.fixture
def closed(city: Clerk) -> Clerk:
    """A round that is over."""
    ask = asking(city)
    published(ask, a=90, b=60)
    ask(ROUND, CLOSE)
    city.catch_up()
    return city


def words(page: Any) -> str:
    """What somebody reads on a page."""
    assert page.status_code == 200, page.text
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page.text)))


def test_the_board_counts_who_has_done_each_stage(scored: Clerk) -> None:
    text = words(scored.get("/rounds/r", **PAGE))

    assert text.count("2 / 2 个社区") == 4
    assert "0 / 2 个社区" in text


def test_each_count_of_the_board_leads_to_its_communities(scored: Clerk) -> None:
    page = scored.get("/rounds/r", **PAGE).text
    counts = re.findall(r'<a href="([^"]*)"><b>(\d+)</b>', page)

    assert len(counts) == 5
    for address, count in counts:
        there = scored.get(unescape(address).partition("#")[0], **PAGE).text
        assert there.count('class="title"') == int(count), address


def test_a_board_is_narrowed_by_place_type_and_next_stage(scored: Clerk) -> None:
    for query, count in (("district=fucheng", 2), ("district=nowhere", 0), ("type=-x", None)):
        page = scored.get(f"/rounds/r?{query}", **PAGE)
        if count is None:
            assert page.status_code == 422
        else:
            assert page.text.count('class="title"') == count
    assert scored.get("/rounds/r?waits_for=nonsense", **PAGE).status_code == 422


def test_a_review_shows_its_stages_side_by_side_and_why_it_has_its_grade(closed: Clerk) -> None:
    text = words(closed.get("/rounds/r/reviews/a", **PAGE))

    assert "a社区" in text
    assert text.count("90.00") >= 3
    assert "为什么是这个等次" in text


def test_a_review_offers_the_next_step_to_whose_turn_it_is_and_none_in_the_past(
    closed: Clerk,
) -> None:
    now = closed.get("/rounds/r/reviews/a", **PAGE).text
    then = closed.get("/rounds/r/reviews/a?effective=2023-12-31", **PAGE).text

    assert "/forms/reviews.correct-grade/r.a" in now
    assert "/forms/" not in then


def test_the_form_of_a_review_leads_back_to_its_page(closed: Clerk) -> None:
    form = closed.get("/forms/reviews.correct-grade/r.a", **PAGE)

    assert form.status_code == 200
    assert 'href="/rounds/r/reviews/a"' in form.text
    assert "a社区" in words(form)


def test_a_ranking_gives_the_reason_for_each_rank_and_counts_the_places(scored: Clerk) -> None:
    text = words(scored.get("/rounds/r/ranking", **PAGE))

    assert "按现有得分试算，尚未评定" in text
    assert text.index("a社区") < text.index("b社区")
    assert "按总分" in text
    assert "1 / 1 个名额" in text


def test_a_ranking_links_to_its_gradings(closed: Clerk) -> None:
    page = closed.get("/rounds/r/ranking", **PAGE).text

    assert "历次评定" in page
    assert "/entries/" in page


def test_a_ranking_is_of_one_type(closed: Clerk) -> None:
    assert closed.get("/rounds/r/ranking?type=nonsense", **PAGE).status_code == 422
    assert "b社区" not in closed.get("/rounds/r/ranking?grade=advanced", **PAGE).text


def test_the_publication_lists_every_graded_community_once_there_is_one(scored: Clerk) -> None:
    assert "还没有可以公示的结果" in words(scored.get("/rounds/r/publication", **PAGE))


def test_the_publication_says_until_when_one_may_object(closed: Clerk) -> None:
    text = words(closed.get("/rounds/r/publication", **PAGE))

    assert "2023年10月8日" in text
    assert "a社区" in text
    assert "b社区" in text


def test_the_desk_leads_to_the_next_step_of_each_objection(city: Clerk) -> None:
    ask = asking(city)
    published(ask, a=90, b=60)
    objection = FileObjection(filed_on=day("2023-10-09"), grounds="评分有误")
    city.record.carry_out(review("b"), objection, by=acting("reviewer", "rev", SUBDISTRICT))
    city.catch_up()
    page = city.get("/rounds/r/objections", **PAGE)
    (form,) = re.findall(r'href="(/forms/reviews.decide-objection/r\.b[^"]*)"', page.text)

    assert "评分有误" in page.text
    assert city.get(unescape(form), **PAGE).status_code == 200
    assert "/forms/" not in city.get("/rounds/r/objections?effective=2023-12-31", **PAGE).text


@pytest.mark.parametrize(
    "path",
    [
        "/rounds",
        "/rounds/r",
        "/rounds/r/reviews/a",
        "/rounds/r/ranking",
        "/rounds/r/publication",
        "/rounds/r/objections",
    ],
)
def test_pages_of_rounds_name_no_login_and_are_there_in_english(closed: Clerk, path: str) -> None:
    for query in ("", "?lang=en", "?effective=2023-06-30"):
        text = words(closed.get(path + query, **PAGE))
        assert not re.search(r"\b(arb|rec|rev|dec)\b", text)


@pytest.mark.parametrize("path", ["/rounds/no", "/rounds/no/reviews/a", "/rounds/r/reviews/no"])
def test_a_round_or_review_that_is_not_on_record_is_not_found(closed: Clerk, path: str) -> None:
    assert closed.get(path, **PAGE).status_code == 404
