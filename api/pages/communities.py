"""The pages of communities: the list, and one community with its present and its timeline."""

from collections import Counter
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.reading import TEXT_PATTERN, Day, Reading, TheKey, TheReading, not_there, unfit
from api.http.kernel.rendering import page_language
from api.pages.between import Difference, between
from api.pages.forms.operations import permitted
from api.pages.page import LINES_MAX, begin_of, districts, page_router, paging, policy_shown, show
from api.pages.recorded import Matter, by_year, of_matter, shown_lines
from api.pages.standing import standing
from api.pages.titles import Titles
from domain.kernel.ids import SLUG_PATTERN, CommunityId, JurisdictionId
from projections import exemplars, grade_board, honours, present, register, timeline
from projections.engine.view import View
from projections.exemplars import Filter as ExemplarFilter
from projections.present import PresentView
from projections.register import Filter

router = page_router()

HISTORY_MAX = 5_000
TIMELINE_LINES_MAX = 60
ALL_ROWS = 1_000
OFFERED = (
    "communities.survey",
    "communities.propose-reclassification",
    "communities.rename",
    "communities.recode",
    "communities.describe-boundary",
    "communities.move",
)
MATTERS: tuple[Matter, ...] = ("key", "all", "corrected", "task", "council")


@router.get("/communities")
def communities(
    request: Request,
    reading: TheReading,
    key: TheKey,
    name: Annotated[str, Query(max_length=200, pattern=TEXT_PATTERN)] = "",
    code: Annotated[str, Query(pattern=r"^[0-9]{0,12}$")] = "",
    district: Annotated[JurisdictionId | str, Query(max_length=64)] = "",
    subdistrict: Annotated[JurisdictionId | str, Query(max_length=64)] = "",
    type: Annotated[str, Query(pattern=rf"^-?$|{SLUG_PATTERN}", max_length=64)] = "",
    status: Annotated[str, Query(pattern=r"^(any)?$")] = "",
) -> HTMLResponse:
    """The list of communities, with filters."""
    where = Filter(
        status=None if status == "any" else "active",
        type=None if type == "-" else type or None,
        unclassified=type == "-",
        district=district or None,
        subdistrict=subdistrict or None,
        code=code or None,
        name=name.strip() or None,
    )
    asked = {"name": name, "code": code, "district": district, "type": type, "status": status}
    asked["subdistrict"] = subdistrict
    founded = request.app.state.record.state("record")
    with reading.view() as view:
        found = register.communities(
            view, effective=reading.effective, where=where, after=key, limit=LINES_MAX + 1
        )
        last = found[LINES_MAX - 1] if len(found) > LINES_MAX else None
        policy = policy_shown(reading, view)
        return show(
            reading,
            view,
            "communities.html",
            here="communities",
            founded=founded,
            asked=asked,
            narrowed=any(asked.values()),
            lines=found[:LINES_MAX],
            grades=_grades(view, reading, district or None) if found else {},
            districts=districts(reading, view),
            subdistricts=districts(reading, view, district) if district else (),
            types=policy.types if policy else (),
            titles=Titles(policy, page_language(request)),
            paging=paging(reading, view, key, (last.code or "", last.community) if last else None),
        )


@router.get("/communities/{community}")
def community(
    request: Request,
    community: CommunityId,
    reading: TheReading,
    key: TheKey,
    matter: Annotated[str, Query(max_length=20)] = "key",
    compare: Day | None = None,
) -> HTMLResponse:
    """One community on the day: what it is now, and its timeline."""
    language = page_language(request)
    if matter not in MATTERS:
        raise unfit("matter", "parameter.unknown-value", value=matter)
    by = reading_as(request)
    with reading.view() as view:
        periods = register.periods(view, community)
        if not periods:
            raise not_there(f"community:{community}")
        titles = Titles(policy_shown(reading, view), language)
        now = present.present(view, community, effective=reading.effective)
        return show(
            reading,
            view,
            "community.html",
            here="communities",
            title=(now and now.registered.name) or periods[-1].name or community,
            community=now and now.registered,
            rows=standing(view, now, titles) if now else (),
            counts_of=_counts(view, now, reading.effective) if now else {},
            compare=compare,
            differences=_differences(view, now, compare, titles) if now and compare else (),
            ended=bool(now and now.registered.status != "active"),
            grades=grade_board.history(view, community, effective=reading.effective),
            titles=titles,
            offered=permitted(by.authority.role, titles.policy, *OFFERED)
            if titles.policy and now
            else (),
            subject_id=community,
            matter=matter,
            **_timeline(view, reading, f"community:{community}", key, matter),
        )


def _counts(view: View, now: PresentView, day: date) -> dict[str, int]:
    """How much of each kind goes on in a community: each number leads to its list."""
    found = Counter(str(each.what) for each in now.items)
    id = now.registered.community
    chosen = ExemplarFilter(community=id)
    kinds = ("measure", "task", "council", "partnership", "check-in")
    return {
        **{kind: found[kind] for kind in kinds},
        "exemplar": len(exemplars.exemplars(view, effective=day, where=chosen)),
        "honour": len(honours.titles(view, effective=day, community=id, in_force=True)),
    }


def _differences(view: View, now: PresentView, day: date, titles: Titles) -> list[Difference]:
    """What differs from another day: what held then, and what holds now."""
    id = now.registered.community
    then = present.present(view, id, effective=day)
    before = standing(view, then, titles, most=ALL_ROWS) if then else []
    after = standing(view, now, titles, most=ALL_ROWS)
    earlier = day <= now.effective
    return between(before, after) if earlier else between(after, before)


def _timeline(
    view: View, reading: Reading, stream: str, key: tuple[str, str] | None, matter: Matter
) -> dict[str, Any]:
    """A page of the timeline, newest first, and how many lines each matter has."""
    every = timeline.history(view, stream, until=reading.effective, limit=HISTORY_MAX)
    chosen = of_matter(every, matter)
    first = begin_of(key, len(chosen))
    page = chosen[first : first + TIMELINE_LINES_MAX]
    until = first + len(page)
    lines = shown_lines(view, page, every, page_language(reading.request))
    following = (str(until), matter) if until < len(chosen) else None
    return {
        "years": by_year(lines),
        "counts": {each: len(of_matter(every, each)) for each in MATTERS},
        "paging": paging(reading, view, key, following),
    }


def _grades(view: View, reading: Reading, district: str | None) -> dict[str, Any]:
    """The grades in force in a district, or in the city."""
    where = grade_board.Filter(unit=district)

    def read() -> dict[str, Any]:
        found = grade_board.grades(view, effective=reading.effective, where=where)
        return {each.community: each for each in found}

    return view.once(("grades-shown", reading.effective, district), read)
