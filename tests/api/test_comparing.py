"""Any list of a day beside the same list today: what came, what went, what is different."""

import pytest

from api.http.kernel.downloads import XLSX
from api.pages import comparing
from tests.api.clerk import Clerk
from tests.api.test_pages_rounds import PAGE, words

COMMUNITIES = "/compare?of=/api/v1/communities"


@pytest.fixture
def renamed(clerk: Clerk, community: str) -> Clerk:
    """A community that was renamed at a later day."""
    body = {"name": "新名社区", "effective_from": "2023-03-01"}
    clerk.done(f"/api/v1/communities/{community}/names", body)
    clerk.catch_up()
    return clerk


def test_what_is_called_otherwise_today_is_told_with_both_names(renamed: Clerk) -> None:
    text = words(renamed.get(f"{COMMUNITIES}&effective=2022-06-01", **PAGE))

    assert "今日不同" in text
    assert "新名社区" in text
    assert "今日新有" not in text
    assert "两日之间没有不同" in words(renamed.get(f"{COMMUNITIES}&effective=2023-06-01", **PAGE))


def test_what_was_not_there_yet_is_new_today(renamed: Clerk) -> None:
    text = words(renamed.get(f"{COMMUNITIES}&effective=2010-06-01&lang=en", **PAGE))

    assert "New today" in text
    assert "Different today" not in text


def test_every_list_of_a_day_can_be_compared(renamed: Clerk) -> None:
    description = renamed.get("/openapi.json").json()["paths"]
    reads = {path: str(each.get("get")) for path, each in description.items() if "{" not in path}
    lists = [
        path
        for path, says in reads.items()
        if "effective" in says and XLSX in says and "'required': True" not in says
    ]
    answers = {
        path: renamed.get(f"/compare?of={path}&effective=2022-06-01", **PAGE) for path in lists
    }

    assert len(lists) > 20
    assert {path: each.text for path, each in answers.items() if each.status_code != 200} == {}


@pytest.mark.parametrize("of", ["/api/v1/nothing", "/api/v1/status", "/communities", "x", ""])
def test_what_is_no_list_is_not_compared(renamed: Clerk, of: str) -> None:
    assert renamed.get(f"/compare?of={of}", **PAGE).status_code in (404, 422)


def test_lists_that_are_too_long_are_refused(
    renamed: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "LINES_MAX", 0)

    answer = renamed.get(f"{COMMUNITIES}&effective=2023-06-01")
    assert answer.status_code == 422
    assert "compare.too-long" in answer.text
