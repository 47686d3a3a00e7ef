"""Scoring as one table: what is filled in is recorded as one batch, the rest stays as typed."""

import re
from decimal import Decimal
from typing import Any

import pytest

from domain.grading.entering import OpenRound
from domain.round.planning import OpenStage
from tests.api.clerk import Clerk
from tests.api.test_pages_rounds import PAGE, asking, words
from tests.city import SUBDISTRICT, classify, found, register
from tests.domain.rounds import BEGIN, PLAN, ROUND, STAGES, assessed, points, review, votes
from tests.officials import grant_of

DAY = "2023-07-10"
PATH = f"/rounds/r/scoring?stage={STAGES[2]}&subdistrict={SUBDISTRICT}"


class Desk:
    """A reviewer of the subdistrict at the table of scores."""

    def __init__(self, clerk: Clerk) -> None:
        self.clerk = clerk
        grant = grant_of(clerk.record, role="reviewer", person="li.na", place=SUBDISTRICT)
        self.headers = {**PAGE, "Annals-Authority": grant}
        _ = clerk.client  # on record from now on

    def open(self) -> str:
        self.clerk.catch_up()
        page = self.clerk.client.get(PATH, headers=self.headers)
        assert page.status_code == 200, page.text
        text: str = page.text
        return text

    def send(self, typed: dict[str, str], step: str = "record", **more: str) -> Any:
        self.clerk.catch_up()
        body = {"key": "k1", "scored_on": DAY, "step": step, **typed, **more}
        return self.clerk.client.post(PATH, data=body, headers=self.headers)

    def points_of(self, community: str) -> Any:
        """What is on record for the stage."""
        score = self.clerk.record.state(review(community)).scores.get(STAGES[2])
        return score and sum(each.points for each in score.items)


def filled(community: str, percent: int) -> dict[str, str]:
    """So many per cent of each item, as somebody types it."""
    return {
        f"{community}.{each.item}": str(each.points.normalize())
        for each in points(percent, STAGES[2])
    }


@pytest.fixture
def desk(clerk: Clerk) -> Desk:
    """A round in which three communities wait for the score of their subdistrict."""
    found(clerk.record)
    ask = asking(clerk)
    communities = ("a", "b", "e")
    for id in communities:
        ask(f"community:{id}", register(f"{id}社区"))
        ask(f"community:{id}", classify())
    ask(ROUND, PLAN)
    ask(ROUND, OpenRound(communities=communities, opened_on=BEGIN))
    for stage in STAGES[:3]:
        ask(ROUND, OpenStage(stage=stage, opened_on=BEGIN))
    for id in communities:
        ask(review(id), votes())
        ask(review(id), assessed(90))
    return Desk(clerk)


def test_the_table_has_a_cell_for_each_item_of_each_community(desk: Desk) -> None:
    text = desk.open()

    assert len(re.findall(r'data-most="\d+"', text)) == 3 * len(points(90, STAGES[2]))
    assert "满分 15" in text


def test_the_communities_that_are_filled_in_are_recorded_and_the_others_stay(desk: Desk) -> None:
    partial = dict(list(filled("e", 50).items())[:2])
    answer = desk.send({**filled("a", 80), **filled("b", 70), **partial})
    text = words(answer)

    assert "已将 2 个社区的得分整批记入编年" in text
    assert (desk.points_of("a"), desk.points_of("b")) == (Decimal(80), Decimal(70))
    assert desk.points_of("e") is None
    for name, value in partial.items():
        assert f'name="{name}" value="{value}"' in answer.text
    assert re.search(r"未提交的留在表里： ?e社区（未填全或有误）", text)


def test_they_are_one_batch(desk: Desk) -> None:
    desk.send({**filled("a", 80), **filled("b", 70)})
    batches = {
        entry.batch
        for entry in desk.clerk.record.entries(after=0)
        if entry.name == "CommunityScored"
    }

    assert len(batches) == 1
    assert None not in batches


def test_a_batch_that_a_rule_refuses_is_not_recorded_at_all(desk: Desk) -> None:
    answer = desk.send({**filled("a", 80), **filled("b", 70)}, scored_on="2023-04-01")

    assert answer.status_code == 422
    assert "整批未记录" in answer.text
    assert desk.points_of("a") is None
    assert desk.points_of("b") is None
    assert 'value="12"' in answer.text


def test_a_cell_above_its_maximum_is_marked_and_its_row_stays(desk: Desk) -> None:
    typed = filled("a", 80)
    first = next(iter(typed))
    answer = desk.send({**typed, first: "17", **filled("b", 70)})

    assert desk.points_of("a") is None
    assert desk.points_of("b") == Decimal(70)
    assert re.search(rf'id="{first}-problem">.*?满分 15，现填 17', answer.text, re.S)
    assert f'name="{first}" value="17"' in answer.text


def test_a_check_shows_the_totals_and_records_nothing(desk: Desk) -> None:
    answer = desk.send(filled("a", 80), step="check")

    assert re.search(r"data-total>80(\.0)?<", answer.text)
    assert "提交已填的 1 个社区" in answer.text
    assert desk.points_of("a") is None


def test_a_table_that_is_sent_twice_is_recorded_once(desk: Desk) -> None:
    desk.send(filled("a", 80))
    head = desk.clerk.record.head()
    answer = desk.send(filled("a", 80))

    assert answer.status_code == 200
    assert desk.clerk.record.head() == head


def test_the_past_offers_no_cells(desk: Desk) -> None:
    desk.clerk.catch_up()
    text = desk.clerk.client.get(f"{PATH}&effective=2023-06-30", headers=desk.headers).text

    assert "data-most" not in text
    assert "历史状态只供查看" in text
