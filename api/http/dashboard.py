"""The dashboard over HTTP: figures with their lists, and the policy's milestones compared with
the record. Reads only."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.http.kernel.reading import (
    LIT_PROBLEMS,
    Limit,
    Listing,
    TheKey,
    TheReading,
    not_there,
    unfit,
)
from api.http.kernel.routing import SubjectRouter
from api.http.policies import policy_asked
from domain.kernel.ids import SLUG_PATTERN, CommunityId, JurisdictionId
from domain.kernel.policy import Evidence, Policy, called
from domain.kernel.policy import milestones as rules
from domain.kernel.refusal import NotOnRecord
from domain.kernel.text import Bilingual
from domain.task.lights import meaning
from projections import organisation, register, timeline
from projections.engine.view import View
from projections.figures import figures, milestones
from projections.figures.derived import Asked
from projections.figures.figures import Counted, FigureLine, Group
from projections.figures.titles import FIGURES, GROUPS, Figure, is_group
from projections.sentences import label, sentences

router = SubjectRouter("/api/v1", "工作台 Dashboard")

NONE = Bilingual(zh="未定", en="not set")

InPlace = Annotated[
    JurisdictionId | None,
    Query(description="The city, a district or park, or a subdistrict or town."),
]
InCommunity = Annotated[CommunityId | None, Query()]


class FigureGroupView(BaseModel):
    """The lines of a figure that share a value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: str | None = Field(description="The `value` to filter by; null if they have none.")
    title: Bilingual
    count: int
    href: str = Field(
        description="The address of their list, with the same `effective` and `known`."
    )


class FigureView(BaseModel):
    """A figure: the number of lines in its list, in total and by group."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: Bilingual
    noun: Bilingual = Field(description="What the count counts, in the number of the count.")
    meaning: Bilingual | None = Field(
        description="The policy's criterion, if the title does not state it."
    )
    count: int
    groups: list[FigureGroupView] = Field(
        description="They add up to the count; empty if not grouped."
    )
    href: str = Field(description="The address of the list, as of the same day and knowledge.")


class Dashboard(BaseModel):
    """All figures of a place on a day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    figures: list[FigureView]
    effective: date
    position: int


class FigureLineView(BaseModel):
    """One line of a figure's list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str = Field(description="Its stream.")
    part: str | None = Field(description="The part of the subject, if not the whole.")
    title: Bilingual = Field(
        description="Its own title, the title of a term, or the sentence of an entry."
    )
    community: str | None
    community_name: str | None
    subdistrict: str | None
    subdistrict_name: str | None
    district: str | None
    district_name: str | None
    value: str | None = Field(description="Its group.")
    day: date | None = Field(description="The relevant day: a deadline, or since when.")
    position: int | None = Field(description="The position of its entry, if it is one entry.")


class DistrictEvidenceView(BaseModel):
    """The progress in one district or park."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    district: str
    district_name: str | None
    done: int
    of: int
    reached_on: date | None = Field(description="The first day on which nothing was missing.")
    recorded_in_time: bool | None = Field(description="As of the milestone.")


class MilestoneEvidenceView(BaseModel):
    """The progress of one kind of evidence for a milestone by the day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    evidence: Evidence
    title: Bilingual
    rests_on: Bilingual = Field(description="What of the record it is computed from.")
    cannot_know: Bilingual = Field(description="What the record does not tell about it.")
    done: int
    of: int
    reached_on: date | None = Field(description="The first day on which nothing was missing.")
    districts: list[DistrictEvidenceView] = Field(
        description="The same for each district and park, if the evidence lies in them."
    )


class MilestoneView(BaseModel):
    """A milestone of the policy and its status on the requested day. Derived, never recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: Bilingual
    section: str | None = Field(description="The passage of the policy document.")
    source: Bilingual | None = Field(description="Who filled in what the document leaves open.")
    due_on: date
    status: Literal["reached", "reached-late", "open", "missed"]
    status_title: Bilingual
    reached_on: date | None
    days_late: int | None = Field(
        description="By how many calendar days it was reached late or is overdue."
    )
    recorded_in_time: bool | None = Field(
        description="Whether the record showed by the end of the due day that it was reached;"
        " false if that was recorded only later. Null if it was not reached in time."
    )
    found: list[MilestoneEvidenceView]


class Milestones(BaseModel):
    """The policy's milestones, ordered by due day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[MilestoneView]
    policy: str
    effective: date
    position: int


@router.get(
    "/dashboard",
    operation_id="dashboard.figures",
    summary="工作台指标 · Figures with their lists",
    responses=LIT_PROBLEMS,
)
def list_figures(
    reading: TheReading, jurisdiction: InPlace = None, community: InCommunity = None
) -> Dashboard:
    """All figures on a day, for the city or one place. Each is the length of its list."""
    with reading.view() as view:
        _require_there(view, reading.effective, jurisdiction, community)
        asked = Asked(policy_asked(reading, view), reading.effective, jurisdiction, community)
        path = reading.request.url.path
        return Dashboard(
            figures=view.once(("dashboard", asked, path), lambda: _figures(view, asked, path)),
            effective=reading.effective,
            position=view.stands_at,
        )


@router.get(
    "/dashboard/{figure}",
    operation_id="dashboard.figure",
    summary="指标明细 · The list of a figure",
    responses=LIT_PROBLEMS,
)
def list_figure(
    figure: Annotated[str, Path(pattern=SLUG_PATTERN, max_length=64)],
    reading: TheReading,
    key: TheKey,
    jurisdiction: InPlace = None,
    community: InCommunity = None,
    value: Annotated[
        str | None, Query(pattern=SLUG_PATTERN, max_length=64, description="Only this group.")
    ] = None,
    without_value: Annotated[bool, Query(description="Only the group without a `value`.")] = False,
    limit: Limit = 50,
) -> Listing[FigureLineView]:
    """The lines that a figure counts."""
    found = FIGURES.get(figure)
    if found is None:
        raise NotOnRecord("read.no-figure", figure=figure)
    if value and without_value:
        raise unfit("without_value", "parameter.value-and-none")
    if value and not is_group(found, value):
        raise unfit("value", "parameter.unknown-value", value=value)
    with reading.view() as view:
        _require_there(view, reading.effective, jurisdiction, community)
        asked = Asked(policy_asked(reading, view), reading.effective, jurisdiction, community)
        lines = figures.lines(
            view,
            found,
            asked,
            value=value,
            without_value=without_value,
            after=key,
            limit=limit + 1,
        )
        last = lines[limit - 1] if len(lines) > limit else None
        return reading.listing(
            view,
            _titled(view, found, lines[:limit], asked.policy),
            next_key=(last.ordered, last.id) if last else None,
        )


@router.get(
    "/milestones",
    operation_id="milestones.list",
    summary="进度节点 · The policy's milestones compared with the record",
    responses=LIT_PROBLEMS,
)
def list_milestones(reading: TheReading) -> Milestones:
    """When each milestone was reached, its progress, or by how much it is overdue."""
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = milestones.standing(view, policy, effective=reading.effective)
        evidence = (part for each in found for part in each.found)
        districts = {part.district for each in evidence for part in each.districts}
        names = organisation.names(view, [(each, reading.effective) for each in districts])
        return Milestones(
            items=[
                _milestone(each, {id: name for (id, _), name in names.items()}) for each in found
            ],
            policy=policy.version,
            effective=reading.effective,
            position=view.stands_at,
        )


def _figures(view: View, asked: Asked, path: str) -> list[FigureView]:
    place = {"jurisdiction": asked.jurisdiction, "community": asked.community}
    query = urlencode(
        {
            **{name: given for name, given in place.items() if given},
            "effective": asked.effective.isoformat(),
            "known": view.stands_at,
        }
    )
    counted = figures.counts(view, asked)
    return [_figure(each, asked, f"{path}/{each.figure.code}?{query}") for each in counted]


def _figure(counted: Counted, asked: Asked, address: str) -> FigureView:
    figure = counted.figure
    return FigureView(
        code=figure.code,
        title=figure.title,
        noun=figure.unit_of(counted.lines),
        meaning=meaning(figure.lit, asked.policy) if figure.lit else None,
        count=counted.lines,
        groups=[_group(figure, each, asked, address) for each in counted.groups],
        href=address,
    )


def _titled(
    view: View, figure: Figure, found: Sequence[FigureLine], policy: Policy
) -> list[FigureLineView]:
    """The lines with their titles, in both languages if both are known."""
    titles: Mapping[int | None, Bilingual] = {}
    if figure.titled_by == "entry":
        entries = timeline.at(view, [each.position for each in found if each.position])
        positions = (entry.position for entry in entries)
        titles = dict(zip(positions, sentences(view, entries), strict=True))

    def title(line: FigureLine) -> Bilingual:
        if figure.titled_by == "entry":
            return titles[line.position]
        if figure.titled_by == "measure" and line.part:
            return called("measure", line.part, policy)
        own = line.title or line.community_name or line.subject
        return Bilingual(zh=own, en=own)

    shown = FigureLineView.model_fields.keys() - {"title"}
    return [
        FigureLineView(title=title(line), **{name: getattr(line, name) for name in shown})
        for line in found
    ]


def _group(figure: Figure, group: Group, asked: Asked, address: str) -> FigureGroupView:
    if group.value is None:
        href = f"{address}&without_value=true"
        return FigureGroupView(value=None, title=NONE, count=group.lines, href=href)
    what, value, policy = figure.by or "", group.value, asked.policy
    title = GROUPS.get(f"{what}.{value}") or Bilingual(
        zh=label(what, value, policy, "zh"), en=label(what, value, policy, "en")
    )
    href = f"{address}&{urlencode({'value': value})}"
    return FigureGroupView(value=value, title=title, count=group.lines, href=href)


def _milestone(found: rules.Reached, names: Mapping[str, str]) -> MilestoneView:
    milestone = found.milestone
    return MilestoneView(
        code=milestone.code,
        title=milestone.title,
        section=milestone.section,
        source=milestone.sourced,
        due_on=found.due_on,
        status=found.status,
        status_title=rules.STATUSES[found.status],
        reached_on=found.reached_on,
        days_late=found.days_late,
        recorded_in_time=found.recorded_in_time,
        found=[_evidence(each, names) for each in found.found],
    )


def _evidence(found: rules.MilestoneEvidence, names: Mapping[str, str]) -> MilestoneEvidenceView:
    districts = [
        DistrictEvidenceView(**each._asdict(), district_name=names.get(each.district))
        for each in found.districts
    ]
    kind = found.evidence
    return MilestoneEvidenceView(
        **{**found._asdict(), "districts": districts},
        title=rules.EVIDENCE[kind],
        rests_on=rules.RESTS_ON[kind],
        cannot_know=rules.CANNOT_KNOW[kind],
    )


def _require_there(view: View, day: date, jurisdiction: str | None, community: str | None) -> None:
    """NotOnRecord for an unknown place: a count of zero would suggest that all is well."""
    if jurisdiction and organisation.jurisdiction(view, jurisdiction, effective=day) is None:
        raise not_there(f"jurisdiction:{jurisdiction}", day)
    if community and register.community(view, community, effective=day) is None:
        raise not_there(f"community:{community}", day)
