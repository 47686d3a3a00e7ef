"""Everything that can happen in a partnership (共建), in the order of its life."""

from datetime import date
from typing import Annotated, Literal

from domain.kernel.event import Event
from domain.kernel.ids import (
    CommunityId,
    Id,
    JurisdictionId,
    Names,
    PersonId,
    Reason,
    Slug,
    Title,
    UnitId,
)
from domain.kernel.reservation import Reserving
from domain.kernel.step import (
    ANNULLED,
    CORRECTED,
    Annulment,
    Comment,
    Content,
    Correction,
    Day,
    Description,
    DueOn,
    From,
    Grounds,
    Label,
    MatterId,
    OwnEnd,
    Result,
    Step,
    StepPerson,
    StepTitle,
    StepUnit,
    Until,
)
from domain.kernel.text import Bilingual


class AgreementSigned(Step, Event):
    """A community (or a subdistrict for its communities) and a resident unit agreed to work
    together."""

    sentence = Bilingual(
        zh="{signed_on}与{unit}签订共建协议“{title}”，自{effective_from}起，"
        "终止日期：{effective_until}。",
        en="Partnership “{title}” agreed with {unit} on {signed_on}, from {effective_from}; "
        "until: {effective_until}.",
    )
    stage = "agreed"

    community: CommunityId | None = None
    subdistrict: JurisdictionId | None = None
    unit: StepUnit
    title: StepTitle
    aims: Annotated[Reason, Label("共建内容")] | None = None
    signed_on: Day
    effective_from: From
    effective_until: Until | None = None


class AgreementRenewed(Step, Event):
    """The agreement is in force again, from its end or a later day."""

    sentence = Bilingual(
        zh="{signed_on}续签共建协议，自{effective_from}起，终止日期：{effective_until}。",
        en="Partnership renewed on {signed_on}, from {effective_from}; until: {effective_until}.",
    )
    stage = "agreed"

    community: CommunityId | None = None
    signed_on: Day
    effective_from: From
    effective_until: Until | None = None


class AgreementEnded(Step, Event):
    """The agreement ended early: it is no longer in force from this day on."""

    sentence = Bilingual(
        zh="自{effective_until}起终止共建：{reason}。",
        en="Partnership ended from {effective_until}: {reason}.",
    )
    stage = "ended"

    community: CommunityId | None = None
    effective_until: Until
    reason: Grounds


class PartnershipEntryCorrected(Correction, Event):
    """An entry of this partnership stated something wrongly."""

    sentence = CORRECTED


class PartnershipEntryAnnulled(Annulment, Event):
    """An entry of this partnership is void from the start."""

    sentence = ANNULLED


Side = Annotated[Literal["community", "unit"], Names("side"), Label("所属方", "side")]


class NeedStated(Step, Event):
    """One of the partners stated a need (双向需求征集)."""

    sentence = Bilingual(
        zh="{stated_on}{by}提出需求：{description}",
        en="Need stated by {by} on {stated_on}: {description}",
    )
    stage = "open"

    community: CommunityId | None = None
    need: Annotated[Id, MatterId()]
    by: Side
    description: Description
    stated_on: Day


class NeedClosed(Step, Event):
    """A need was met, or is no longer pursued."""

    sentence = Bilingual(
        zh="{closed_on}需求“{need}”办结（是否满足：{met}）：{result}",
        en="Need “{need}” closed on {closed_on} (met: {met}): {result}",
    )
    stage = "closed"

    community: CommunityId | None = None
    need: Annotated[Id, Names("need"), MatterId()]
    closed_on: Day
    met: Annotated[bool, Label("是否满足")]
    result: Result


class ResourceOffered(Step, Event):
    """One of the partners offered a resource (双向提供服务)."""

    sentence = Bilingual(
        zh="{offered_on}{by}提供资源：{description}（截止：{available_until}）",
        en="Resource offered by {by} on {offered_on}: {description} (until: {available_until})",
    )
    stage = "offered"

    community: CommunityId | None = None
    resource: Annotated[Id, MatterId()]
    by: Side
    description: Description
    offered_on: Day
    available_until: Annotated[date, Label("提供截止日期"), OwnEnd()] | None = None


class ResourceWithdrawn(Step, Event):
    """The resource is no longer offered."""

    sentence = Bilingual(
        zh="{withdrawn_on}起不再提供资源“{resource}”：{reason}",
        en="Resource “{resource}” withdrawn on {withdrawn_on}: {reason}",
    )
    stage = "withdrawn"
    ends_early = True

    community: CommunityId | None = None
    resource: Annotated[Id, Names("resource"), MatterId()]
    withdrawn_on: Day
    reason: Grounds


class FeedbackGiven(Step, Event):
    """One partner gave feedback to the other (双向沟通反馈)."""

    sentence = Bilingual(
        zh="{given_on}{by}反馈：{content}", en="Feedback by {by} on {given_on}: {content}"
    )
    stage = "given"
    alone = True

    community: CommunityId | None = None
    by: Side
    given_on: Day
    content: Content


Rating = Annotated[Slug, Names("rating"), Label("评价")]


class PartnerAppraised(Step, Event):
    """One partner appraised the other (双向考核评价)."""

    sentence = Bilingual(
        zh="{appraised_on}{by}评价对方：{rating}（{comment}）",
        en="Partner appraised by {by} on {appraised_on}: {rating} ({comment})",
    )
    stage = "appraised"
    alone = True

    community: CommunityId | None = None
    by: Side
    appraised_on: Day
    rating: Rating
    comment: Comment | None = None


FacilityKind = Annotated[Slug, Names("facility"), Label("设施类别", "kind of facility")]


class FacilityOpened(Step, Event):
    """The unit opened one of its facilities to residents (设施向居民开放)."""

    sentence = Bilingual(
        zh="自{effective_from}起向居民开放{facility_kind}“{name}”（开放时间：{opening_hours}）",
        en="{facility_kind} “{name}” open to residents from {effective_from} "
        "(hours: {opening_hours})",
    )
    stage = "available"

    community: CommunityId | None = None
    facility: Annotated[Id, MatterId()]
    facility_kind: FacilityKind
    name: Annotated[Title, Label("名称")]
    opening_hours: Annotated[Title, Label("开放时间")] | None = None
    effective_from: From


class FacilityClosed(Step, Event):
    """The facility is no longer open to residents from this day on."""

    sentence = Bilingual(
        zh="自{effective_until}起设施“{facility}”不再向居民开放：{reason}",
        en="Facility “{facility}” no longer open to residents from {effective_until}: {reason}",
    )
    stage = "shut"

    community: CommunityId | None = None
    facility: Annotated[Id, Names("open-facility"), MatterId()]
    effective_until: Until
    reason: Grounds


class ProjectListed(Step, Event):
    """A project was listed for the partners to claim, perhaps in answer to a need."""

    sentence = Bilingual(
        zh="{listed_on}列入共建项目“{title}”", en="Project “{title}” listed on {listed_on}"
    )
    stage = "listed"

    community: CommunityId | None = None
    project: Annotated[Id, MatterId()]
    need: Id | None = None
    title: StepTitle
    description: Description | None = None
    listed_on: Day


class ProjectClaimed(Step, Event):
    """One of the partners claimed the project, with a day by which it will be done."""

    sentence = Bilingual(
        zh="{claimed_on}{by}认领项目“{project}”，完成时限：{due_on}",
        en="Project “{project}” claimed by {by} on {claimed_on}, due on {due_on}",
    )
    stage = "claimed"

    community: CommunityId | None = None
    project: Annotated[Id, Names("project"), MatterId()]
    by: Side
    person: StepPerson | None = None
    claimed_on: Day
    due_on: DueOn
    claimed_by: PersonId


class ProjectReleased(Step, Event):
    """The partner that had claimed the project gave it up. It can be claimed again."""

    sentence = Bilingual(
        zh="{released_on}放弃认领项目“{project}”：{reason}",
        en="Claim of project “{project}” given up on {released_on}: {reason}",
    )
    stage = "listed"

    community: CommunityId | None = None
    project: Annotated[Id, Names("project"), MatterId()]
    released_on: Day
    reason: Grounds


class ProjectDelivered(Step, Event):
    """The partner that had claimed the project completed it."""

    sentence = Bilingual(
        zh="{delivered_on}项目“{project}”完成：{result}",
        en="Project “{project}” delivered on {delivered_on}: {result}",
    )
    stage = "delivered"

    community: CommunityId | None = None
    project: Annotated[Id, Names("project"), MatterId()]
    delivered_on: Day
    result: Result
    delivered_by: PersonId


class ProjectEvaluated(Step, Event):
    """Somebody else evaluated the project."""

    sentence = Bilingual(
        zh="{evaluated_on}项目“{project}”评价：{rating}（{comment}）",
        en="Project “{project}” evaluated on {evaluated_on}: {rating} ({comment})",
    )
    stage = "evaluated"

    community: CommunityId | None = None
    project: Annotated[Id, Names("project"), MatterId()]
    evaluated_on: Day
    rating: Rating
    comment: Comment | None = None


class ProjectDropped(Step, Event):
    """The project is no longer pursued."""

    sentence = Bilingual(
        zh="{dropped_on}取消项目“{project}”：{reason}",
        en="Project “{project}” dropped on {dropped_on}: {reason}",
    )
    stage = "dropped"

    community: CommunityId | None = None
    project: Annotated[Id, Names("project"), MatterId()]
    dropped_on: Day
    reason: Grounds


class PartnersPaired(Reserving, Event):
    """The partnership belongs to these two partners. Recorded after its signing or correction."""

    sentence = Bilingual(
        zh="登记与{unit}之间的一份共建协议；同一日不得另有一份。",
        en="Partnership with {unit} reserved; no other on the same days.",
    )

    partnership: Id
    place: Id  # the community, or the subdistrict
    unit: UnitId

    @property
    def holder(self) -> str:
        """The partnership's stream."""
        return f"partnership:{self.partnership}"


PairingEvent = PartnersPaired

PartnershipEvent = (
    AgreementSigned
    | AgreementRenewed
    | AgreementEnded
    | PartnershipEntryCorrected
    | PartnershipEntryAnnulled
    | NeedStated
    | NeedClosed
    | ResourceOffered
    | ResourceWithdrawn
    | FeedbackGiven
    | PartnerAppraised
    | FacilityOpened
    | FacilityClosed
    | ProjectListed
    | ProjectClaimed
    | ProjectReleased
    | ProjectDelivered
    | ProjectEvaluated
    | ProjectDropped
)
