"""The pages of supports: what runs, is owed or over, and one support with its plan."""

import pytest

from tests.api.clerk import Clerk
from tests.api.test_pages_rounds import PAGE, asking, words
from tests.city import found
from tests.domain.rounds import CLOSE, ROUND
from tests.domain.supports import BEGIN, PLANNED, S
from tests.projections.round_year import published


@pytest.fixture
def supported(clerk: Clerk) -> Clerk:
    """A community that lags behind and is supported, with a plan."""
    found(clerk.record)
    ask = asking(clerk)
    published(ask, a=90, b=40)
    ask(ROUND, CLOSE)
    ask(S, BEGIN)
    ask(S, PLANNED)
    clerk.catch_up()
    return clerk


def test_the_list_shows_what_runs_and_leads_to_it(supported: Clerk) -> None:
    page = supported.get("/supports", **PAGE)

    assert "b社区" in words(page)
    assert 'href="/supports/r/b"' in page.text
    assert "没有符合条件的帮扶" in supported.get("/supports?state=ended", **PAGE).text
    assert supported.get("/supports?state=no", **PAGE).status_code == 422


def test_the_list_says_how_many_are_owed_and_leads_to_them(supported: Clerk) -> None:
    page = supported.get("/supports", **PAGE)

    assert "应帮扶而未帮扶 0" in words(page)
    assert "/figures/supports-lacking" in page.text


def test_a_support_shows_its_plan_and_its_forms_but_none_in_the_past(supported: Clerk) -> None:
    page = supported.get("/supports/r/b", **PAGE)
    text = words(page)

    assert "两年内晋位" in text
    assert "健全居民议事会" in text
    assert "逾期" in text
    assert "/forms/supports.plan/r.b" in page.text
    assert "/forms/" not in supported.get("/supports/r/b?effective=2023-12-31", **PAGE).text


@pytest.mark.parametrize("path", ["/supports", "/supports/r/b", "/supports?state=all"])
def test_pages_of_supports_are_there_in_english_and_in_the_past(
    supported: Clerk, path: str
) -> None:
    joint = "&" if "?" in path else "?"
    for query in ("lang=en", "effective=2023-12-31"):
        assert supported.get(f"{path}{joint}{query}", **PAGE).status_code == 200


def test_the_form_of_a_support_leads_back_to_its_page(supported: Clerk) -> None:
    form = supported.get("/forms/supports.report/r.b", **PAGE)

    assert form.status_code == 200
    assert 'href="/supports/r/b"' in form.text


def test_a_support_that_is_not_on_record_is_not_found(supported: Clerk) -> None:
    assert supported.get("/supports/r/a", **PAGE).status_code == 404
