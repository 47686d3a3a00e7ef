"""Comparing a roster with the register: what is certain, what is not, and what is then recorded."""

import csv
from datetime import date
from pathlib import Path

import pytest

from domain.community.identity import RegisterCommunity
from domain.community.lineage import MergeCommunity
from domain.kernel.refusal import Refused
from domain.roster.compare import compare
from domain.roster.ends import AbolishEarlier
from domain.roster.finding import CommunityFinding, Comparison, Decision
from domain.roster.plan import plan
from domain.roster.plausible import require_of_the_city, require_past, require_whole
from domain.roster.row import RosterRow
from tests.domain.given import given, registered
from tests.domain.in_memory import InMemory, stated

DAY = date(2018, 10, 31)
NEXT = date(2019, 10, 31)
LAST = date(2020, 6, 30)
DATA = Path(__file__).parents[3] / "shared" / "data"
PLACES = {
    "510703001": "城厢街道",
    "510703002": "城北街道",
    "510703100": "丰谷镇",
    "510722101": "潼川镇",
    "510722102": "花园镇",
    "510722103": "芦溪镇",
    "510726103": "永昌镇",
    "510726104": "安昌镇",
}
DISTRICTS = {"510703": "涪城区", "510722": "三台县", "510726": "北川羌族自治县"}


B = RegisterCommunity(name="乙社区", subdistrict="s1", effective_from=date(2018, 1, 1))
MERGE = MergeCommunity(into="b", effective_from=date(2020, 1, 1))


def row(code: str, name: str, subdistrict: str | None = None) -> RosterRow:
    place = code[:9]
    district = DISTRICTS[code[:6]]
    return RosterRow(2, code, name, place, subdistrict or PLACES[place], code[:6], district)


def city(*rows: RosterRow) -> InMemory:
    found = InMemory()
    found.import_roster(rows, DAY)
    return found


def of(comparison: Comparison, code: str) -> CommunityFinding:
    """What was found of the community that bore the code, or else of the row that bears it."""
    for found in comparison.communities:
        if found.known and found.known.code == code:
            return found
    return next(f for f in comparison.communities if f.row and f.row.code == code)


def test_the_first_roster_registers_what_exists_already() -> None:
    comparison = InMemory().compare([row("510703001001", "北街社区")], DAY)

    (found,) = comparison.communities
    assert (found.kinds, found.origin) == (("registered",), "existing")
    assert [place.kinds for place in comparison.places] == [("established",)] * 2


def test_a_recycled_code_does_not_make_two_communities_one() -> None:
    before = city(row("510726104001", "金霞社区"), row("510726103001", "永昌社区"))
    rows = [
        row("510726103001", "永昌社区"),
        row("510726103007", "金霞社区"),
        row("510726104001", "香江社区", "通泉镇"),
    ]

    comparison = before.compare(rows, NEXT)

    assert of(comparison, "510726104001").kinds == ("recoded", "moved")
    assert comparison.counts() == {"registered": 1, "recoded": 1, "moved": 1, "unchanged": 1}
    before.import_roster(rows, NEXT)
    bearer = {c.code: c.name for c in before.on(NEXT).communities}
    assert bearer["510726104001"] == "香江社区"
    assert {c.code: c.name for c in before.on(DAY).communities}["510726104001"] == "金霞社区"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("新新庙社区居民委员会", "新庙社区居民委员会"),
        ("花园路一社区居民委员会", "花园第一社区居民委员会"),
        ("滨江社区居委会", "滨江社区居民委员会"),
        ("社区居民委员会", "丰谷社区居民委员会"),
        ("丰谷镇南岸社区", "南岸社区居民委员会"),
        ("东路社区", "人民东路社区"),
    ],
)
def test_a_name_made_plainer_under_its_code_is_a_renaming(before: str, after: str) -> None:
    comparison = city(row("510703100001", before)).compare([row("510703100001", after)], NEXT)

    found = of(comparison, "510703100001")
    assert found.kinds == ("renamed",)
    assert found.evidence


@pytest.mark.parametrize("after", ["西街社区", "第二社区", "捷龙社区"])
def test_another_name_under_the_same_code_is_for_a_person_to_decide(after: str) -> None:
    comparison = city(row("510703100001", "东街社区")).compare([row("510703100001", after)], NEXT)

    old, new = of(comparison, "510703100001"), comparison.communities[0]
    assert old.kinds == new.kinds == ("undecided",)
    assert [why.en for why in old.candidates[0].why] == ["same code", "in the same subdistrict"]
    with pytest.raises(Refused) as refused:
        plan(comparison)
    assert (refused.value.code, refused.value.params) == ("roster.undecided", {"undecided": 2})
    assert refused.value.words.en.startswith("2 communities are undecided.")


def test_a_renaming_that_another_could_claim_is_undecided() -> None:
    before = city(row("510703100001", "新新庙社区"), row("510703001004", "新庙社区"))

    comparison = before.compare([row("510703100001", "新庙社区")], NEXT)

    assert [len(found.candidates) for found in comparison.undecided] == [2, 1, 1]
    assert of(comparison, "510703001004").candidates[0].score == 1.0


def test_a_shared_name_that_moved_within_its_district_is_undecided() -> None:
    before = city(
        row("510722101013", "花园社区"),
        row("510722102001", "社区居民委员会"),
        row("510722103001", "芦溪社区"),
    )
    rows = [
        row("510722101013", "南寺坝社区"),
        row("510722103001", "芦溪社区"),
        row("510722103012", "花园社区"),
    ]

    comparison = before.compare(rows, NEXT)

    assert {f.known.name for f in comparison.undecided if f.known} == {"花园社区", "社区居民委员会"}
    assert {f.row.name for f in comparison.undecided if f.row} == {"花园社区", "南寺坝社区"}


def test_what_nothing_resembles_is_abolished_and_registered() -> None:
    comparison = city(row("510703001001", "北街社区"), row("510703100001", "丰谷社区")).compare(
        [row("510703100001", "丰谷社区"), row("510703002005", "滨江社区")], NEXT
    )

    assert of(comparison, "510703001001").kinds == ("abolished",)
    assert of(comparison, "510703002005").origin == "new"
    assert [p.kinds for p in comparison.places if p.code == "510703001"] == [("dissolved",)]


def test_a_community_without_a_code_is_no_business_of_a_roster_of_codes() -> None:
    before = city(row("510703001001", "北街社区"), row("510703001002", "南街社区"))
    known = before.on(NEXT)
    codeless = [
        c if c.name == "北街社区" else type(c)(**{**vars(c), "code": None})
        for c in known.communities
    ]
    known = type(known)(**{**vars(known), "communities": tuple(codeless)})

    assert compare([row("510703001001", "北街社区")], known).counts() == {
        "unchanged": 1,
        "unlisted": 1,
    }
    found = compare([row("510703001001", "北街社区"), row("510703001009", "南街社区")], known)
    assert found.counts() == {"recoded": 1, "unchanged": 1}


def test_a_districts_own_roster_leaves_the_others_alone() -> None:
    before = city(row("510703001001", "北街社区"), row("510722101001", "潼川社区"))

    alone = compare([row("510703001001", "北街社区")], before.on(NEXT), whole_city=False)

    assert alone.changes_nothing
    assert of(before.compare([row("510703001001", "北街社区")], NEXT), "510722101001").kinds == (
        "abolished",
    )


def test_a_town_made_a_subdistrict_is_the_same_unit() -> None:
    before = city(row("510703100001", "三元社区"))
    rows = [row("510703013013", "三元社区", "丰谷街道")]

    comparison = before.compare(rows, NEXT)

    assert comparison.places[-1].kinds == ("reconstituted", "renamed", "recoded")
    assert of(comparison, "510703100001").kinds == ("recoded",)
    before.import_roster(rows, NEXT)
    assert before.lines(NEXT) == stated(rows)


def test_a_place_whose_communities_stayed_was_renamed_and_one_whose_did_not_is_another() -> None:
    stayed = city(row("510703001001", "上马社区")).compare(
        [row("510703001001", "上马社区", "创业园街道")], NEXT
    )
    left = city(row("510703001001", "上马社区")).compare(
        [row("510703001001", "大桥社区", "创业园街道")], NEXT
    )

    assert [p.kinds for p in stayed.places][1:] == [("renamed",)]
    assert [p.kinds for p in left.places][1:] == [("established",), ("dissolved",)]


def test_codes_are_exchanged_by_way_of_none() -> None:
    before = city(row("510703001001", "北街社区"), row("510703001002", "南街社区"))
    rows = [row("510703001002", "北街社区"), row("510703001001", "南街社区")]

    steps = before.import_roster(rows, NEXT)

    first, *others = [step.command.model_dump()["code"] for step in steps]
    assert first is None
    assert sorted(others) == ["510703001001", "510703001002"]
    assert before.lines(NEXT) == stated(rows)
    assert before.lines(DAY) != stated(rows)


def test_planned_twice_it_is_the_same_and_imported_twice_it_is_nothing() -> None:
    rows = [row("510703001001", "北街社区"), row("510703002005", "滨江社区")]
    before = city(row("510703001001", "南街社区"))
    comparison = before.compare(rows, NEXT, separate=True)

    assert plan(comparison) == plan(comparison) != []
    before.import_roster(rows, NEXT)
    assert plan(before.compare(rows, NEXT)) == []


OLD, TWIN = row("510703100001", "东街社区"), row("510703100002", "北街社区")
HEIR = row("510703100001", "西街社区")


@pytest.mark.parametrize(
    ("decisions", "kinds", "names"),
    [
        ([Decision("renamed", OLD.code, HEIR.code)], ("renamed",), ["西街社区"]),
        ([Decision("merged", OLD.code, HEIR.code)], ("merged",), ["西街社区"]),
        ([Decision("abolished", OLD.code)], ("abolished",), ["西街社区"]),
        ([Decision("new", None, HEIR.code)], ("abolished",), ["西街社区"]),
        ([Decision("separate", OLD.code)], ("abolished",), ["西街社区"]),
    ],
)
def test_a_person_decides(
    decisions: list[Decision], kinds: tuple[str, ...], names: list[str]
) -> None:
    before = city(OLD)

    comparison = before.compare([HEIR], NEXT, decisions)

    assert not comparison.undecided
    assert of(comparison, OLD.code).kinds == kinds
    before.import_roster([HEIR], NEXT, decisions)
    assert [c.name for c in before.on(NEXT).communities] == names


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        (Decision("renamed", OLD.code, "510703100009"), "roster.no-row-to-decide"),
        (Decision("abolished", "nobody"), "roster.no-community-to-decide"),
        (Decision("renamed", OLD.code), "roster.decision-incomplete"),
        (Decision("new"), "roster.decision-incomplete"),
        (Decision("abolished", TWIN.code), "roster.no-community-to-decide"),
    ],
)
def test_a_decision_that_decides_nothing_is_refused(decision: Decision, code: str) -> None:
    with pytest.raises(Refused) as refused:
        city(OLD, TWIN).compare([HEIR, TWIN], NEXT, [decision])
    assert refused.value.code == code


def test_a_community_that_a_later_roster_lists_did_not_merge() -> None:
    register = city(OLD, TWIN)
    register.import_roster([OLD, TWIN], LAST)

    with pytest.raises(Refused) as refused:
        register.compare([HEIR, TWIN], NEXT, [Decision("merged", OLD.code, TWIN.code)])
    assert refused.value.code == "roster.listed-later"


def test_a_roster_moves_no_merger_to_an_earlier_day() -> None:
    merged = given(registered()).after("community:b", B).after("community:a", MERGE)

    earlier = AbolishEarlier(annuls=2, effective_from=date(2019, 1, 1), reason="名册未列")

    merged.when(earlier).refused("roster.contradicts-entry", title="甲社区", entry=2)


def test_a_roster_is_of_a_day_that_has_come() -> None:
    require_past(DAY, DAY)
    with pytest.raises(Refused) as refused:
        require_past(NEXT, DAY)
    assert refused.value.code == "roster.day-not-come"


def test_a_roster_is_of_this_city() -> None:
    require_of_the_city([OLD], "510700")
    with pytest.raises(Refused) as refused:
        require_of_the_city([OLD], "510600")
    assert refused.value.code == "roster.of-another-city"
    assert refused.value.params["codes"] == ["510703"]


def test_a_roster_that_names_no_community_of_a_district_is_not_whole() -> None:
    require_whole(city(OLD).compare([HEIR], NEXT))
    with pytest.raises(Refused) as refused:
        require_whole(city(OLD, row("510722101001", "西街社区")).compare([OLD], NEXT))
    assert refused.value.code == "roster.districts-missing"
    assert refused.value.params["districts"] == ["三台县"]


def test_separate_leaves_the_lineage_open() -> None:
    found = city(OLD).compare([HEIR], NEXT, separate=True).communities

    assert [(f.kinds, f.origin) for f in found] == [
        (("registered",), "unknown"),
        (("abolished",), "new"),
    ]


def test_a_roster_that_came_late_does_not_disturb_a_later_one() -> None:
    first = [row("510703001001", "北街社区"), row("510703001002", "南街社区")]
    last = [row("510703001001", "北街社区"), row("510703001002", "南街社区")]
    between = [row("510703001002", "北街社区"), row("510703100001", "丰谷社区")]
    rosters = {DAY: first, LAST: last, NEXT: between}
    register = InMemory()

    for day, rows in rosters.items():
        register.import_roster(rows, day)

    assert {day: register.lines(day) for day in rosters} == {
        day: stated(rows) for day, rows in rosters.items()
    }


def test_what_a_later_roster_put_on_record_only_began_earlier() -> None:
    register = city(row("510703001001", "北街社区"))
    fengu, moved = row("510703100001", "丰谷社区"), row("510703001002", "滨江社区")
    register.import_roster([row("510703001001", "北街社区"), fengu, moved], LAST)
    rows = [row("510703001001", "北街社区"), fengu, row("510703001005", "滨江社区")]

    comparison = register.compare(rows, NEXT)
    register.import_roster(rows, NEXT)

    assert [f.begins_earlier for f in comparison.communities] == [False, True, True]
    assert len(register.on(LAST).ids) == len(register.on(DAY).ids)
    assert register.lines(NEXT) == stated(rows)


def real(year: int) -> list[RosterRow]:
    path = DATA / f"5107-{year}.csv"
    if not path.exists():
        pytest.skip(f"the real rosters are not here: no {path}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [RosterRow(number, *cells) for number, cells in enumerate(rows, 2)]


@pytest.mark.parametrize(
    "order", [(2018, 2019, 2020), (2018, 2020, 2019), (2020, 2018, 2019), (2020, 2019, 2018)]
)
def test_a_real_citys_rosters_hold_on_their_days_in_whatever_order(order: tuple[int, ...]) -> None:
    days = {2018: DAY, 2019: NEXT, 2020: LAST}
    rosters = {year: real(year) for year in days}
    register = InMemory()

    for year in order:
        register.import_roster(rosters[year], days[year])
        assert register.import_roster(rosters[year], days[year]) == []

    for year, rows in rosters.items():
        assert register.lines(days[year]) == stated(rows)
    assert [len(register.lines(day)) for day in days.values()] == [532, 535, 487]


def test_the_code_of_jinxia_resolves_to_the_right_community_on_each_day() -> None:
    register = InMemory()
    for year, day in ((2018, DAY), (2020, LAST), (2019, NEXT)):
        register.import_roster(real(year), day)

    named = {
        day: next(c.name for c in register.on(day).communities if c.code == "510726104001")
        for day in (DAY, NEXT, date(2020, 6, 29), LAST)
    }
    jinxia = {
        day: next((c.id, c.code) for c in register.on(day).communities if c.name.startswith("金霞"))
        for day in (DAY, LAST)
    }

    assert list(named.values()) == ["金霞社区居民委员会"] * 3 + ["香江社区居民委员会"]
    assert jinxia[DAY][0] == jinxia[LAST][0]
    assert jinxia[LAST][1] == "510726103007"
