"""Who asks what of a city: the acts from which tests make one that is lively."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from domain.commands import COMMANDS
from domain.kernel.command import Command
from domain.kernel.policy import built_in
from tests.city import CITY, SUBDISTRICT, SUBDISTRICT_2, TYPE_2
from tests.domain.given import day
from tests.domain.rounds import STAGES, votes

POLICY = built_in()["2021"].policy
BEFORE, LATER, RECORDED = day("2025-06-12"), day("2026-03-03"), day("2026-09-01")
SAID = ("reason", "result", "content", "description", "comment", "finding", "text", "note", "title")
TEXTS = (*SAID, "evidence", "summary", "progress", "grounds", "consequence", "topic", "subject")
WHO: dict[str, Any] = {"unit": "power", "person": "zhao"}
MEASURE = POLICY.community_type(TYPE_2).measures[0].code
OTHER_MEASURE = POLICY.community_type(TYPE_2).measures[1].code
PLACE_OF = {"a": SUBDISTRICT, "b": SUBDISTRICT_2, "e": SUBDISTRICT, "g": SUBDISTRICT}
MERITS = {each.code: "有" for each in POLICY.exemplars.criteria}
RATING = POLICY.partnerships.ratings[0].code


class Act(NamedTuple):
    """Who asks what of which subject: a command by its name, with the fields that matter."""

    stream: str
    name: str
    fields: dict[str, Any]
    person: str
    unit: str

    def command(self, on: date) -> Command[Any]:
        """The command; a day that is not given is that one, a text says something."""
        kind = COMMANDS[self.name]
        given = dict(self.fields)
        for name, field in kind.model_fields.items():
            if name not in given and field.is_required():
                if field.annotation is date:
                    given[name] = date(on.year + 1, 6, 30) if name == "due_on" else on
                elif name in TEXTS:
                    given[name] = "说明"
        return kind.model_validate(given)


def act(stream: str, command: str, /, *, who: str = "li", at: str = CITY, **fields: Any) -> Act:
    return Act(stream, command, fields, who, at)


def work(title: str = "增设车位") -> dict[str, Any]:
    return {**WHO, "title": title, "due_on": "2027-06-30"}


def round_of(id: str, year: int) -> Iterator[Act]:
    windows = [
        {"stage": s, "planned_from": date(year, 5 + n, 1), "planned_until": date(year, 6 + n, 1)}
        for n, s in enumerate(STAGES)
    ]
    plan: dict[str, Any] = {
        "title": f"{year}年评定",
        "begins_on": date(year, 5, 1),
        "cutoff_on": date(year, 4, 30),
        "windows": windows,
    }
    yield act(f"round:{id}", "PlanRound", **plan)


def appraisal(on: date) -> list[dict[str, Any]]:
    return [{**vars(each), "held_on": on} for each in votes().assemblies]
