"""Offices and officials are named at the command line as people name them."""

import pytest

from domain.task.events import TaskAssigned
from record.store.record import Record
from tests.api.console import done, refused

AS = ("call", "tasks.assign")
WORK = ("--title", "修路灯", "--community", "a", "--assigned-on", "2024-03-01")
DUE = ("--due-on", "2024-04-01")


@pytest.mark.parametrize(
    ("unit", "person"),
    [("城厢街道办事处", "赵敏（office）"), ("cxjdbsc", "zm"), ("street", "zhao")],
)
def test_a_task_is_assigned_to_whom_a_name_means(url: str, unit: str, person: str) -> None:
    done(url, *AS, "--unit", unit, "--person", person, *WORK, *DUE)

    with Record(url) as record:
        assigned = record.entries(after=0)[-1].event
    assert isinstance(assigned, TaskAssigned)
    assert (assigned.unit, assigned.person) == ("street", "zhao")


def test_a_name_that_nobody_bears_is_refused_with_similar_ones(url: str) -> None:
    said = refused(url, *AS, "--unit", "城厢街道", "--person", "zhao", *WORK, *DUE)

    assert "城厢街道办事处（绵阳市，street）" in said
