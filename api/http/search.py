"""Search over HTTP: names, codes, documents, minutes, resolutions and what else entries state."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.http.kernel.reading import READ_PROBLEMS, Limit, Listing, Text, TheKey, TheReading
from api.http.kernel.routing import SubjectRouter
from api.http.timelines import after_line
from projections import hits, search
from projections.engine.bigrams import terms
from projections.hits import KindFoundView, SearchHitView
from projections.search import Kind

router = SubjectRouter("/api/v1/search", "检索 Search")

OF_EACH = 5  # lines of a kind where all kinds are shown


class FoundView(Listing[SearchHitView]):
    """What was found: of all kinds the newest lines of each, or one kind page by page."""

    terms: list[str] = Field(description="What was looked for: all of these words, in one text.")
    kinds: list[KindFoundView] = Field(description="Those in which something was found.")


@router.get(
    "",
    operation_id="search.find",
    summary="检索 · Search",
    responses=READ_PROBLEMS,
)
def find(
    reading: TheReading,
    key: TheKey,
    q: Annotated[
        Text,
        Query(
            description="Words, or parts of them: all must be in one text. Width and case do not "
            "matter, nor do signs around a word. Of officials and offices also pinyin initials."
        ),
    ],
    kind: Annotated[
        Kind | None,
        Query(description="Only this kind, page by page; otherwise the newest five of each."),
    ] = None,
    limit: Limit = 50,
) -> FoundView:
    """What entries stated up to the requested day, newest first: names and codes, documents, tasks,
    minutes, resolutions, partnerships and programmes. What was annulled or corrected is not found.
    """
    wanted, after = terms(q), after_line(key) if kind else None
    with reading.view() as view:
        found = search.found(
            view,
            wanted,
            effective=reading.effective,
            kind=kind,
            after=after,
            limit=limit + 1 if kind else OF_EACH,
        )
        page = found[:limit] if kind else found
        last = page[-1] if len(found) > len(page) else None
        next_key = (last.effective_on.isoformat(), str(last.entry.position)) if last else None
        items = hits.shown(view, page, wanted, effective=reading.effective)
        listing = reading.listing(view, items, next_key=next_key)
        return FoundView(**dict(listing), terms=list(wanted), kinds=hits.counts(found))
