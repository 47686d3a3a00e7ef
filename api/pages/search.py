"""The page of search: what entries state, by kind, each line leading to its subject."""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

from fastapi import Query
from starlette.responses import HTMLResponse

from api.http.kernel.reading import TEXT_PATTERN, Reading, TheKey, TheReading
from api.http.search import OF_EACH, FoundView, find
from api.pages.page import page_router, show
from api.pages.subjects import page_of
from domain.kernel.ids import kind_of
from projections import organisation
from projections.engine.view import View
from projections.hits import MarkView, SearchHitView
from projections.search import Kind

router = page_router()

LINES_MAX = 40
ICONS: Mapping[Kind, str] = {
    "community": "list",
    "person": "person",
    "unit": "home",
    "jurisdiction": "pin",
    "task": "task",
    "resolution": "check",
    "minutes": "pen",
    "council": "people",
    "partnership": "link",
    "programme": "patch",
    "document": "sheet",
}


class LineShown(NamedTuple):
    """A hit, the address that it leads to, and its passage in pieces, each marked or not."""

    hit: SearchHitView
    address: str
    pieces: list[tuple[str, bool]]


class GroupShown(NamedTuple):
    """The lines of a kind, its icon, and in how many subjects something was found: at least so many
    if there are `more`."""

    kind: Kind
    icon: str
    total: int
    more: bool
    lines: list[LineShown]


@router.get("/search")
def search(
    reading: TheReading,
    key: TheKey,
    q: Annotated[str, Query(max_length=200, pattern=TEXT_PATTERN)] = "",
    kind: Annotated[Kind | Literal[""], Query()] = "",
) -> HTMLResponse:
    """What was found: of all kinds the newest lines, or all of one kind, page by page."""
    asked = q.strip()
    found = find(reading, key, asked, kind or None, LINES_MAX) if asked else None
    of_all = find(reading, None, asked, None, LINES_MAX) if asked and kind else found
    with reading.view() as view:
        return show(
            reading,
            view,
            "search.html",
            here="search",
            looked_for=asked,
            kind=kind,
            found=found,
            of_each=OF_EACH,
            icons=ICONS,
            kinds=_in_order(of_all),
            groups=_groups(view, reading, found) if found else (),
            paging={
                "first_page": reading.address(cursor=None) if key else None,
                "next_page": reading.address(cursor=found.next) if found and found.next else None,
            },
        )


def pieces(passage: str, marks: list[MarkView]) -> list[tuple[str, bool]]:
    """A passage in pieces, each with whether it is marked."""
    cut, at = list[tuple[str, bool]](), 0
    for each in marks:
        cut += [(passage[at : each.begin], False), (passage[each.begin : each.end], True)]
        at = each.end
    return [piece for piece in (*cut, (passage[at:], False)) if piece[0]]


def _in_order(found: FoundView | None) -> list[tuple[Kind, int, bool]]:
    """How many were found of each kind, in the order of the page."""
    counted = {each.kind: each for each in found.kinds} if found else {}
    return [(k, counted[k].count, counted[k].more) for k in ICONS if k in counted]


def _groups(view: View, reading: Reading, found: FoundView) -> list[GroupShown]:
    groups = []
    for kind, count, more in _in_order(found):
        hits = [each for each in found.items if each.kind == kind]
        lines = [
            LineShown(each, _address(view, reading, each), pieces(each.passage, each.marks))
            for each in hits
        ]
        groups.append(GroupShown(kind, ICONS[kind], count, more, lines))
    return groups


def _address(view: View, reading: Reading, hit: SearchHitView) -> str:
    """The page of what was found; of a document, an entry that rests on it."""
    if hit.kind == "document":
        return f"/entries/{hit.position}"
    if hit.session:
        return f"/councils/{hit.id}/sessions/{hit.session}"
    if kind_of(hit.stream) != "jurisdiction":
        return page_of(hit.stream).address
    place = organisation.jurisdiction(view, hit.id, effective=reading.effective)
    if place is None or place.parent is None:
        return "/communities"
    above = organisation.jurisdiction(view, place.parent, effective=reading.effective)
    level = "subdistrict" if above and above.parent else "district"
    return f"/communities?{level}={hit.id}"
