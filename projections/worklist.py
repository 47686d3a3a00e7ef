"""Communities to classify: open proposals, and communities whose assessed type is not
the recorded one. The assessment is made on request, so that it follows the policy."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal, NamedTuple, cast, get_args

from pydantic import Field

from domain.community.assessment import Finding, TypeAssessment, assess, suggested
from domain.community.events import (
    ClassificationAnnulled,
    CommunityReclassified,
    EntryAnnulled,
    ProfileEvent,
    Proposer,
    ReclassificationEndorsed,
    ReclassificationEvent,
    ReclassificationProposed,
    ReclassificationRejected,
    ReclassificationReturned,
    ReclassificationRevised,
    ReclassificationWithdrawn,
)
from domain.community.parts import ProposalStatus
from domain.community.state import Community
from domain.kernel.event import Event
from domain.kernel.ids import CommunityId
from domain.kernel.policy import IndicatorValue, Policy
from domain.kernel.text import Bilingual
from projections.engine.days import recorded_on
from projections.engine.page import Page
from projections.engine.periods import AttributeChange, changes, folded
from projections.engine.projection import Projection
from projections.engine.row import row
from projections.engine.scope import lies_in
from projections.engine.seen import Seen
from projections.engine.shape import Shape
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)
CHUNK = 200  # communities that are read together
SUGGESTIONS_MAX = 5_000
STATUSES: Mapping[type[Event], str] = {
    ReclassificationRevised: "proposed",
    ReclassificationEndorsed: "endorsed",
    ReclassificationReturned: "returned",
    ReclassificationRejected: "rejected",
    ReclassificationWithdrawn: "withdrawn",
    CommunityReclassified: "approved",
}


@row(key=("community", "proposal", "version"), scope=lies_in("community"))
class ProposalStep(NamedTuple):
    """A proposed reclassification as one of its steps left it, from the day on which that was
    recorded until the next: a step is of no other day."""

    community: str
    proposal: str
    version: int
    recorded_from: date
    recorded_until: date | None
    status: str
    type: str
    effective_from: date
    reason: str
    origin: str
    proposed_position: int
    position: int


@row(key=("subject", "attribute", "version"), scope=lies_in("subject"))
class SurveyChange(AttributeChange):
    """The values of a survey of a community, from its day on."""

    __slots__ = ()


class Worklist(Projection):
    """Proposals and surveys, by community."""

    name = "worklist"
    kinds = (ProposalStep, SurveyChange)
    events = cast(
        tuple[type[Event], ...],
        (
            *get_args(ProfileEvent),
            EntryAnnulled,
            ClassificationAnnulled,
            *get_args(ReclassificationEvent),
        ),
    )
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put the community's proposal or surveys after this entry."""
        if isinstance(entry.event, ReclassificationEvent):
            _step(key, page, entry.event, entry)
        elif isinstance(entry.event, ClassificationAnnulled):
            steps, version = page.of(ProposalStep), entry.event.annuls
            if approved := next((s for s in steps if s.version == version), None):
                page.put(approved._replace(status="annulled", position=entry.position))
        else:
            before, after = folded(page, Community(id=key), SurveyChange, entry)
            changes(page, SurveyChange, before, after, ("surveys",), entry.position)


def _step(community: str, page: Page, event: ReclassificationEvent, entry: Seen) -> None:
    day, since = recorded_on(entry), {"version": entry.version, "position": entry.position}
    if isinstance(event, ReclassificationProposed):
        page.put(
            ProposalStep(
                community=community,
                proposal=event.proposal,
                recorded_from=day,
                recorded_until=None,
                status="proposed",
                type=event.type,
                effective_from=event.effective_from,
                reason=event.reason,
                origin=event.origin,
                proposed_position=entry.position,
                **since,
            )
        )
        return
    steps = (s for s in page.of(ProposalStep) if s.proposal == event.proposal)
    last = max(steps, key=attrgetter("version"))
    page.put(last._replace(recorded_until=day))
    stated: dict[str, Any] = {"recorded_from": day, "status": STATUSES[type(event)], **since}
    if isinstance(event, ReclassificationRevised):
        names = ("type", "effective_from", "reason")
        stated |= {name: getattr(event, name) for name in names}
    page.put(last._replace(**stated))


class ProposalView(Shape):
    """A proposed reclassification and its stage on the asked day."""

    community: CommunityId
    community_name: str | None
    proposal: str
    status: ProposalStatus
    type: str
    effective_from: date
    reason: str
    origin: Proposer
    proposed_position: int = Field(description="The position of the proposal.")
    position: int = Field(description="The position of its last step.")


class WaitingView(Shape):
    """A community to classify: the recorded, the suggested and the proposed type."""

    community: CommunityId
    community_name: str | None
    code: str | None
    district: str | None
    district_name: str | None
    subdistrict: str | None
    subdistrict_name: str | None
    urban: bool
    type: str | None
    suggested: str | None
    differs: bool
    surveyed_on: date | None
    proposal: ProposalView | None


class FindingView(Shape):
    """The result of one rule of the policy."""

    indicator: str
    value: IndicatorValue | None
    status: Literal["met", "unmet", "not-surveyed"]
    operator: str
    threshold: IndicatorValue
    points: int
    reason: Bilingual


class TypeAssessmentView(Shape):
    """How well one type fits, with the findings."""

    type: str
    title: Bilingual
    points: int
    points_least: int
    points_most: int
    tied: bool
    findings: list[FindingView]


class AssessmentView(Shape):
    """The types ranked for a community. It decides nothing; people do."""

    community: CommunityId
    community_name: str
    policy: str
    indicators: dict[str, IndicatorValue]
    recorded: str | None = Field(description="The type on record.")
    suggested: str | None = Field(description="The suggested type, if there is one.")
    ranking: list[TypeAssessmentView]
    effective: date
    position: int


def waiting(
    view: View,
    policy: Policy,
    *,
    effective: date,
    district: str | None = None,
    subdistrict: str | None = None,
    type: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[WaitingView]:
    """The communities under proposal, and the urban ones that are unclassified or assessed
    differently, by (code, id) after `after`.

    This is known only after the assessment, so they are read in chunks until
    `limit` are found.
    """
    found: list[WaitingView] = []
    suggest, chunk = _suggesting(policy), None if limit is None else CHUNK
    while True:
        rows = view.rows(
            SQL["waiting"],
            effective=effective,
            district=district,
            subdistrict=subdistrict,
            type=type,
            after_code=(after and after[0]) or None,
            after_uncoded=after is not None and not after[0],
            after_id=after and after[1],
            limit=chunk,
        )
        for each in rows:
            best = suggest(tuple(each["surveys"] or ()))
            differs = best is not None and best != each["type"]
            if each["proposal"] or (each["urban"] and (each["type"] is None or differs)):
                found.append(_waiting(each, suggested=best, differs=differs))
        read = {each["community"] for each in rows}
        if limit is None or len(found) >= limit or len(read) < CHUNK:
            return found[:limit]
        after = rows[-1]["code"] or "", rows[-1]["community"]


class Suggestion(NamedTuple):
    """The types that several policies suggest for a community, each by its rules."""

    community: str
    community_name: str | None
    code: str | None
    type: str | None
    suggested: tuple[str | None, ...]


def suggestions(view: View, policies: Sequence[Policy], *, effective: date) -> list[Suggestion]:
    """What these policies suggest for each community of a day, by (code, id)."""
    rows = view.rows(
        SQL["waiting"],
        effective=effective,
        district=None,
        subdistrict=None,
        type=None,
        after_code=None,
        after_uncoded=False,
        after_id=None,
        limit=None,
    )
    suggest = [_suggesting(policy) for policy in policies]
    return [
        Suggestion(
            each["community"],
            each["community_name"],
            each["code"],
            each["type"],
            tuple(by(tuple(each["surveys"] or ())) for by in suggest),
        )
        for each in {row["community"]: row for row in rows}.values()
    ]


def proposals(view: View, community: str, *, effective: date) -> list[ProposalView]:
    """The proposals for one community that were recorded by a day, in the order of proposal."""
    rows = view.rows(SQL["proposals"], community=community, effective=effective)
    return [ProposalView.of(row) for row in rows]


def assessment(
    view: View, community: str, policy: Policy, *, effective: date
) -> AssessmentView | None:
    """The types ranked for a community with reasons, by its profile on a day: for each
    indicator the newest value. None if it did not exist yet."""
    row = view.row(SQL["surveyed"], community=community, effective=effective)
    if row is None:
        return None
    indicators = _merged(row["surveys"])
    ranking = assess(indicators, policy)
    best = suggested(ranking, policy)
    return AssessmentView(
        community=community,
        community_name=row["name"],
        policy=policy.version,
        indicators=indicators,
        recorded=row["type"],
        suggested=best.type if best else None,
        ranking=[_assessed(each, policy) for each in ranking],
        effective=effective,
        position=view.stands_at,
    )


@lru_cache(maxsize=2)
def _suggesting(policy: Policy) -> Callable[[tuple[str, ...]], str | None]:
    """The type that a policy suggests by the surveys: computed once for the same surveys,
    which change rarely."""

    @lru_cache(maxsize=SUGGESTIONS_MAX)
    def suggest(surveys: tuple[str, ...]) -> str | None:
        best = suggested(assess(_merged(surveys), policy), policy)
        return best.type if best else None

    return suggest


def _waiting(row: Mapping[str, Any], *, suggested: str | None, differs: bool) -> WaitingView:
    proposed = {**row, "type": row["proposed_type"], "effective_from": row["proposed_from"]}
    proposal = ProposalView.of(proposed) if row["proposal"] else None
    return WaitingView.of({**row, "suggested": suggested, "differs": differs, "proposal": proposal})


def _assessed(each: TypeAssessment, policy: Policy) -> TypeAssessmentView:
    return TypeAssessmentView(
        type=each.type,
        title=policy.community_type(each.type).title,
        points=each.points,
        points_least=each.points_least,
        points_most=each.points_most,
        tied=each.tied,
        findings=[_finding(finding) for finding in each.findings],
    )


def _finding(finding: Finding) -> FindingView:
    rule = finding.rule
    return FindingView(
        indicator=rule.indicator,
        value=finding.value,
        status=finding.status,
        operator=rule.operator,
        threshold=rule.threshold,
        points=rule.points,
        reason=rule.reason,
    )


def _merged(surveys: Sequence[str] | None) -> dict[str, IndicatorValue]:
    """The newest value of each indicator."""
    merged: dict[str, IndicatorValue] = {}
    for survey in surveys or ():
        indicators, _source = json.loads(survey)
        merged |= {
            name: Decimal(value) if isinstance(value, str) else value
            for name, value in indicators.items()
        }
    return merged
