"""The page of classification: communities to classify, with what the assessment suggests."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.founded import founded
from api.http.kernel.reading import TheKey, TheReading
from api.http.kernel.rendering import page_language
from api.http.policies import policy_asked
from api.pages.page import LINES_MAX, page_router, paging, show
from api.pages.titles import Titles
from domain.kernel.ids import JurisdictionId
from projections import organisation, worklist

router = page_router()


@router.get("/classification")
def worklist_page(
    request: Request,
    reading: TheReading,
    key: TheKey,
    district: Annotated[JurisdictionId | str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """Communities that are unclassified, assessed differently, or under proposal."""
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = worklist.waiting(
            view,
            policy,
            effective=reading.effective,
            district=district or None,
            after=key,
            limit=LINES_MAX + 1,
        )
        last = found[LINES_MAX - 1] if len(found) > LINES_MAX else None
        districts = organisation.jurisdictions(
            view, effective=reading.effective, parent=founded(request).city, limit=LINES_MAX
        )
        return show(
            reading,
            view,
            "classification.html",
            here="classification",
            asked={"district": district},
            districts=[(each.jurisdiction, each.name) for each in districts],
            lines=found[:LINES_MAX],
            titles=Titles(policy, page_language(request)),
            paging=paging(reading, view, key, (last.code or "", last.community) if last else None),
        )
