"""The pages of imports: a sheet is checked cell by cell, confirmed, and kept as a batch."""

import re
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.api.clerk import Clerk

PAGE = {"Accept": "text/html"}
HEAD = "单位名称,单位类别,所属区划,起始日期"
SOUND = f"{HEAD}\n涪滨区住建局,政府机关,涪滨区,2020-01-01\n"
WRONG = f"{SOUND}涪滨区甲局,没有的类别,涪滨区,2020-13-01\n"


def sent(clerk: Clerk, text: str) -> Any:
    files = {"file": ("单位.csv", text.encode())}
    return clerk.client.post("/imports/units", files=files, headers=PAGE)


def fields(page: str, step: str) -> dict[str, str]:
    """What the form for the next step sends."""
    (form,) = re.findall(rf'<form[^>]*action="/imports/units/{step}.*?</form>', page, re.S)
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


@pytest.mark.usefixtures("subdistrict")
def test_a_sheet_is_checked_cell_by_cell_and_not_recorded(clerk: Clerk) -> None:
    head = clerk.record.head()
    clerk.catch_up()
    page = sent(clerk, WRONG)
    marked = clerk.client.post("/imports/units/marked", data=fields(page.text, "marked"))

    assert page.status_code == 422
    assert "没有的类别" in page.text
    assert "2020-13-01" in page.text
    assert "confirmation" not in page.text
    assert clerk.record.head() == head
    rows = CalamineWorkbook.from_filelike(BytesIO(marked.content)).get_sheet_by_index(0)
    assert "没有的类别" in rows.to_python()[2]


@pytest.mark.usefixtures("subdistrict")
def test_a_sheet_that_is_confirmed_becomes_a_batch_once(clerk: Clerk) -> None:
    clerk.catch_up()
    page = sent(clerk, SOUND)
    asked = fields(page.text, "confirmation")
    first, second = (
        clerk.client.post("/imports/units/confirmation", data=asked, follow_redirects=False)
        for _ in range(2)
    )
    clerk.catch_up()
    batch = clerk.get(first.headers["location"], **PAGE).text

    assert page.status_code == 200
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert "涪滨区住建局" in batch
    assert "单位.csv" in clerk.get("/imports", **PAGE).text
    again = sent(clerk, SOUND)
    assert "没有需要记入的内容" in again.text


@pytest.mark.usefixtures("subdistrict")
def test_a_page_of_another_site_imports_nothing(clerk: Clerk) -> None:
    answer = clerk.client.post(
        "/imports/units", files={"file": ("a.csv", b"")}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403


@pytest.mark.usefixtures("subdistrict")
def test_what_was_never_imported_is_not_found(clerk: Clerk) -> None:
    clerk.catch_up()

    assert clerk.get("/imports/batches/none", **PAGE).status_code == 404
    assert "还没有导入过" in clerk.get("/imports", **PAGE).text
