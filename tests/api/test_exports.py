"""Every list can be taken as a file, with the lines of its JSON over all pages."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from itertools import islice, product
from typing import Any, get_args, get_origin
from urllib.parse import unquote

import pytest
from fastapi import FastAPI
from python_calamine import CalamineWorkbook

from api.exports.columns import (
    Layout,
    LineShape,
    Row,
    fields_of,
    layout_of,
    model_of,
    what_of,
    words,
)
from api.exports.columns import id_of as id_of_field
from api.exports.files import CELL_CHARACTERS_MAX, Page, write_csv, write_xlsx
from api.exports.wording import Wording
from api.http.app import ROUTES
from api.http.kernel import exporting, routing
from api.http.kernel.routing import ReadRoute
from domain.kernel.ids import id_of, kind_of
from domain.kernel.policy import built_in
from domain.kernel.text import Language
from projections.figures.titles import FIGURES
from tests.api.acts import BEFORE, RECORDED
from tests.api.test_later_days import LivelyCity, lively_city
from tests.databases import Databases

FEW = 7  # lines on a page
TRIED_MAX = 8  # addresses of a list, for one that has lines
# Of which this city has nothing.
EMPTY = {"attachments.entries", "councils.gaps", "timelines.irregular"}


def lists() -> dict[str, tuple[str, LineShape]]:
    """All lists by operation: their address, and the shape of their lines."""
    found = (route for module in ROUTES for route in import_module(module).router.routes)
    reads = (each for each in found if isinstance(each, ReadRoute))
    return {each.operation_id or "": (each.path, each.lines) for each in reads if each.lines}


@pytest.fixture(scope="module")
def city(app: FastAPI, databases: Databases) -> Iterator[LivelyCity]:
    """A city in which there is something of everything; nothing is recorded in it any more."""
    with databases.lent() as url, lively_city(app, url) as city:
        city.today[0] = BEFORE
        city.clerk.by("auditor")
        city.today[0] = RECORDED
        city.clerk.catch_up()
        yield city


def get(city: LivelyCity, address: str) -> Any:
    """What an auditor of the city is answered."""
    return city.clerk.get(address, Authorization=city.clerk.by("auditor"))


@pytest.fixture
def in_small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "PAGE_LINES", FEW)


def addresses(city: LivelyCity, path: str) -> Iterator[str]:
    """Addresses of a list, of what is on record."""
    ids: dict[str, dict[str, None]] = {"figure": dict.fromkeys(FIGURES), "version": {"2021": None}}
    for entry in city.record.entries(after=0, limit=9_999):
        ids.setdefault(kind_of(entry.stream), {})[id_of(entry.stream)] = None
    ids["review"] = {}
    names = re.findall(r"{(\w+)}", path)
    for each in product(*(ids.get(name, {"power": None}) for name in names)):
        yield path.format(**dict(zip(names, each, strict=True)))


def lines_of(city: LivelyCity, address: str) -> list[dict[str, Any]]:
    """The lines of a list over all its pages."""
    found: list[dict[str, Any]] = []
    asked = f"{address}?limit={FEW}"
    while True:
        answer = get(city, asked)
        if answer.json().get("code") == "parameter.unknown":
            asked = address
            continue
        if answer.status_code != 200:
            return []
        found += answer.json()["items"]
        following = answer.json().get("next")
        if following is None:
            return found
        place = "cursor" if isinstance(following, str) else "after"
        asked = f"{address}?limit={FEW}&{place}={following}"


def taken(city: LivelyCity, address: str, format: str, **more: str) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in {"format": format, **more}.items())
    answer = get(city, f"{address}{'&' if '?' in address else '?'}{asked}")
    assert answer.status_code == 200, (address, answer.text)
    return answer


def cells_of(answer: Any) -> list[list[str]]:
    """The cells of a CSV, as what is kept from Excel is read again."""
    text = answer.content.decode("utf-8-sig")
    return [[_unwrapped(cell) for cell in row] for row in csv.reader(io.StringIO(text))]


def _unwrapped(cell: str) -> str:
    return cell[2:-1].replace('""', '"') if cell.startswith('="') else cell


def sheets_of(answer: Any) -> list[list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return [book.get_sheet_by_index(n).to_python() for n in range(len(book.sheet_names))]


def ids_in(layout: Layout, row: Row) -> list[str]:
    """The ids in a line of JSON, in the order of their columns."""
    found = []
    for column in layout.columns:
        within = column.path[0] == row.each
        value: Any = row.part if within else row.line
        for name in column.path[1:] if within else column.path:
            value = (value or {}).get(name)
        if column.is_id:
            found.append("" if value is None else str(value))
    return found


@pytest.mark.usefixtures("in_small_pages")
def test_an_export_of_any_list_has_the_lines_of_its_json(city: LivelyCity) -> None:
    empty = set()
    for operation, (path, shape) in lists().items():
        layout = layout_of(shape)
        tried = islice(addresses(city, path), TRIED_MAX)
        asked = ((each, lines) for each in tried if (lines := lines_of(city, each)))
        address, lines = next(asked, ("", []))
        if not lines:
            empty.add(operation)
            continue
        each = layout.each or ""
        expected = [
            ids_in(layout, Row(one, each, part)) for one in lines for part in one.get(each) or [{}]
        ]
        head, *rows = cells_of(taken(city, address, "csv"))
        found = [
            [cell for cell, column in zip(row, layout.columns, strict=True) if column.is_id]
            for row in rows
        ]
        if operation == "audit.list":  # that the key was used may have been noted meanwhile
            found = found[: len(expected)]
        assert head == [column.title.zh for column in layout.columns]
        assert found == expected, address

    assert empty == EMPTY
    assert len(lists()) > 60


def test_a_workbook_has_days_as_days_names_for_ids_and_says_what_was_asked_for(
    city: LivelyCity,
) -> None:
    answer = taken(city, "/api/v1/tasks?status=any&community=a", "xlsx")
    (head, *rows), about = sheets_of(answer)
    lines = get(city, "/api/v1/tasks?status=any&community=a&limit=200").json()

    assert rows
    first = dict(zip(head, rows[0], strict=True))
    assert (first["责任单位"], first["责任单位编号"]) == (
        lines["items"][0]["unit_name"],
        lines["items"][0]["unit"],
    )
    assert first["完成时限"] == date.fromisoformat(lines["items"][0]["due_on"])
    assert isinstance(first["完成时限"], date)
    said = dict(about)
    assert said["筛选：社区"] == lines["items"][0]["community_name"]
    assert said["筛选：状态"] == "全部"
    assert (said["行数"], said["所知截至编年位置"]) == (len(rows), lines["position"])
    assert "孙立" in said["导出人"]
    name = unquote(answer.headers["content-disposition"].partition("UTF-8''")[2])
    assert name.startswith("任务看板 ")
    assert name.endswith(f"编年位置 {lines['position']}.xlsx")
    assert answer.headers["annals-position"] == str(lines["position"])


def test_an_export_is_as_of_the_day_and_known_at_the_position_that_are_asked_for(
    city: LivelyCity,
) -> None:
    asked = "/api/v1/communities?effective=2020-01-01&known=60"

    rows = cells_of(taken(city, asked, "csv", language="en"))
    lines = get(city, f"{asked}&limit=200").json()["items"]
    assert rows[0][:3] == ["Community code", "Community name", "Status"]
    assert [row[1] for row in rows[1:]] == [each["name"] for each in lines]
    assert 0 < len(lines) < len(get(city, "/api/v1/communities?limit=200").json()["items"])


def test_what_is_taken_is_noted_with_how_many_lines_it_had(city: LivelyCity) -> None:
    rows = cells_of(taken(city, "/api/v1/communities?status=any", "csv"))

    log = city.clerk.bare.app.state.access.log  # type: ignore[attr-defined]
    noted = [each for each in log.page(after=0, limit=1_000, what="export") if each.lines][-1]
    assert (noted.operation, noted.lines) == ("communities.list", len(rows) - 1)
    assert (noted.person, noted.taken) == ("li.na", "status=any&format=csv")


def test_a_list_that_is_too_long_or_too_slow_is_refused(
    city: LivelyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, limit, code in (
        ("LINES_MAX", 2, "export.too-long"),
        ("CHARACTERS_MAX", 10, "export.too-long"),
        ("SECONDS_MAX", -1, "export.too-slow"),
    ):
        with monkeypatch.context() as changed:
            changed.setattr(exporting, name, limit)
            for format in ("xlsx", "csv"):
                answer = get(city, f"/api/v1/communities?format={format}")
                assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert get(city, "/api/v1/communities?format=docx").status_code == 422
    assert get(city, "/api/v1/communities/a?format=csv").status_code == 422


def test_no_text_becomes_a_formula_or_hides_anything() -> None:
    texts = ("=1+1", "+1", "-1", "@a", "＝1", "0012", "a\x07b", "\u202eb", "-" * 300, "x" * 40_000)
    page = Page("清单", ["列"], [[each] for each in texts])

    file = io.BytesIO()
    write_csv(file, page)
    assert file.getvalue().startswith(b"\xef\xbb\xbf")
    rows = [row[0] for row in csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig")))][1:]
    assert rows[:6] == [f'="{each}"' for each in texts[:6]]
    assert rows[6:8] == ["a\\x07b", "\\u202eb"]
    assert rows[8] == f"'{texts[8]}"
    file = io.BytesIO()
    write_xlsx(file, page)
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue()))
    found = [str(row[0]) for row in book.get_sheet_by_index(0).to_python()][1:]
    assert found[:8] == [*texts[:6], "a\\x07b", "\\u202eb"]
    assert len(found[9]) == CELL_CHARACTERS_MAX
    assert found[9].endswith("……")


def shapes() -> Iterator[LineShape]:
    """The shapes of all lines, and those within."""
    ahead = [shape for _, shape in lists().values()]
    seen: set[LineShape] = set()
    while ahead:
        if (shape := ahead.pop()) not in seen:
            seen.add(shape)
            yield shape
            ahead += [inner for hint in fields_of(shape).values() if (inner := model_of(hint)[0])]


def choices(hint: Any) -> set[str]:
    """The values that an annotation lists."""
    if "Literal" in str(get_origin(hint)):
        return {each for each in get_args(hint) if isinstance(each, str)}
    return {value for part in get_args(hint) for value in choices(part)}


def test_every_column_has_a_heading_of_its_own_and_every_listed_value_a_title() -> None:
    for _, shape in lists().values():
        columns = layout_of(shape).columns
        assert all(re.search(r"[\u4e00-\u9fff]", each.title.zh) for each in columns), columns
        for language in get_args(Language):
            heads = Counter(each.title.in_(language) for each in columns)
            assert [each for each, times in heads.items() if times > 1] == [], shape
    wording = Wording("zh", built_in()["2021"].policy, {})
    untitled = [
        (shape.__name__, name, value)
        for shape in shapes()
        for name, hint in fields_of(shape).items()
        for value in choices(hint)
        if id_of_field(shape, name) is None and wording.term(what_of(shape, name), value) == value
    ]
    assert untitled == []
    assert all(len(each) == 2 for each in words()["headings"].values())
