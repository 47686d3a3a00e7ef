"""The pages of joint councils: the calendar of quarters, one council, and one session from its
notice to its minutes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, NamedTuple

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.councils import SessionInFull, get_session
from api.http.kernel.acting import reading_as
from api.http.kernel.reading import Reading, TheKey, TheReading, not_there
from api.http.kernel.rendering import page_language
from api.http.policies import policy_asked
from api.pages.cadence import KEPT, QUARTERS, Kept, Quarter, quarter_of, quarters
from api.pages.forms.operations import permitted
from api.pages.forms.within import FormWithin, form_within
from api.pages.page import LINES_MAX, begin_of, districts, page_router, paging, show
from api.pages.recorded import story_of
from api.pages.steps import Step, Taken, steps_of
from api.pages.titles import Titles
from domain.kernel.ids import SLUG_PATTERN, CommunityId, Id, JurisdictionId
from projections import councils, lacking_councils, tasks
from projections.councils import CouncilView, Filter, Owing, SessionView
from projections.engine.view import View
from projections.tasks import TaskView

router = page_router()

SESSIONS_MAX = 5_000
COUNCIL_LINES = 50
# What can be done with a council, and with a session at each step; who may is the policy's matter.
OFFERED = ("councils.convene", "councils.join", "councils.leave", "councils.dissolve")
OF_SESSION: Mapping[str, tuple[str, ...]] = {
    "convened": ("councils.set-agenda", "councils.hold", "councils.cancel-session"),
    "held": ("councils.adopt-resolution", "councils.record-minutes", "councils.correct-session"),
    "minuted": ("councils.amend-minutes", "councils.adopt-resolution"),
    "cancelled": (),
}
NEXT: Mapping[str, str] = {
    "agenda": "councils.set-agenda",
    "held": "councils.hold",
    "minutes": "councils.record-minutes",
}


class Line(NamedTuple):
    """A council in the calendar of a year."""

    council: CouncilView
    quarters: Sequence[Quarter]


@router.get("/councils")
def calendar(
    request: Request,
    reading: TheReading,
    key: TheKey,
    year: Annotated[int | None, Query(ge=1950, le=2200)] = None,
    quarter: Annotated[str, Query(pattern=r"^[1-4]?$")] = "",
    kept: Annotated[str, Query(pattern=rf"^({'|'.join(KEPT)})?$")] = "",
    district: Annotated[JurisdictionId | str, Query(max_length=64)] = "",
    kind: Annotated[str, Query(pattern=rf"^$|{SLUG_PATTERN}", max_length=64)] = "",
    community: Annotated[CommunityId | str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """The councils of the day, quarter by quarter of a year: held, missed, coming."""
    day = reading.effective
    year = min(year or day.year, day.year)
    where = Filter(community or None, district or None, council_kind=kind or None)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        every = _lines(view, day, year, where)
        found = [each for each in every if _is_asked(each, kept, quarter)]
        first = begin_of(key, len(found))
        shown = found[first : first + COUNCIL_LINES]
        until = first + len(shown)
        lacking = lacking_councils.lacking(
            view, policy, effective=day, district=district or None, limit=LINES_MAX * 10
        )
        asked = {"quarter": quarter, "kept": kept, "district": district, "kind": kind}
        asked["community"] = community
        return show(
            reading,
            view,
            "councils.html",
            here="councils",
            asked=asked,
            narrowed=any(asked.values()),
            year=year,
            years=range(day.year, min(year, *_founded(every, day)) - 1, -1),
            this_quarter=quarter_of(day) if year == day.year else 0,
            lines=shown,
            found=len(found),
            councils=len(every),
            sums=_sums(every),
            lacking=len(lacking),
            districts=districts(reading, view),
            kinds=[(e.code, e.title.in_(page_language(request))) for e in policy.councils],
            titles=Titles(policy, page_language(request)),
            paging=paging(
                reading, view, key, (str(until), "councils") if until < len(found) else None
            ),
        )


def _lines(view: View, day: date, year: int, where: Filter) -> list[Line]:
    """The councils of the day by place and community, with the sessions of the year."""
    begin, end = date(year, 1, 1), date(year, 12, 31)
    of_council: dict[str, list[SessionView]] = {}
    for each in councils.sessions(
        view, effective=day, where=where, begin=begin, end=end, limit=SESSIONS_MAX
    ):
        of_council.setdefault(each.council, []).append(each)
    found = councils.owing(view, effective=day, where=where, limit=SESSIONS_MAX)
    return [
        Line(each.council, quarters(day, year, each.due, of_council.get(each.council.council, ())))
        for each in sorted(found, key=_place)
    ]


def _founded(lines: Sequence[Line], day: date) -> list[int]:
    return [day.year, *(each.council.founded_on.year for each in lines)]


def _place(each: Owing) -> tuple[str, str, str]:
    council = each.council
    return council.district_name or "", council.community_name or "", council.council


def _is_asked(line: Line, kept: str, quarter: str) -> bool:
    chosen = [line.quarters[int(quarter) - 1]] if quarter else line.quarters
    return not kept or any(each.kept == kept for each in chosen)


def _sums(lines: Sequence[Line]) -> list[Counter[Kept]]:
    """In each quarter, how many councils kept the cadence in which way."""
    return [Counter(each.quarters[number - 1].kept for each in lines) for number in QUARTERS]


@router.get("/councils/{council}")
def one_council(request: Request, council: Id, reading: TheReading) -> HTMLResponse:
    """One council: its members, its years, its sessions and what it resolved."""
    day = reading.effective
    by = reading_as(request)
    with reading.view() as view:
        found = councils.owing(view, effective=day, where=Filter(council=council), limit=1)
        if not found:
            raise not_there(f"council:{council}", day)
        owing = found[0]
        policy = policy_asked(reading, view)
        sessions = councils.sessions(
            view, effective=day, where=Filter(council=council), limit=SESSIONS_MAX
        )
        resolved = councils.resolutions(view, council, effective=day)
        stands = owing.council.dissolved_on is None
        return show(
            reading,
            view,
            "council.html",
            here="councils",
            council=owing.council,
            members=councils.members(view, council, effective=day),
            years=[
                (
                    year,
                    quarters(day, year, owing.due, [e for e in sessions if e.day.year == year]),
                )
                for year in range(day.year, owing.council.founded_on.year - 1, -1)
            ],
            sessions=sessions[::-1],
            resolved=Counter(e.session for e in resolved if e.annulled_on is None),
            offered=permitted(by.authority.role, policy, *OFFERED) if stands else (),
            subject_id=council,
            titles=Titles(policy, page_language(request)),
            story=story_of(view, f"council:{council}", day, page_language(request)),
        )


@router.get("/councils/{council}/sessions/{session}")
def one_session(request: Request, council: Id, session: Id, reading: TheReading) -> HTMLResponse:
    """One session, from its notice to its minutes, with the form of the next step."""
    full = get_session(council, session, reading)
    by = reading_as(request)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        titles = Titles(policy, page_language(request))
        at = _at(full.session)
        steps = _steps(full)
        following = next((NEXT[each.name] for each in steps if each.state == "next"), "")
        offered = permitted(by.authority.role, policy, *OF_SESSION[at])
        form: FormWithin | None = None
        if following in {each.id for each in offered}:
            stream = f"council:{council}"
            form = form_within(reading, view, titles, following, stream, session=session)
        return show(
            reading,
            view,
            "session.html",
            here="councils",
            full=full,
            session=full.session,
            steps=steps,
            at=at,
            form=form,
            tasks=_tasks_of(view, reading, full, titles),
            offered=offered,
            subject_id=council,
            titles=titles,
        )


def _at(session: SessionView) -> str:
    """The step that decides what can be done: minuted once there are minutes."""
    return "minuted" if session.versions else session.status


def _steps(full: SessionInFull) -> list[Step]:
    session = full.session
    resolved = [each for each in full.resolutions if each.annulled_on is None]
    return steps_of(
        Taken("notice", True, session.noticed_on),
        Taken("agenda", bool(session.agenda), number=len(session.agenda)),
        Taken("held", session.held_on is not None, session.held_on, len(session.present)),
        Taken("resolved", bool(resolved), number=len(resolved), optional=True),
        Taken("minutes", session.versions > 0, session.minutes_on, session.versions),
        over=session.status == "cancelled",
    )


def _tasks_of(
    view: View, reading: Reading, full: SessionInFull, titles: Titles
) -> dict[str, TaskView]:
    """The tasks of what was resolved, by id."""
    assert titles.policy is not None, "a session belongs to a council of the policy"
    where = tasks.Filter(source_stream=f"council:{full.session.council}", status=None)
    wanted = {id for each in full.resolutions for id in each.tasks}
    if not wanted:
        return {}
    found = tasks.tasks(
        view, titles.policy, effective=reading.effective, where=where, limit=SESSIONS_MAX
    )
    return {each.task: each for each in found if each.task in wanted}
