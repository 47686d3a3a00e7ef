"""`annals import roster`: compared, decided, recorded as one batch or not at all."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from api.rosters.file import read_roster
from domain.batch.events import BatchReceived
from record.store.record import Record
from tests.api.console import annals, done, refused, refused_by
from tests.city import acting, rename

HEADER = "code,name,subdistrict_code,subdistrict_name,district_code,district_name"
PLACE = "510703001,城厢街道,510703,涪城区"
OTHER = "510704001,涪江街道,510704,游仙区"
FIRST = [
    f"510703001001,顺河街社区居民委员会,{PLACE}",
    f"510703001002,新新庙社区居民委员会,{PLACE}",
    f"510704001001,东津路社区居民委员会,{OTHER}",
]
# Another code and a name that is only alike: a rename, or another community?
SECOND = [
    f"510703001001,顺河街社区居民委员会,{PLACE}",
    f"510703001009,新庙社区居民委员会,{PLACE}",
    f"510704001001,东津路社区居民委员会,{OTHER}",
]
DAY, LATER_DAY = "2018-10-31", "2020-06-30"


@pytest.fixture
def url(database_url: str) -> str:
    done(database_url, "found", "--city", "绵阳市", "--code", "5107")
    return database_url


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return _file(tmp_path / "first.csv", FIRST)


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return _file(tmp_path / "second.csv", SECOND)


def test_comparing_records_nothing(url: str, first: Path) -> None:
    answer = done(url, "import", "roster", first, "--as-of", DAY)

    assert "登记（3）" in answer.out
    assert "新新庙社区居民委员会" in answer.out
    assert "--apply" in answer.err
    assert _head(url) == 4


def test_a_roster_becomes_one_batch(url: str, first: Path) -> None:
    receipt = _applied(url, first, DAY)["receipt"]

    with Record(url) as record:
        entries = record.entries(after=4)
    assert [entry.position for entry in entries] == list(range(5, receipt["last_position"] + 1))
    assert len({(entry.batch, entry.command_id) for entry in entries}) == 1
    received = entries[0].event
    assert isinstance(received, BatchReceived)
    assert (received.file_name, received.rows) == ("first.csv", 3)
    assert {entry.actor.person for entry in entries} == {"li.na"}


def test_what_is_exported_for_excel_comes_in_again_as_it_was(url: str, tmp_path: Path) -> None:
    names = [
        "=1+1社区",
        "+甲社区",
        "-乙社区",
        "@丙社区",
        "丽江（一期）社区",
        "①号社区",
        '"引号"社区',
        '="丁"社区',
    ]
    quoted = ['"{}"'.format(name.replace('"', '""')) for name in names]
    rows = [f"51070300100{n},{name},{PLACE}" for n, name in enumerate(quoted)]
    _applied(url, _file(tmp_path / "roster.csv", rows), DAY)

    file = tmp_path / "excel.csv"
    done(url, "export", "register", "--excel", "--effective", DAY, "--out", file)

    text = file.read_text(encoding="utf-8-sig")
    assert '"=""510703001000"""' in text
    assert not re.search(r'(^|,)"?[=+@-](?!"")', text, re.MULTILINE)
    assert [each.name for each in read_roster(file).rows] == names
    again = done(url, "import", "roster", file, "--as-of", DAY, "--json").json
    assert (again["communities"], again["places"], again["undecided"]) == ([], [], 0)
    plain = tmp_path / "plain.csv"
    done(url, "export", "register", "--effective", DAY, "--out", plain)
    assert [each.name for each in read_roster(plain).rows] == names


def test_a_name_that_differs_only_in_its_widths_is_not_renamed_back(
    url: str, tmp_path: Path
) -> None:
    written = _file(tmp_path / "a.csv", [f"510703001001,丽江（一期）社区,{PLACE}"])
    alike = _file(tmp_path / "b.csv", [f"510703001001,丽江(一期)社区,{PLACE}"])
    _applied(url, written, DAY)

    later = done(url, "import", "roster", alike, "--as-of", LATER_DAY, "--json").json

    assert later["communities"] == []


def test_the_same_file_twice_records_nothing_and_says_so(url: str, first: Path) -> None:
    _applied(url, first, DAY)
    head = _head(url)

    answer = done(url, "import", "roster", first, "--as-of", DAY, "--apply", "--lang", "en")

    assert "nothing to record" in answer.err
    assert _head(url) == head


def test_a_roster_that_confirms_the_register_is_on_record_once(url: str, first: Path) -> None:
    _applied(url, first, DAY)
    head = _head(url)

    assert _applied(url, first, LATER_DAY)["receipt"]["last_position"] == head + 2
    assert _applied(url, first, LATER_DAY)["receipt"] is None


def test_a_register_that_moved_away_from_a_roster_is_brought_back_by_it(
    url: str, first: Path
) -> None:
    community = _applied(url, first, LATER_DAY)["communities"][0]["community"]
    with Record(url) as record:
        wrong = rename("顺河街社区", date.fromisoformat(LATER_DAY))
        by = acting("arbiter", unit=record.state("record").city)
        record.carry_out(f"community:{community}", wrong, by=by)

    assert _applied(url, first, LATER_DAY)["counts"]["communities"]["renamed"] == 1
    register = done(url, "export", "register", "--effective", LATER_DAY).out
    assert "顺河街社区居民委员会" in register


def test_a_refused_file_names_every_row_column_and_cell(url: str, tmp_path: Path) -> None:
    wrong = _file(
        tmp_path / "wrong.csv",
        [f"51070300100,顺河街社区,{PLACE}", f"510703001002,,{PLACE}", FIRST[0]],
    )

    said = refused(url, "import", "roster", wrong, "--as-of", DAY, "--apply")
    answer = annals(url, "import", "roster", wrong, "--as-of", DAY, "--json")

    assert "51070300100" in said
    assert "单元格为空" in said
    assert answer.code == 1
    assert [(each["row"], each["column"]) for each in answer.json["refused"]] == [
        (2, "code"),
        (3, "name"),
    ]
    assert _head(url) == 4


def test_what_is_no_roster_is_a_sentence(url: str, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.csv"
    nothing.write_bytes(b"")
    picture = tmp_path / "picture.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")

    for file in (nothing, picture, Path(__file__)):
        assert refused_by(url, "import", "roster", file, "--as-of", DAY).startswith("file.")


@pytest.mark.parametrize(
    "words", [("missing.csv", "--as-of", DAY), (__file__,), (__file__, "--as-of", "yesterday")]
)
def test_what_cannot_be_read_is_a_usage_error(url: str, words: tuple[str, ...]) -> None:
    assert annals(url, "import", "roster", *words).code == 2


def test_nothing_is_recorded_while_anything_is_undecided(
    url: str, first: Path, second: Path
) -> None:
    _applied(url, first, DAY)
    head = _head(url)

    answer = annals(url, "import", "roster", second, "--as-of", LATER_DAY, "--apply")

    assert answer.reason
    assert answer.reason.code == "command-line.undecided"
    assert "新庙社区居民委员会" in answer.out
    assert _head(url) == head


def test_what_a_person_decides_in_the_worksheet_is_recorded(
    url: str, first: Path, second: Path, tmp_path: Path
) -> None:
    _applied(url, first, DAY)
    worksheet, decided = tmp_path / "worksheet.xlsx", tmp_path / "decided.xlsx"
    words = ("import", "roster", second, "--as-of", LATER_DAY)
    told = done(url, *words, "--worksheet", worksheet)
    assert worksheet.name in "".join(told.err.split())
    assert "--decisions" in told.err
    _decide(worksheet, decided, "更名为 renamed → 510703001009")

    answer = done(url, *words, "--decisions", decided, "--apply", "--json").json

    assert answer["counts"]["communities"] == {"renamed": 1, "recoded": 1, "unchanged": 2}
    replay = done(url, "replay", "510703001009", "--json").json
    changed = [each for step in replay["steps"] for each in step["changes"]]
    assert changed[1]["after"] == "新新庙社区居民委员会"


def test_what_is_undecided_can_be_recorded_apart(url: str, first: Path, second: Path) -> None:
    _applied(url, first, DAY)

    answer = _applied(url, second, LATER_DAY, "--undecided", "separate")

    assert answer["counts"]["communities"] == {"registered": 1, "abolished": 1, "unchanged": 2}
    assert "来历待查" in done(url, "replay", "510703001009").out


def test_a_partial_roster_leaves_other_districts_alone(
    url: str, first: Path, tmp_path: Path
) -> None:
    _applied(url, first, DAY)
    one = _file(tmp_path / "one.csv", FIRST[:2])

    whole = done(url, "import", "roster", one, "--as-of", LATER_DAY, "--json").json
    partial = done(url, "import", "roster", one, "--as-of", LATER_DAY, "--partial", "--json").json

    assert whole["counts"]["communities"]["abolished"] == 1
    assert partial["counts"]["communities"] == {"unchanged": 2}


def test_a_file_without_whole_districts_is_not_recorded_unless_said(
    url: str, first: Path, tmp_path: Path
) -> None:
    _applied(url, first, DAY)
    head = _head(url)
    one = _file(tmp_path / "one.csv", FIRST[:2])
    words = ("import", "roster", one, "--as-of", LATER_DAY, "--apply")

    answer = annals(url, *words)

    assert answer.code == 1
    assert "名册未列 游仙区" in answer.err
    assert _head(url) == head

    done(url, *words, "--whole-city")

    assert _head(url) > head


def test_another_citys_roster_is_not_recorded(url: str, first: Path, tmp_path: Path) -> None:
    _applied(url, first, DAY)
    head = _head(url)
    foreign = _file(tmp_path / "foreign.csv", [row.replace("5107", "1101") for row in FIRST])

    answer = refused(url, "import", "roster", foreign, "--as-of", LATER_DAY, "--apply")

    assert "110103、110104 等不属于本市（5107）" in answer
    assert _head(url) == head


def test_a_roster_states_nothing_of_days_to_come(url: str, first: Path) -> None:
    code = refused_by(url, "import", "roster", first, "--as-of", "2099-01-01", "--apply")

    assert code == "roster.day-not-come"
    assert _head(url) == 4


def test_a_worksheet_is_never_written_over(url: str, first: Path, tmp_path: Path) -> None:
    filled = tmp_path / "filled.xlsx"
    filled.write_bytes(b"decisions")

    words = (url, "import", "roster", first, "--as-of", DAY, "--worksheet")

    assert refused_by(*words, filled) == "command-line.file-exists"
    assert filled.read_bytes() == b"decisions"
    assert refused_by(*words, tmp_path / "no" / "x.xlsx") == "command-line.no-folder"


def test_a_program_is_told_the_findings_of_what_is_refused(
    url: str, first: Path, second: Path
) -> None:
    _applied(url, first, DAY)

    answer = annals(url, "import", "roster", second, "--as-of", LATER_DAY, "--apply", "--json")

    assert answer.code == 1
    assert answer.json["receipt"] is None


def test_a_back_dated_roster_leaves_the_later_one_as_it_is(
    url: str, first: Path, second: Path
) -> None:
    _applied(url, second, LATER_DAY)
    before = done(url, "export", "register", "--effective", LATER_DAY).out.splitlines()

    answer = _applied(url, first, DAY, "--undecided", "separate")

    after = done(url, "export", "register", "--effective", LATER_DAY).out.splitlines()
    assert answer["later_roster"] == LATER_DAY
    assert [line.rpartition(",")[0] for line in after] == [
        line.rpartition(",")[0] for line in before
    ]


def _file(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def _applied(url: str, file: Path, day: str, *words: str) -> dict[str, Any]:
    answer: dict[str, Any] = done(
        url, "import", "roster", file, "--as-of", day, "--apply", "--json", *words
    ).json
    return answer


def _decide(worksheet: Path, decided: Path, decision: str) -> None:
    """The worksheet with this decision on the community that was on record."""
    (title, *_) = CalamineWorkbook.from_path(worksheet).sheet_names
    rows = CalamineWorkbook.from_path(worksheet).get_sheet_by_name(title).to_python()
    place = rows[0].index("判定 decision")
    with Workbook(str(decided)) as book:
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            cells = [str(cell) for cell in row]
            if cells[-1].startswith("community:"):
                cells[place] = decision
            sheet.write_row(number, 0, cells)


def _head(url: str) -> int:
    return int(done(url, "status", "--json").json["head"])
