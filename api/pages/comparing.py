"""Any list as of a day, beside the same list today: what came, what went, and what is different."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.exports.columns import Column, Layout, layout_of
from api.exports.wording import Cell, Wording
from api.http.kernel.adopted import policy_on
from api.http.kernel.exporting import ListRead, names_of, pages_of
from api.http.kernel.problems import ApiProblem
from api.http.kernel.reading import TheReading, unfit
from api.http.kernel.rendering import page_language
from api.http.kernel.routing import ReadTable
from api.pages.page import LongPageRoute, page_router, show
from domain.kernel.text import Language
from record.store.record import Record

router = page_router(LongPageRoute)

LINES_MAX = 2_000  # of each of the two lists
SHOWN_MAX = 200
OWN = ("of", "lang")
AS_OF = ("effective", "known", "after_position")

Row = Sequence[Cell]
Key = tuple[Cell, ...]


class Change(NamedTuple):
    """A column of a line that says another thing today."""

    line: str
    heading: str
    was: str
    now: str


class Differences(NamedTuple):
    """What differs between two lists of the same columns; a line is called by its name or title, or
    by its first column."""

    gone: Sequence[str]
    came: Sequence[str]
    changes: Sequence[Change]


@router.get("/compare")
def compare(
    request: Request, reading: TheReading, of: Annotated[str, Query(max_length=200)]
) -> HTMLResponse:
    """The list at an address of the API, with the same filters on both days."""
    table = next(each for each in request.app.routes if isinstance(each, ReadTable))
    if (found := table.list_at(of, request)) is None:
        raise ApiProblem("no-such-page", "request.no-such-address")
    read, inner = found
    layout = layout_of(read.shape)
    language = page_language(request)
    headings = [each.title.in_(language) for each in layout.columns]
    then = [each for each in request.query_params.multi_items() if each[0] not in OWN]
    now = [each for each in then if each[0] not in AS_OF]
    sides = [list(_rows(inner, read, layout, language, query)) for query in (then, now)]
    differences = between(layout, headings, *sides)
    zh, _, en = read.title.partition(" · ")
    with reading.view() as view:
        return show(
            reading,
            view,
            "compare.html",
            title=(zh if language == "zh" else en),
            differences=differences._replace(
                gone=differences.gone[:SHOWN_MAX],
                came=differences.came[:SHOWN_MAX],
                changes=differences.changes[:SHOWN_MAX],
            ),
            counts=[len(each) for each in differences],
            today=reading.today,
            most=SHOWN_MAX,
        )


def _rows(
    request: Request,
    read: ListRead,
    layout: Layout,
    language: Language,
    query: Sequence[tuple[str, str]],
) -> Iterator[Row]:
    """The rows of a list, in words; a Problem if there are too many."""
    asked = Request({**request.scope, "query_string": urlencode(query).encode()})
    record: Record = request.app.state.record
    count = 0
    for page in pages_of(asked, read.read):
        items = page.items  # type: ignore[attr-defined]
        count += len(items)
        if count > LINES_MAX:
            raise unfit("of", "compare.too-long", lines=LINES_MAX)
        day = getattr(page, "effective", None) or record.today()
        policy = policy_on(record, day, known=getattr(page, "position", None))
        names = names_of(asked, layout.streams(items))
        yield from Wording(language, policy, {}).rows(layout, items, names)


def between(
    layout: Layout, headings: Sequence[str], before: Sequence[Row], after: Sequence[Row]
) -> Differences:
    """What differs between the rows of two lists. A line is the same on both if its ids are: the
    first of them that tell all lines apart."""
    key = _key(layout, before, after)
    was, now = ({key_of(row, key): row for row in rows} for rows in (before, after))
    shown = [place for place, each in enumerate(layout.columns) if not each.is_id]
    name = next((place for place in shown if _names(layout.columns[place])), shown[0])
    changes = [
        Change(_text(row[name]), headings[place], _text(was[id][place]), _text(row[place]))
        for id, row in now.items()
        if id in was
        for place in shown
        if was[id][place] != row[place]
    ]
    return Differences(
        [_text(row[name]) for id, row in was.items() if id not in now],
        [_text(row[name]) for id, row in now.items() if id not in was],
        changes,
    )


def _key(layout: Layout, *lists: Sequence[Row]) -> Sequence[int]:
    """The columns by which lines are told apart: as few ids as do it, or else all columns."""
    ids = [place for place, each in enumerate(layout.columns) if each.is_id]
    for count in range(1, len(ids) + 1):
        if all(len({key_of(row, ids[:count]) for row in rows}) == len(rows) for rows in lists):
            return ids[:count]
    return range(len(layout.columns))


def _names(column: Column) -> bool:
    """Whether a column has the names of what its lines are about."""
    last = column.path[-1]
    return last in ("name", "title") or last.endswith(("_name", "_title")) or bool(column.named)


def key_of(row: Row, places: Sequence[int]) -> Key:
    """What a line is told apart by."""
    return tuple(row[place] for place in places)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)
