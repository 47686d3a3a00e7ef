"""Who acts does so within the jurisdiction of their authority."""

from typing import Any

import pytest

from domain.commands import COMMANDS
from domain.community.identity import MoveCommunity, RenameCommunity
from domain.community.lineage import MergeCommunity
from domain.kernel.command import Command
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.task.assignment import AssignTask
from tests.domain.given import REGISTERED, day, given, registered

RENAME = RenameCommunity(name="乙社区", effective_from=day("2020-01-01"))
ELSEWHERE = "place.out-of-scope"


@pytest.mark.parametrize("jurisdiction", ["a", "s1", "d1", "c"])
def test_a_community_is_in_scope_of_itself_and_of_every_jurisdiction_above_it(
    jurisdiction: str,
) -> None:
    assert given(REGISTERED).when(RENAME, jurisdiction=jurisdiction).refusal is None


@pytest.mark.parametrize("jurisdiction", ["b", "s2", "d2", "k", "park", "nowhere"])
def test_nobody_acts_outside_their_jurisdiction(jurisdiction: str) -> None:
    outcome = given(REGISTERED).when(RENAME, jurisdiction=jurisdiction)

    outcome.refused(ELSEWHERE, NotAuthorised, place="a", jurisdiction=jurisdiction)


def test_what_is_not_on_record_is_refused_as_what_is_out_of_scope() -> None:
    nowhere = given(REGISTERED).at("community:none")

    nowhere.when(RENAME, jurisdiction="d2").refused(ELSEWHERE, NotAuthorised)
    nowhere.when(RENAME, jurisdiction="c").refused("subject.not-on-record", NotOnRecord)


def test_scope_follows_the_community_on_the_day_of_its_move() -> None:
    moved = given(REGISTERED).after(
        "community:a", MoveCommunity(subdistrict="t1", effective_from=day("2024-01-01"))
    )

    assert moved.when(RENAME, jurisdiction="d1", today=day("2023-12-31")).refusal is None
    moved.when(RENAME, jurisdiction="d1", today=day("2024-01-01")).refused(ELSEWHERE, NotAuthorised)
    assert moved.when(RENAME, jurisdiction="k", today=day("2024-01-01")).refusal is None


def test_every_place_that_a_command_names_is_in_scope() -> None:
    two = given(REGISTERED).with_("community:b", registered("乙社区", code=None, subdistrict="t1"))
    merge = MergeCommunity(into="b", effective_from=day("2024-01-01"))

    two.when(merge, jurisdiction="d1").refused(ELSEWHERE, NotAuthorised, place="b")
    assert two.when(merge, jurisdiction="c").refusal is None


def test_what_a_command_begins_lies_where_its_fields_say() -> None:
    assign = AssignTask(
        title="修复路灯",
        community="a",
        unit="bureau",
        person="wang",
        assigned_on=day("2024-06-03"),
        due_on=day("2024-06-28"),
    )
    at = given(REGISTERED).at("task:t1")

    assert at.when(assign, jurisdiction="s1").refusal is None
    at.when(assign, jurisdiction="s2").refused(ELSEWHERE, NotAuthorised, place="a")
    done = at.after("task:t1", assign)
    again = done.when(assign, jurisdiction="s2")
    again.refused(ELSEWHERE, NotAuthorised, place="t1")


@pytest.mark.parametrize("command", COMMANDS.values())
def test_every_command_names_its_permission(command: type[Command[Any]]) -> None:
    assert command.permission.doing.zh
