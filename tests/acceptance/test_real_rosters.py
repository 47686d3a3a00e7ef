"""The main job on real input: three years of a real city's rosters, through the command line."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.api.console import annals, done
from tests.checker import check
from tests.databases import Databases

DATA = Path(__file__).parents[2].parent / "shared" / "data"
ROSTERS = {"2018": "2018-10-31", "2019": "2019-10-31", "2020": "2020-06-30"}
LINES = {"2018": 532, "2019": 535, "2020": 487}
COLUMNS = [
    "code",
    "name",
    "subdistrict_code",
    "subdistrict_name",
    "district_code",
    "district_name",
]
# 金霞社区 moved with its subdistrict's reform; its code has been 香江社区's since.
RECYCLED, MOVED_TO = "510726104001", "510726103007"

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(
        not (DATA / "5107-2018.csv").exists(),
        reason=f"the real rosters are not part of the project, and not in {DATA}",
    ),
]


@pytest.fixture(
    scope="module", params=[("2018", "2019", "2020"), ("2018", "2020", "2019")], ids="-".join
)
def city(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The city's record with its three rosters, in the order of their days and in another.

    The tests that ask for it only read it.
    """
    with databases.lent() as url:
        done(url, "found", "--city", "绵阳市", "--code", "5107")
        for year in request.param:
            answer = _imported(url, year)
            assert answer["receipt"], year
            assert answer["rows"] == LINES[year]
        yield url
        check(url)


def test_the_register_of_each_cut_off_is_that_years_file_exactly(city: str) -> None:
    for year, day in ROSTERS.items():
        exported = _rows(done(city, "export", "register", "--effective", day).out)

        assert len(exported) == LINES[year]
        assert exported == _rows(_file(year).read_text(encoding="utf-8-sig"))


def test_nothing_of_a_roster_is_left_in_doubt_between_the_cut_offs(city: str) -> None:
    """On the day before a cut-off the register is still what the roster before said."""
    for (before, _), (_, day) in pairwise(ROSTERS.items()):
        eve = day[:-2] + f"{int(day[-2:]) - 1:02}"
        exported = _rows(done(city, "export", "register", "--effective", eve).out)

        assert exported == _rows(_file(before).read_text(encoding="utf-8-sig"))


def test_a_recycled_code_leads_to_the_right_community_on_each_day(city: str) -> None:
    before, after = (
        done(city, "replay", RECYCLED, "--until", day, "--json").json
        for day in ("2020-06-29", "2020-06-30")
    )
    moved = done(city, "replay", MOVED_TO, "--json").json

    assert before["community"] == moved["community"] != after["community"]
    assert "金霞社区" in _registered(before)
    assert "香江社区" in _registered(after)


def test_the_timeline_of_a_moved_community_tells_its_story(city: str) -> None:
    replay = done(city, "replay", MOVED_TO, "--json").json
    changes = {
        change["attribute"]: (change["before"], change["after"], change["effective_from"])
        for step in replay["steps"][1:]
        for change in step["changes"]
    }
    story = done(city, "replay", MOVED_TO).out

    assert changes["code"] == (RECYCLED, MOVED_TO, "2020-06-30")
    assert changes["subdistrict"][2] == "2020-06-30"
    assert "登记金霞社区居民委员会" in story
    assert re.search(r"代码：510726104001 → 510726103007（2020-06-30 起）", story)
    assert "划归永昌镇" in story
    assert "安昌镇 → 永昌镇" in story


def test_importing_a_file_twice_records_nothing_the_second_time(city: str) -> None:
    head = _head(city)

    for year in ROSTERS:
        answer = _imported(city, year)
        assert answer["receipt"] is None
        assert answer["counts"]["communities"] == {"unchanged": LINES[year]}
    assert _head(city) == head


def test_what_is_exported_is_imported_again_as_no_change(city: str, tmp_path: Path) -> None:
    for format in ("csv", "xlsx"):
        file = tmp_path / f"register.{format}"
        words = ("--effective", ROSTERS["2020"], "--format", format, "--out", file)
        done(city, "export", "register", *words)

        again = done(city, "import", "roster", file, "--as-of", ROSTERS["2020"], "--json").json

        assert again["counts"]["communities"] == {"unchanged": LINES["2020"]}
        assert again["undecided"] == 0


def test_the_read_models_are_what_a_rebuild_makes_of_the_record(city: str) -> None:
    rebuilt = done(city, "rebuild", "--json").json

    assert rebuilt["compared"]
    assert rebuilt["differences"] == []


def test_what_was_known_before_a_roster_came_is_still_to_be_seen(database_url: str) -> None:
    done(database_url, "found", "--city", "绵阳市", "--code", "5107")
    _imported(database_url, "2018")
    at = str(_head(database_url))
    words = ("export", "register", "--effective", ROSTERS["2020"], "--known", at)
    before = done(database_url, *words).out
    _imported(database_url, "2020")

    assert done(database_url, *words).out == before
    assert len(_rows(before)) == LINES["2018"]


def test_while_anything_is_undecided_nothing_is_recorded(database_url: str, tmp_path: Path) -> None:
    done(database_url, "found", "--city", "绵阳市", "--code", "5107")
    _imported(database_url, "2018")
    head = _head(database_url)
    worksheet = tmp_path / "worksheet.xlsx"
    words = ("import", "roster", _file("2020"), "--as-of", ROSTERS["2020"])

    answer = annals(database_url, *words, "--apply", "--worksheet", worksheet)

    assert answer.code == 1
    assert "待定" in answer.err
    assert worksheet.exists()
    assert _head(database_url) == head


def _registered(replay: Any) -> str:
    """The sentence by which a community came on the register."""
    said = (each["sentence"]["zh"] for each in replay["steps"])
    return str(next(each for each in said if "登记" in each))


def _file(year: str) -> Path:
    return DATA / f"5107-{year}.csv"


def _imported(url: str, year: str) -> Any:
    words = ("--as-of", ROSTERS[year], "--apply", "--undecided", "separate", "--json")
    return done(url, "import", "roster", _file(year), *words).json


def _rows(text: str) -> list[list[str]]:
    lines = csv.DictReader(io.StringIO(text))
    return sorted([line[column] for column in COLUMNS] for line in lines)


def _head(url: str) -> int:
    return int(done(url, "status", "--json").json["head"])
