"""Councils, programmes, measures and tasks as the tests of their read models begin them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from domain.classification.classification import ClassifyCommunity
from domain.classification.reclassification import (
    ApproveReclassification,
    EndorseReclassification,
    ProposeReclassification,
)
from domain.council.membership import FoundCouncil
from domain.council.sessions import ConveneSession, HoldSession, SetAgenda
from domain.kernel.policy import built_in
from domain.programme.drafting import AdoptProgramme, DraftProgramme, RecordConsultation
from domain.programme.items import AddProgrammeItem
from domain.task.assignment import AssignTask
from projections import measures
from tests.city import CITY

POLICY = built_in()["2021"].policy
OLD, NEW = POLICY.types[2], POLICY.types[0]
CODE = OLD.measures[0].code
KIND = POLICY.councils[1].code
WHY = "误录"
Do = Callable[..., int]


def day(text: str) -> date:
    return date.fromisoformat(text)


def assign(do: Do, id: str = "t1", *, role: str = "decider", **fields: Any) -> int:
    stated = {
        "title": "修复路灯",
        "community": "a",
        "unit": "power",
        "person": "zhao",
        "assigned_on": day("2024-03-01"),
        "due_on": day("2024-04-01"),
    }
    return do(f"task:{id}", AssignTask(**{**stated, **fields}), role)


def council(do: Do, founded: str = "2023-01-01") -> None:
    found = FoundCouncil(
        community="a",
        title="驻区单位联席会议",
        council_kind=KIND,
        founded_on=day(founded),
        members=("school", "bank"),
    )
    do("council:j1", found, "recorder")


def convene(do: Do, id: str, noticed: str, scheduled: str) -> None:
    command = ConveneSession(session=id, noticed_on=day(noticed), scheduled_on=day(scheduled))
    do("council:j1", command, "recorder")
    do("council:j1", SetAgenda(session=id, agenda=("停车", "消防")), "recorder")


def hold(do: Do, id: str, text: str, **lists: Any) -> None:
    stated = {"present": ("school", "bank"), **lists}
    do("council:j1", HoldSession(session=id, held_on=day(text), **stated), "recorder")


def programme(do: Do, count: int = 3) -> str:
    stream = f"programme:{CITY}.2023"
    draft = DraftProgramme(
        jurisdiction=CITY, year=2023, title="补短板强弱项", drafted_on=day("2023-01-10")
    )
    do(stream, draft, "arbiter")
    consult = RecordConsultation(
        consulted_from=day("2023-01-15"),
        consulted_until=day("2023-02-15"),
        replies=9,
        summary="停车难",
    )
    do(stream, consult, "arbiter")
    for number in range(1, count + 1):
        add = AddProgrammeItem(
            item=f"i{number}",
            added_on=day("2023-02-20"),
            title=f"事项{number}",
            unit="city",
            person="zhao",
            due_on=day("2023-11-30"),
        )
        do(stream, add, "arbiter")
    do(stream, AdoptProgramme(adopted_on=day("2023-03-01")), "arbiter")
    return stream


def classified(do: Do) -> None:
    do("community:a", ClassifyCommunity(type=OLD.code, effective_from=day("2021-03-31")))


def reclassify(do: Do, text: str) -> None:
    propose = ProposeReclassification(
        proposal="p1", type=NEW.code, effective_from=day(text), reason="改造", origin="community"
    )
    do("community:a", propose, "recorder", "wang")
    do("community:a", EndorseReclassification(proposal="p1"), "reviewer", "wu")
    do("community:a", ApproveReclassification(proposal="p1", effective_from=day(text)))


def measure(show: Any, text: str, known: int | None = None) -> Any:
    (row,) = show(measures.matrix, POLICY, effective=day(text), known=known)
    return row.measures[0] if row.measures else None
