"""`annals export register` and `annals replay`: any day, as known at any moment."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from domain.community.corrections import CorrectName
from domain.community.identity import MoveCommunity
from record.store.record import Record
from tests.api.console import annals, done, refused_by
from tests.city import LI, SUBDISTRICT_2, register, rename

HEADER = [
    "code",
    "name",
    "subdistrict_code",
    "subdistrict_name",
    "district_code",
    "district_name",
    "type",
]
FIRST = ["510703001001", "临园社区", "510703001", "城厢街道", "510703", "涪城区", ""]


@pytest.fixture
def url(database_url: str, record: Record) -> str:
    """A city with two communities, of which one was renamed and moved in 2020."""
    record.carry_out("community:b", register("北街社区居民委员会", "510703001002"), by=LI)
    record.carry_out("community:a", register("临园社区", "510703001001"), by=LI)
    record.carry_out("community:a", rename("临园路社区"), by=LI)
    move = MoveCommunity(subdistrict=SUBDISTRICT_2, effective_from=date(2020, 7, 1))
    record.carry_out("community:a", move, by=LI)
    return database_url


def test_the_register_of_a_day_is_exported_in_the_order_of_codes(url: str) -> None:
    lines = list(csv.reader(io.StringIO(_exported(url, "2019-12-31"))))

    assert lines[0][:7] == HEADER
    assert lines[1][:7] == FIRST
    assert [line[0] for line in lines[1:]] == ["510703001001", "510703001002"]


def test_each_format_says_the_same(url: str, tmp_path: Path) -> None:
    from_csv = [line[:7] for line in csv.reader(io.StringIO(_exported(url, "2019-12-31")))][1:]
    from_json = json.loads(_exported(url, "2019-12-31", "--format", "json"))
    book = tmp_path / "register.xlsx"
    _exported(url, "2019-12-31", "--format", "xlsx", "--out", str(book))
    sheets = CalamineWorkbook.from_path(book)
    from_xlsx = sheets.get_sheet_by_name("register").to_python()
    about = {line[0]: line[1] for line in sheets.get_sheet_by_name("about").to_python()}

    assert [[each[column] or "" for column in HEADER] for each in from_json] == from_csv
    assert [line[:7] for line in from_xlsx] == [HEADER, *from_csv]
    assert about["截至 effective"] == "2019-12-31"
    assert about["城市 city"] == "绵阳市"


def test_what_was_known_at_a_position_stays_the_same(url: str, record: Record) -> None:
    at = str(record.head())
    before = _exported(url, "2020-12-31", "--known", at)
    record.carry_out("community:a", rename("临江社区", date(2020, 8, 1)), by=LI)

    assert _exported(url, "2020-12-31", "--known", at) == before
    assert "临江社区" in _exported(url, "2020-12-31")


def test_a_position_that_is_not_recorded_yet_is_refused(url: str, record: Record) -> None:
    asked = refused_by(url, "export", "register", "--known", str(record.head() + 1))

    assert asked == "command-line.no-such-position"


@pytest.mark.parametrize(
    "words", [("--effective", "2020-13-01"), ("--known", "gestern"), ("--format", "pdf")]
)
def test_what_cannot_be_read_is_a_usage_error(url: str, words: tuple[str, str]) -> None:
    assert annals(url, "export", "register", *words).code == 2


def test_an_export_is_narrowed_to_a_place_by_its_code(url: str) -> None:
    narrowed = _exported(url, "2020-12-31", "--subdistrict", "510703002").splitlines()

    assert [line.split(",")[1] for line in narrowed[1:]] == ["临园路社区"]
    unknown = refused_by(url, "export", "register", "--subdistrict", "510799")
    assert unknown == "name.unknown"


def test_excel_gets_the_mark_that_it_needs(url: str, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    _exported(url, "2020-12-31", "--excel", "--out", str(file))

    assert file.read_bytes().startswith(b"\xef\xbb\xbfcode,")


def test_a_file_that_cannot_be_written_is_a_sentence(url: str, tmp_path: Path) -> None:
    nowhere = tmp_path / "missing" / "register.csv"

    assert refused_by(url, "export", "register", "--out", nowhere) == "command-line.file-not-usable"


def test_a_replay_tells_each_entry_and_what_it_changed(url: str) -> None:
    replay = done(url, "replay", "a", "--json").json

    assert [step["event"] for step in replay["steps"]] == [
        "CommunityRegistered",
        "CommunityRenamed",
        "CommunityMoved",
    ]
    assert replay["steps"][1]["changes"] == [
        {
            "attribute": "name",
            "before": "临园社区",
            "after": "临园路社区",
            "effective_from": "2020-01-01",
            "effective_until": None,
        }
    ]
    assert replay["steps"][2]["sentence"]["zh"].endswith("划归城北街道。")


def test_a_replay_reads_as_a_story_in_either_language(url: str) -> None:
    assert "所属街道（镇）：城厢街道 → 城北街道（2020-07-01 起）" in done(url, "replay", "a").out
    english = done(url, "replay", "a", "--lang", "en").out
    assert "subdistrict: 城厢街道 → 城北街道 (from 2020-07-01)" in english
    assert "Renamed 临园路社区 from 1 January 2020." in english


@pytest.mark.parametrize(
    "named",
    ["a", "510703001001", "城北街道/临园路社区", "城北/临园路", "涪城区/城北街道/临园路社区"],
)
def test_a_community_is_found_by_id_code_or_place_and_name(url: str, named: str) -> None:
    assert done(url, "replay", named, "--json").json["community"] == "a"


def test_a_community_is_called_what_it_was_called_on_the_day(url: str) -> None:
    words = ("replay", "城厢街道/临园社区", "--until", "2019-12-31", "--json")
    replay = done(url, *words).json

    assert len(replay["steps"]) == 1
    assert refused_by(url, "replay", "城厢街道/临园社区") == "name.unknown"


def test_a_name_that_several_bear_is_answered_with_the_candidates(url: str, record: Record) -> None:
    twin = register("北街社区居民委员会", "510703002001", subdistrict=SUBDISTRICT_2)
    record.carry_out("community:c", twin, by=LI)

    answer = annals(url, "replay", "北街社区")

    assert answer.reason
    assert answer.reason.code == "name.ambiguous"
    assert all(id in answer.err for id in ("，b）", "，c）"))
    assert done(url, "replay", "城北街道/北街社区", "--json").json["community"] == "c"


def test_a_correction_shows_for_the_days_that_it_changed(url: str, record: Record) -> None:
    before = str(record.head())
    correction = CorrectName(
        corrects=1, name="临圆社区", effective_from=date(2018, 1, 1), reason="笔误"
    )
    record.carry_out("community:a", correction, by=LI)

    steps = done(url, "replay", "a", "--until", "2018-12-31", "--json").json["steps"]

    assert steps[-1]["changes"] == [
        {
            "attribute": "name",
            "before": "临园社区",
            "after": "临圆社区",
            "effective_from": "2018-01-01",
            "effective_until": "2020-01-01",
        }
    ]
    known = done(url, "replay", "a", "--until", "2018-12-31", "--known", before, "--json").json
    assert len(known["steps"]) == 1


def _exported(url: str, day: str, *words: str) -> str:
    return done(url, "export", "register", "--effective", day, *words).out
