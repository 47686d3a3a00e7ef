"""What waits to be classified: proposals on their way, and communities whose assessed type is not
the recorded one. The assessment is made when it is asked for, so that it follows the policy."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, cast, get_args

from domain.community.assessment import TypeAssessment, assess, suggested
from domain.community.events import (
    CommunityReclassified,
    EntryAnnulled,
    ProfileEvent,
    ReclassificationEndorsed,
    ReclassificationEvent,
    ReclassificationProposed,
    ReclassificationRejected,
    ReclassificationReturned,
    ReclassificationRevised,
    ReclassificationWithdrawn,
)
from domain.community.state import Community
from domain.kernel.event import Event
from domain.policy import IndicatorValue, Policy
from projections.engine.page import Page
from projections.engine.periods import AttributeChange, changes, folded
from projections.engine.projection import Projection
from projections.engine.row import row
from projections.engine.seen import Seen
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)
CHUNK = 200  # communities that are read together
SUGGESTIONS_MAX = 5_000
STAGES: Mapping[type[Event], str] = {
    ReclassificationEndorsed: "endorsed",
    ReclassificationReturned: "returned",
    ReclassificationRejected: "rejected",
    ReclassificationWithdrawn: "withdrawn",
    CommunityReclassified: "approved",
}


@row(key=("community", "proposal"))
class ProposalLine(NamedTuple):
    """A proposed reclassification and how far it has come."""

    community: str
    proposal: str
    stage: str
    type: str
    effective_from: date
    reason: str
    origin: str
    proposed_at: int  # position
    moved_at: int  # position of its last step


@row(key=("subject", "attribute", "version"))
class SurveyChange(AttributeChange):
    """What a survey found about a community, from its day on."""

    __slots__ = ()


class Worklist(Projection):
    """Proposals and surveys, by community."""

    name = "worklist"
    kinds = (ProposalLine, SurveyChange)
    events = cast(
        tuple[type[Event], ...],
        (*get_args(ProfileEvent), EntryAnnulled, *get_args(ReclassificationEvent)),
    )
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put the community's proposal, or its surveys, as they are after this entry."""
        if isinstance(entry.event, ReclassificationEvent):
            page.put(_moved(key, page, entry.event, entry.position))
            return
        before, after = folded(page, Community(id=key), SurveyChange, entry)
        changes(page, SurveyChange, before, after, ("surveys",), entry.position)


def _moved(community: str, page: Page, event: ReclassificationEvent, at: int) -> ProposalLine:
    if isinstance(event, ReclassificationProposed):
        return ProposalLine(
            community=community,
            proposal=event.proposal,
            stage="proposed",
            type=event.type,
            effective_from=event.effective_from,
            reason=event.reason,
            origin=event.origin,
            proposed_at=at,
            moved_at=at,
        )
    line = page.row(ProposalLine, community, event.proposal)
    assert line is not None, "what moves was proposed"
    if isinstance(event, ReclassificationRevised):
        return line._replace(
            stage="proposed",
            type=event.type,
            effective_from=event.effective_from,
            reason=event.reason,
            moved_at=at,
        )
    return line._replace(stage=STAGES[type(event)], moved_at=at)


class Waiting(NamedTuple):
    """A community that waits: why, what is recorded, what the assessment says."""

    community: str
    name: str | None
    code: str | None
    district: str | None
    district_name: str | None
    subdistrict_name: str | None
    type: str | None
    suggested: str | None
    proposal: ProposalLine | None
    surveyed_on: date | None

    @property
    def differs(self) -> bool:
        """Whether the assessment suggests another type than the one on record."""
        return self.suggested is not None and self.suggested != self.type


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
) -> list[Waiting]:
    """The communities, by (code, id) behind `after`, that are unclassified, assessed otherwise, or
    under proposal.

    Whether one waits is known when it has been assessed: they are read some at a time, until
    `limit` are found.
    """
    found: list[Waiting] = []
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
        read = [_waiting(row, suggest) for row in rows]
        found += [each for each in read if each.type is None or each.differs or each.proposal]
        if limit is None or len(found) >= limit or len({r["community"] for r in rows}) < CHUNK:
            return found[:limit]
        after = read[-1].code or "", read[-1].community


def profile(view: View, community: str, *, effective: date) -> dict[str, IndicatorValue]:
    """What is known of a community's indicators on a day: of each the newest survey's value."""
    row = view.row(SQL["profile"], community=community, effective=effective)
    return _merged(row["surveys"] if row else None)


def proposals(view: View, community: str) -> list[ProposalLine]:
    """All proposals for one community, in the order in which they were made."""
    return [ProposalLine(**row) for row in view.rows(SQL["proposals"], community=community)]


def assessment(
    view: View, community: str, policy: Policy, *, effective: date
) -> tuple[TypeAssessment, ...]:
    """The types ranked for a community with the reasons, by what was known of it on a day."""
    return assess(profile(view, community, effective=effective), policy)


@lru_cache(maxsize=2)
def _suggesting(policy: Policy) -> Callable[[tuple[str, ...]], str | None]:
    """The type that a policy suggests by what was surveyed: worked out once for the same surveys,
    of which a community gets a new one now and then."""

    @lru_cache(maxsize=SUGGESTIONS_MAX)
    def suggest(surveys: tuple[str, ...]) -> str | None:
        best = suggested(assess(_merged(surveys), policy), policy)
        return best.type if best else None

    return suggest


def _waiting(row: Mapping[str, Any], suggest: Callable[[tuple[str, ...]], str | None]) -> Waiting:
    line = {name: row[name] for name in ProposalLine._fields if name in row and name != "type"}
    proposal = (
        ProposalLine(type=row["proposed_type"], **{**line, "effective_from": row["proposed_from"]})
        if row["proposal"]
        else None
    )
    return Waiting(
        row["community"],
        row["name"],
        row["code"],
        row["district"],
        row["district_name"],
        row["subdistrict_name"],
        row["type"],
        suggest(tuple(row["surveys"] or ())),
        proposal,
        row["surveyed_on"],
    )


def _merged(surveys: Sequence[str] | None) -> dict[str, IndicatorValue]:
    """The newest value of each indicator; what a survey does not mention stays as it was known."""
    merged: dict[str, IndicatorValue] = {}
    for survey in surveys or ():
        indicators, _source = json.loads(survey)
        merged |= {
            name: Decimal(value) if isinstance(value, str) else value
            for name, value in indicators.items()
        }
    return merged
