"""The shapes in which rounds, reviews, rankings and grades are answered over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.http.register import CommunityNamed
from domain.kernel.ids import CommunityId, RoundId
from domain.round.plan import RubricRule, Rules

Phase = Literal["planned", "open", "graded", "published", "closed", "annulled"]


class Shown(BaseModel):
    """What answers have in common: closed and frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RoundShown(Shown):
    """A round and how far it has come."""

    round: RoundId
    title: str
    phase: Phase
    begins_on: date
    cutoff_on: date
    communities: int
    opened_on: date | None
    graded_on: date | None
    published_on: date | None
    publicity_until: date | None = Field(description="The first day behind the publicity.")
    objections_until: date | None = Field(description="The first day too late for objections.")
    closed_on: date | None
    annulled_on: date | None
    position: int = Field(description="The position of the entry that brought it there.")


class WindowShown(Shown):
    """A stage that was opened; `closed_on` is null while its acts are taken."""

    stage: str
    opened_on: date
    closed_on: date | None
    position: int


class RoundInFull(Shown):
    """A round with its rules and its stages' windows."""

    round: RoundShown
    policy: str | None = Field(description="The policy that the rules were taken from.")
    rules: Rules
    rubrics: list[RubricRule]
    windows: list[WindowShown]
    position: int


class StageShown(Shown):
    """What stands of one stage; `percent` is of full marks or full satisfaction."""

    stage: str
    done_on: date
    by_person: str
    points: Decimal | None = Field(description="Null where the assemblies voted.")
    points_max: int | None
    percent: Decimal
    version: int = Field(description="What a correction names.")
    position: int


class ReviewShown(Shown):
    """A community in a round: what is done, what comes next, and its grade."""

    round: RoundId
    community: CommunityId
    community_name: str | None = Field(description="As on the cut-off day.")
    code: str | None
    type: str
    unit: str = Field(description="The district, county or park that reviews it.")
    unit_name: str | None
    subdistrict: str = Field(description="The subdistrict or town that reviews it.")
    subdistrict_name: str | None
    withdrawn_on: date | None = Field(description="Since when it takes no part any more.")
    round_annulled_on: date | None = Field(description="Null unless the round is void.")
    next_stage: str | None = Field(
        description="Null when it is graded, was withdrawn, or its round was annulled."
    )
    returned_to: str | None = Field(description="The stage to which it was returned.")
    stages: list[StageShown]
    grade: str | None
    rank: int | None
    of: int | None
    total: Decimal | None
    decided: bool = Field(description="The grade was decided by itself.")
    objections_open: int
    position: int


class AbsenceShown(Shown):
    """An urban community of the cut-off day that is not in the round."""

    community: CommunityId
    name: str | None
    code: str | None
    type: str | None = Field(description="Null when it was not classified by then.")
    subdistrict: str
    subdistrict_name: str | None
    unit: str | None
    unit_name: str | None
    withdrawn: bool = Field(description="It was in the round, and left it.")


class StageInFull(StageShown):
    """A stage with its items and evidence, or its votes."""

    detail: list[dict[str, Any]] = Field(description="Items with points, or assemblies' votes.")


class VetoShown(Shown):
    """A veto that stands."""

    veto: str
    imposed_on: date
    reason: str
    version: int
    position: int


class CorrectionShown(Shown):
    """An entry of a review that corrected or annulled something."""

    community: CommunityId
    version: int


class ObjectionShown(Shown):
    """An objection, and what became of it."""

    community: CommunityId
    community_name: str | None = Field(description="On the cut-off day.")
    objection: str
    filed_on: date
    filed_by: str
    grounds: str
    became: Literal["upheld", "dismissed", "withdrawn", "settled"] | None = Field(
        description="Null while it is to be decided; upheld while it is to be settled."
    )
    outcome: Literal["upheld", "dismissed"] | None
    decided_on: date | None
    decided_by: str | None
    reason: str | None = Field(description="Why it was decided so.")
    settled_on: date | None
    settled_by: str | None
    settled_because: str | None
    corrections: list[CorrectionShown] | None = Field(
        description="What settled it; empty when nothing was to be corrected."
    )
    withdrawn_on: date | None
    withdrawn_because: str | None
    version: int = Field(description="The entry of what became of it: what an annulment names.")
    position: int


class ReviewInFull(Shown):
    """A review with everything that belongs to it."""

    review: ReviewShown
    stages: list[StageInFull]
    vetoes: list[VetoShown]
    objections: list[ObjectionShown]
    position: int


class ShareShown(Shown):
    """What a stage brought, and what it weighs in the total."""

    stage: str
    percent: Decimal
    weight: int


class LimitShown(Shown):
    """Why no better grade than this was possible."""

    kind: Literal["cap", "veto"]
    code: str
    grade: str
    percent: Decimal | None
    below_percent: Decimal | None


class QuotaShown(Shown):
    """The quota that moved a community to another grade."""

    grade: str
    bound: Literal["none", "floor", "ceiling"]
    per: Literal["type", "unit"]
    places: int
    of: int


class RankedShown(Shown):
    """How a community's rank and grade come about by its scores now, beside what is on record."""

    community: CommunityId
    community_name: str | None
    type: str
    unit: str
    unit_name: str | None
    stages: list[ShareShown]
    total: Decimal
    rank: int
    of: int
    tied: list[CommunityNamed] = Field(description="Those of its type with the same total.")
    decided_by: list[str] = Field(description="The stages that told it apart from those.")
    shares_with: list[CommunityNamed] = Field(description="Those that share its rank.")
    deserved: str = Field(description="The grade that the total alone deserves.")
    limits: list[LimitShown]
    quota: QuotaShown | None
    grade: str
    recorded_grade: str | None
    recorded_rank: int | None
    recorded_total: Decimal | None
    differs: bool = Field(description="The record is not what the scores give: grade anew.")


class GradePeriodShown(Shown):
    """A community's grade by one round, and the days on which it holds; null when annulled."""

    community: CommunityId
    round: RoundId
    round_title: str | None
    effective_from: date
    effective_until: date | None
    grade: str | None
    type: str
    unit: str
    unit_name: str | None
    rank: int | None
    of: int | None
    total: Decimal | None
    decided: bool
    position: int


class GradeShown(GradePeriodShown):
    """A community's grade on the asked day."""

    community_name: str | None
    code: str | None
