"""The pages of supports: the list, and one support with its plan, supporters and outcome."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.founded import founded
from api.http.kernel.reading import TheKey, TheReading, day_of_key, unfit
from api.http.kernel.rendering import page_language
from api.http.policies import policy_asked
from api.http.supports import get_support
from api.pages.forms.operations import permitted
from api.pages.page import LINES_MAX, page_router, paging, show
from api.pages.recorded import by_year, of_matter, shown_lines
from api.pages.titles import Titles
from domain.kernel.ids import CommunityId, JurisdictionId, RoundId
from projections import organisation, supports, timeline
from projections.figures import figures
from projections.figures.derived import Asked
from projections.supports import Filter

router = page_router()

STORY_MAX = 500
OWED = "supports-lacking"  # the figure of those that should be supported, and are not
# What the list shows, and whether that is open.
SHOWN: Mapping[str, bool | None] = {"running": True, "ended": False, "all": None}
OFFERED = (
    "supports.assign",
    "supports.end-assignment",
    "supports.plan",
    "supports.assign-tasks",
    "supports.reach-milestone",
    "supports.report",
    "supports.conclude",
    "supports.end",
)


@router.get("/supports")
def list_of_supports(
    request: Request,
    reading: TheReading,
    key: TheKey,
    state: Annotated[str, Query(max_length=20)] = "running",
    district: Annotated[JurisdictionId | str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """Supports in the order of their beginnings, running or ended; and how many are owed."""
    if state not in SHOWN:
        raise unfit("state", "parameter.unknown-value", value=state)
    day, after = reading.effective, day_of_key(key)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = supports.supports(
            view,
            effective=day,
            where=Filter(unit=district or None, open=SHOWN[state]),
            after=after,
            limit=LINES_MAX + 1,
        )
        last = found[LINES_MAX - 1] if len(found) > LINES_MAX else None
        asked = Asked(policy, day, district or None)
        counted = view.once(("counts", asked), lambda: figures.counts(view, asked))
        districts = organisation.jurisdictions(
            view, effective=day, parent=founded(request).city, limit=LINES_MAX
        )
        return show(
            reading,
            view,
            "supports.html",
            here="supports",
            asked={"state": state, "district": district},
            owed=next(each.lines for each in counted if each.figure.code == OWED),
            districts=[(each.jurisdiction, each.name) for each in districts],
            lines=found[:LINES_MAX],
            titles=Titles(policy, page_language(request)),
            paging=paging(
                reading, view, key, (last.begun_on.isoformat(), last.support) if last else None
            ),
        )


@router.get("/supports/{round}/{community}")
def one_support(
    request: Request, round: RoundId, community: CommunityId, reading: TheReading
) -> HTMLResponse:
    """One support on the day: its plan, who supports, what came of it, and its story."""
    by = reading_as(request)
    found = get_support(round, community, reading)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        stream = f"support:{found.support.support}"
        every = timeline.history(view, stream, until=reading.effective, limit=STORY_MAX)
        lines = shown_lines(view, of_matter(every, "all"), every, page_language(request))
        ended = found.support.outcome or found.support.community_ended_on
        offered = ("supports.annul",) if ended else (*OFFERED, "supports.annul")
        return show(
            reading,
            view,
            "support.html",
            here="supports",
            found=found,
            support=found.support,
            day_asked=reading.effective,
            offered=permitted(by.authority.role, policy, *offered),
            subject_id=found.support.support,
            years=by_year(lines),
            titles=Titles(policy, page_language(request)),
        )
