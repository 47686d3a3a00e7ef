"""Urban communities (opening paragraph): one definition in every read, on any day."""

from datetime import date
from typing import Any

import pytest

from domain.community.identity import MoveCommunity
from domain.jurisdiction.tree import (
    DesignateSeatTown,
    EstablishJurisdiction,
    ReconstituteJurisdiction,
)
from domain.kernel.command import Command
from domain.kernel.policy import built_in
from domain.kernel.policy.milestones import DistrictEvidence, MilestoneEvidence
from projections import worklist
from projections.all import PROJECTIONS
from projections.engine.view import ReadModels, View
from projections.engine.worker import catch_up
from projections.figures import figures, milestones, statistics
from projections.figures.derived import Asked
from projections.figures.titles import FIGURES
from projections.register import Filter, communities
from record.store.record import Record
from tests.city import CITY, DISTRICT, acting, classify, register
from tests.domain.given import day

POLICY = built_in()["2021"].policy
DAY = day("2022-01-01")


@pytest.fixture
def city(record: Record) -> Record:
    """A district with a classified community; a county whose seat is one of two towns, each with a
    community that is not classified."""

    def do(stream: str, *commands: Command[Any]) -> None:
        for command in commands:
            record.carry_out(stream, command, by=acting("arbiter", "arb", CITY))

    county = EstablishJurisdiction(
        level="county", name="盐亭县", parent=CITY, effective_from=day("2000-01-01")
    )
    do("jurisdiction:county", county)
    for town in ("seat", "farm"):
        name = EstablishJurisdiction(
            level="town", name=town, parent="county", effective_from=day("2000-01-01")
        )
        do(f"jurisdiction:{town}", name)
    seat = DesignateSeatTown(town="seat", effective_from=day("2000-01-01"))
    do("jurisdiction:county", seat)
    do("community:u", register("城厢社区", "510703001001"))
    do("community:s", register("县城社区", "510723100001", subdistrict="seat"))
    do("community:f", register("乡村社区", "510723101001", subdistrict="farm"))
    decider = acting("decider", "dec", DISTRICT)
    record.carry_out("community:u", classify(), by=decider)
    return record


class Shown:
    """What each read says of the urban communities on a day."""

    def __init__(self, view: View, on: date) -> None:
        register = communities(view, effective=on)
        self.urban = [each.community for each in register if each.urban]
        lacking = Filter(unclassified=True)
        self.unclassified = [
            each.community for each in communities(view, effective=on, where=lacking)
        ]
        self.figure = [
            line.id for line in figures.lines(view, FIGURES["unclassified"], Asked(POLICY, on))
        ]
        self.worklist = [
            each.community for each in worklist.waiting(view, POLICY, effective=on) if not each.type
        ]
        self.statistics = sum(
            each.communities for each in statistics.counts(view, effective=on) if each.urban
        )
        self.all = sum(each.communities for each in statistics.counts(view, effective=on))
        self.milestone = milestones.standing(view, POLICY, effective=on)[0]


@pytest.fixture
def shown(city: Record, models: ReadModels) -> Any:
    def shown(on: date = DAY) -> Shown:
        catch_up(city.url, PROJECTIONS)
        with models.view() as view:
            return Shown(view, on)

    return shown


def test_only_urban_communities_are_to_be_classified_and_rural_ones_are_counted_apart(
    city: Record, shown: Any
) -> None:
    found = shown()

    assert found.urban == ["u", "s"]
    assert found.unclassified == found.figure == found.worklist == ["s"]
    assert (found.statistics, found.all) == (2, 3)
    assert found.milestone.found[0][:4] == ("classified", 1, 2, None)
    city.carry_out("community:s", classify(), by=acting("decider", "dec", "county"))
    found = shown()
    assert found.unclassified == found.figure == found.worklist == []
    assert found.milestone.status == "reached"


def test_what_is_urban_follows_the_level_and_the_seat_of_the_day(city: Record, shown: Any) -> None:
    arbiter = acting("arbiter", "arb", CITY)
    moved = DesignateSeatTown(town="farm", effective_from=day("2021-06-01"))
    city.carry_out("jurisdiction:county", moved, by=arbiter)
    now_urban = ReconstituteJurisdiction(level="subdistrict", effective_from=day("2022-03-01"))
    city.carry_out("jurisdiction:seat", now_urban, by=arbiter)

    urban = {on: shown(day(on)) for on in ("2021-05-31", "2021-06-01", "2022-02-28", "2022-03-01")}

    assert [each.urban for each in urban.values()] == [
        ["u", "s"],
        ["u", "f"],
        ["u", "f"],
        ["u", "s", "f"],
    ]
    for each in urban.values():
        assert each.milestone.found[0].of == each.statistics == len(each.urban)
        assert each.unclassified == each.worklist == each.figure == each.urban[1:]


def test_classification_is_shown_for_each_district_with_the_day_of_completion(
    city: Record, shown: Any
) -> None:
    decider = acting("decider", "dec", "county")
    city.carry_out("community:s", classify(day=day("2021-04-10")), by=decider)

    (found,) = shown().milestone.found

    assert found == MilestoneEvidence(
        "classified",
        2,
        2,
        day("2021-04-10"),
        (
            DistrictEvidence("county", 1, 1, day("2021-04-10")),
            DistrictEvidence(DISTRICT, 1, 1, day("2021-03-31"), False),
        ),
    )


def test_a_district_s_course_ends_with_its_last_urban_community(city: Record, shown: Any) -> None:
    move = MoveCommunity(subdistrict="chengbei", effective_from=day("2021-06-01"))
    city.carry_out("community:s", move, by=acting("arbiter", "arb", CITY))

    (before,), (after,) = (shown(day(on)).milestone.found for on in ("2021-05-31", "2021-06-01"))

    assert [each.district for each in before.districts] == ["county", DISTRICT]
    assert after.districts == (DistrictEvidence(DISTRICT, 1, 2, day("2021-03-31"), False),)


def test_what_was_recorded_only_later_is_told_apart_from_what_was_on_record_in_time(
    city: Record, shown: Any
) -> None:
    city.carry_out("community:s", classify(), by=acting("decider", "dec", "county"))

    milestone = shown().milestone

    assert (milestone.status, milestone.recorded_in_time) == ("reached", False)
    early = shown(day("2021-03-31")).milestone
    assert (early.status, early.recorded_in_time) == ("reached", False)
    (evidence,) = milestone.found
    told = {each.district: each.recorded_in_time for each in evidence.districts}
    assert told == {"county": False, DISTRICT: False}
