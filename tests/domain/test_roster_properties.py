"""Whatever rosters come, in whatever order: each day's register is that day's roster."""

from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.roster.row import RosterRow
from tests.domain.in_memory import InMemory, stated

DISTRICTS = {"510703": "涪城区", "510704": "游仙区"}
PARTS = ("001", "002", "100", "101")
PLACE_NAMES = ("城厢街道", "城厢镇", "塘汛街道", "塘汛镇", "石桥乡")
# Names that share a core, say nothing, are near each other, or are told apart by one character.
NAMES = (
    "社区居委会",
    "场镇社区",
    "新庙社区",
    "新新庙社区",
    "新庙社区居民委员会",
    "东街社区",
    "西街社区",
    "塘汛社区",
)
FIRST_DAY = date(2018, 10, 31)


@st.composite
def rosters(draw: st.DrawFn) -> tuple[RosterRow, ...]:
    """A small roster in which codes, names and places are few, so that they are recycled."""
    rows = []
    for district, district_name in DISTRICTS.items():
        for part in PARTS:
            if not (place := draw(st.sampled_from((None, *PLACE_NAMES)))):
                continue
            names = draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
            numbers = draw(st.permutations(("001", "002", "003")))
            for number, name in zip(numbers, names, strict=False):
                subdistrict = district + part
                code = subdistrict + number
                rows.append(RosterRow(2, code, name, subdistrict, place, district, district_name))
    return tuple(rows)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[date, tuple[RosterRow, ...]]]:
    """Rosters of different days, in the order of their arrival."""
    count = draw(st.integers(1, 4))
    days = draw(st.permutations(range(count)))
    return [(FIRST_DAY + timedelta(days=100 * day), draw(rosters())) for day in days]


@settings(max_examples=60, deadline=None)
@given(histories())
def test_each_roster_holds_on_its_day_whenever_it_came(
    history: list[tuple[date, tuple[RosterRow, ...]]],
) -> None:
    city = InMemory()
    came = {}

    for day, rows in history:
        city.import_roster(rows, day)
        came[day] = rows
        for each, expected in came.items():
            assert city.lines(each) == stated(expected)
        assert city.import_roster(rows, day) == []


@settings(max_examples=60, deadline=None)
@given(rosters(), rosters(), st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing(
    before: tuple[RosterRow, ...], after: tuple[RosterRow, ...], random: Random
) -> None:
    city = InMemory()
    city.import_roster(before, FIRST_DAY)
    day = FIRST_DAY + timedelta(days=365)
    shuffled = random.sample(after, len(after))

    assert city.compare(shuffled, day) == city.compare(after, day)
    assert city.compare(shuffled, day, separate=True) == city.compare(after, day, separate=True)
