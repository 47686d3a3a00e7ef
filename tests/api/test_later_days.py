"""An entry about a later day changes nothing of what an earlier day shows; an annulment, on every
day and in every read, leaves what was there before it.

One city does one act of each kind about a later day; every read is asked before and after, for all
that was on record before.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import product
from typing import Any, get_args

from fastapi import FastAPI

from api.http.openapi import kept
from domain.commands import COMMANDS
from domain.kernel.context import Role
from domain.kernel.ids import id_of, kind_of
from domain.kernel.refusal import NotAuthorised, Refused
from domain.person.offices import offices_named
from projections.figures.titles import FIGURES
from projections.timeline import names_entry
from record.store.record import CHINA, Record
from tests.api.acts import BEFORE, LATER, RECORDED, Act, act
from tests.api.clerk import Clerk, at_the_door
from tests.api.earlier_acts import happened_before
from tests.api.later_acts import happened_later
from tests.city import acting, enrol, found, put_on_register
from tests.projections.life import Life

EARLIER = ("2023-09-25", "2026-03-02")
EVER = ("2026-03-02", "2026-04-01")
COMMUNITIES = "abgk"
IDS_MAX = 2  # of the other kinds of subject; lists show all of them
# Lists that hold others than those of the day only if they are asked for them.
ANY = ("tasks", "task-tallies", "communities", "units", "people")
# Not of a day: where the record stood, and until when what is shown holds, as far as that is known.
NOT_OF_A_DAY = ("position", "next", "href", "effective_until", "left_on")
# What tells of entries tells of an annulled one, too.
TELLS = ("/timeline", "/replay", "/late-entries", "/corrections", "/dashboard/recorded-late")
COUNTS = ("recorded-late", "corrections")  # their figures
# What no test city can do on a later day: they correct, or need another policy or a file.
LEFT_OUT = {
    *(name for name, each in COMMANDS.items() if names_entry(each) or name.startswith("Correct")),
    *(
        "AdoptPolicy",
        "AdoptPolicyFile",
        "ApplyBatch",
        "FoundRecord",
        "ReceiveBatch",
        "RepealPolicy",
    ),
    *("AnnulResolution", "AnnulRound", "DistinguishPerson"),
} - {"RepealClassification"}


# What nothing annuls by itself, or only after another act.
KEPT = {
    *("AddProgrammeItem", "AdmitCommunities", "AdoptResolution", "AmendMinutes"),
    *("AssignItemTasks", "AssignMeasureTasks", "AssignSupportTasks", "BeginSupport"),
    *("CancelSession", "CloseRound", "CloseStage", "ConcludeSupport", "DecideObjection"),
    *("DesignateSeatTown", "DraftProgramme", "DropProgrammeItem", "EndAgreement", "EndSupport"),
    *("EndorseReclassification", "FileObjection", "GradeCity", "GrantAuthority", "HoldSession"),
    *(
        "JoinLineage",
        "OpenRound",
        "OpenStage",
        "PlaceUnit",
        "PlanMeasure",
        "PlanRound",
        "PlanSupport",
    ),
    *("ProposeReclassification", "PublishResults", "RecordAppraisal", "RecordConsultation"),
    *("RecordMinutes", "RegradeCity", "RejectReclassification", "ReturnReclassification"),
    *("ReturnReview", "ReviseProgrammeItem", "ReviseReclassification", "RevokeAuthority"),
    *("ScoreByDistrict", "ScoreBySubdistrict", "SelfAssess", "SetAgenda", "SettleObjection"),
    *("SplitCommunity", "TakePost", "WithdrawObjection", "WithdrawReclassification"),
    *("WithdrawReview",),
}


class LivelyCity:
    """A city whose record believes that it is a given day."""

    def __init__(self, record: Record, clerk: Clerk, today: list[date]) -> None:
        self.record, self.clerk, self.today = record, clerk, today
        found(record, simulation=True)
        Life(record).lived()
        for each in happened_before():
            self.do(each, BEFORE)
        later = [*happened_later()]
        begun = {each.stream for each in later}
        named = {stream for each in later for stream in offices_named(each.command(LATER))}
        put_on_register(record, {stream: id_of(stream) for stream in sorted(named - begun)})
        _ = clerk.client  # who reads is on record from here on
        self.asked = list(addresses(record))
        today[0] = RECORDED

    def do(self, each: Act, on: date) -> None:
        """Carry it out as whoever may."""
        if refusal := self.asked_for(each, on):
            raise AssertionError((each, refusal.words.en))

    def asked_for(self, each: Act, on: date) -> Refused | None:
        """Carry it out as whoever may; the refusal if nobody may."""
        stream, fields = each.stream, dict(each.fields)
        if stream == "task:newest":
            names = (e for e in self.record.entries(after=0, limit=9_999))
            stream = [e.stream for e in names if e.name == "TaskAssigned"][-1]
        if each.name == "RevokeAuthority":
            fields["grant"] = next(iter(self.record.state(stream).grants))
        command = each._replace(fields=fields).command(on)
        if on == BEFORE:
            enrol(self.record, command)
        refusal: Refused | None = None
        for role in get_args(Role):
            try:
                self.record.carry_out(stream, command, by=acting(role, each.person, each.unit))
            except NotAuthorised as found:
                refusal = refusal or found
            except Refused as found:
                return found
            else:
                return None
        return refusal

    def annulled(self, each: Act) -> bool:
        """Carry it out, and annul what it recorded; False if nothing annuls such a thing."""
        before = self.record.head()
        if self.asked_for(each, LATER):
            return False
        entries = self.record.entries(after=before, limit=200)
        done = [(e.stream, e.version) for e in entries if e.stream == each.stream]
        annuls = ANNULS[kind_of(each.stream)]
        for stream, version in reversed(done):
            asked = (act(stream, name, annuls=version, who="ann", at=each.unit) for name in annuls)
            if all(self.asked_for(one, LATER) for one in asked):
                return False
        return True

    def shown(self, days: Iterable[str]) -> dict[str, Any]:
        """What each read shows on each of these days."""
        self.clerk.catch_up()
        answers = {}
        for address, day in product(self.asked, days):
            asked = f"{address}&effective={day}"
            answer = self.clerk.get(asked)
            assert answer.status_code in (200, 404), (asked, answer.text)
            shown = answer.json()
            answers[asked] = shown if answer.status_code == 200 else shown["code"]
        return answers


@contextmanager
def lively_city(app: FastAPI, url: str) -> Iterator[LivelyCity]:
    """The city, as it was on the day before any later act."""
    today = [BEFORE]

    def clock() -> datetime:
        return datetime.combine(today[0], time(10), CHINA)

    with Record(url, clock=clock) as record, at_the_door(app, url, clock=clock) as clerk:
        yield LivelyCity(record, clerk, today)


ANNULS = {
    kind: [
        name
        for name, each in COMMANDS.items()
        if "annuls" in each.model_fields and each.subject_type().kind == kind
    ]
    for kind in {each.subject_type().kind for each in COMMANDS.values()}
}


def addresses(record: Record) -> Iterator[str]:
    """The address of each read that takes a day, of each subject on record."""
    ids: dict[str, dict[str, None]] = {"figure": dict.fromkeys(FIGURES)}
    for entry in record.entries(after=0, limit=9_999):
        ids.setdefault(kind_of(entry.stream), {})[id_of(entry.stream)] = None
    ids["community"] = dict.fromkeys(COMMUNITIES)
    ids["session"] = dict.fromkeys(("t0", "s0"))
    for path, operations in kept()["paths"].items():
        parameters = operations.get("get", {}).get("parameters", ())
        asked = {each.get("name") for each in parameters}
        # All periods are those of every day.
        if "effective" not in asked or path.endswith("/periods"):
            continue
        names = re.findall(r"{(\w+)}", path)
        of = [["power"] if "inboxes" in path else [*ids.get(name, ())] for name in names]
        of = [
            each if name == "figure" else each[:IDS_MAX]
            for name, each in zip(names, of, strict=True)
        ]
        for each in product(*of):
            address = path
            for name, id in zip(names, each, strict=True):
                address = address.replace(f"{{{name}}}", id)
            more = "limit=200" if "limit" in asked else ""
            if any(each.get("name") == "q" and each["required"] for each in parameters):
                more += "&q=社区"
            yield f"{address}?{more}"
            if path.removeprefix("/api/v1/") in ANY:
                yield f"{address}?{more}&status=any"


def unlike(one: Any, other: Any, at: str) -> Iterator[str]:
    """Where two answers differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        told = {*one} if one.get("code") in COUNTS else set()
        for name in sorted({*one, *other} - {*NOT_OF_A_DAY} - told):
            yield from unlike(one.get(name), other.get(name), f"{at} {name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from unlike(left, right, f"{at} {number}")
    elif one != other:
        yield f"{at}: {one!r:.700} -> {other!r:.700}"


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [each for asked, was in before.items() for each in unlike(was, after[asked], asked)]


def test_a_later_act_of_each_kind_is_tried() -> None:
    tried = {each.name for each in happened_later()}

    assert COMMANDS.keys() - LEFT_OUT - tried == set()


def test_what_is_recorded_of_a_later_day_changes_no_earlier_one(
    database_url: str, app: FastAPI
) -> None:
    with lively_city(app, database_url) as city:
        before = city.shown(EARLIER)
        for each in happened_later():
            city.do(each, LATER)

        assert differences(before, city.shown(EARLIER)) == []


def test_what_was_annulled_is_shown_on_no_day(database_url: str, app: FastAPI) -> None:
    with lively_city(app, database_url) as city:
        before = city.shown(EVER)
        for each in happened_later():
            assert each.name in KEPT or city.annulled(each), each

        found = differences(before, city.shown(EVER))
        assert [each for each in found if not any(told in each for told in TELLS)] == []
