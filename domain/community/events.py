"""Everything that can happen to a community, in the order of its life."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from domain.kernel.event import Event
from domain.kernel.ids import (
    CommunityCode,
    CommunityId,
    Id,
    JurisdictionId,
    Names,
    Reason,
    Slug,
    Title,
    TypeSlug,
    Version,
)
from domain.kernel.text import Bilingual

Origin = Literal["new", "existing", "village", "split", "unknown"]

Several = Field(max_length=50)


class CommunityRegistered(Event):
    """The community is on record; it exists from this day on, under this name and at this place.

    `existing`: it existed before the record looks back. `unknown`: nobody has said yet which
    communities it comes from; see LineageJoined.
    """

    sentence = Bilingual(
        zh="登记{name}，代码：{code}，隶属{subdistrict}，自{effective_from}起（{origin}；理由：{reason}）。",
        en=(
            "Registered as {name} (code: {code}) under {subdistrict} from {effective_from} "
            "({origin}; reason: {reason})."
        ),
    )

    name: Title
    code: CommunityCode | None = None
    subdistrict: JurisdictionId
    effective_from: date
    origin: Annotated[Origin, Names("origin")]
    predecessors: Annotated[tuple[CommunityId, ...], Several] = ()
    reason: Reason | None = None


class VillageConverted(Event):
    """The community was a village until this day (村改居). Recorded after its registration."""

    sentence = Bilingual(
        zh="由{village_name}（村代码：{village_code}）于{effective_from}村改居而来。",
        en="Converted from the village {village_name} (code: {village_code}) on {effective_from}.",
    )

    village_name: Title
    village_code: CommunityCode | None = None
    effective_from: date


class CommunityRenamed(Event):
    """The community has another name from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起更名为“{name}”（理由：{reason}）。",
        en="Renamed {name} from {effective_from} (reason: {reason}).",
    )

    name: Title
    effective_from: date
    reason: Reason | None = None


class CommunityRecoded(Event):
    """The community has another statistical code, or none, from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起代码为：{code}（理由：{reason}）。",
        en="Code from {effective_from}: {code} (reason: {reason}).",
    )

    code: CommunityCode | None = None
    effective_from: date
    reason: Reason | None = None


class CommunityMoved(Event):
    """The community lies under another subdistrict or town from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起划归{subdistrict}（理由：{reason}）。",
        en="Moved to {subdistrict} from {effective_from} (reason: {reason}).",
    )

    subdistrict: JurisdictionId
    effective_from: date
    reason: Reason | None = None


Description = Annotated[str, Field(min_length=1, max_length=5000, pattern=r"^\S([\s\S]*\S)?$")]


class BoundaryDescribed(Event):
    """The community's boundary runs like this from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起四至范围：{description}",
        en="Boundary from {effective_from}: {description}",
    )

    description: Description
    effective_from: date


class CommunityMerged(Event):
    """The community is part of another one from this day on, and no longer exists itself."""

    sentence = Bilingual(
        zh="自{effective_from}起并入{into}（理由：{reason}）。",
        en="Merged into {into} from {effective_from} (reason: {reason}).",
    )

    into: CommunityId
    effective_from: date
    reason: Reason | None = None


class CommunityAbsorbed(Event):
    """Another community is part of this one from this day on. Follows from its CommunityMerged."""

    sentence = Bilingual(
        zh="自{effective_from}起，{absorbed}并入本社区。",
        en="{absorbed} merged into this community from {effective_from}.",
    )

    absorbed: CommunityId
    effective_from: date


class CommunitySplit(Event):
    """Parts of the community are communities of their own from this day on.

    Each part is registered in the same command. Unless it survives, it no longer exists itself.
    """

    sentence = Bilingual(
        zh="自{effective_from}起拆分出：{parts}（理由：{reason}）。",
        en="Split from {effective_from} into: {parts} (reason: {reason}).",
    )

    parts: Annotated[tuple[CommunityId, ...], Field(min_length=1, max_length=50)]
    survives: bool
    effective_from: date
    reason: Reason | None = None


class CommunityAbolished(Event):
    """The community no longer exists from this day on; `successors` took its area, if known."""

    sentence = Bilingual(
        zh="自{effective_from}起裁撤，承接社区：{successors}（理由：{reason}）。",
        en="Abolished from {effective_from}; succeeded by: {successors} (reason: {reason}).",
    )

    effective_from: date
    successors: Annotated[tuple[CommunityId, ...], Several] = ()
    reason: Reason | None = None


class CommunityRestored(Event):
    """The community exists again from this day on, named and placed as when it ended."""

    sentence = Bilingual(
        zh="自{effective_from}起恢复（理由：{reason}）。",
        en="Restored from {effective_from} (reason: {reason}).",
    )

    effective_from: date
    reason: Reason | None = None


Manner = Literal["renamed", "merged", "split", "reorganised"]


class LineageJoined(Event):
    """The community comes from this one, which was not known when it was registered.

    `effective_from` is the day on which it began.
    """

    sentence = Bilingual(
        zh="查明来历：本社区于{effective_from}由{predecessor}而来（{manner}；理由：{reason}）。",
        en="Found to come from {predecessor} on {effective_from} ({manner}; reason: {reason}).",
    )

    predecessor: CommunityId
    manner: Annotated[Manner, Names("manner")]
    effective_from: date
    reason: Reason


class LineageContinued(Event):
    """The community goes on in this one. Follows from the other's LineageJoined."""

    sentence = Bilingual(
        zh="查明去向：本社区于{effective_from}延续为{successor}（{manner}；理由：{reason}）。",
        en="Found to go on in {successor} from {effective_from} ({manner}; reason: {reason}).",
    )

    successor: CommunityId
    manner: Annotated[Manner, Names("manner")]
    effective_from: date
    reason: Reason


# Strict, so that a text is never read as yes or no, nor yes as 1.
IndicatorReading = (
    StrictBool | StrictInt | Annotated[Decimal, Field(max_digits=20, decimal_places=6)]
)

Indicators = Annotated[
    dict[Annotated[Slug, Names("indicator")], IndicatorReading],
    Field(max_length=200, examples=[{"dwellings": 2400, "commercial-dwellings": "62.5"}]),
]


class ProfileSurveyed(Event):
    """A survey found these values on this day. What it does not mention stays as known before."""

    sentence = Bilingual(
        zh="{surveyed_on}调查（来源：{source}）：{indicators}。",
        en="Surveyed on {surveyed_on} (source: {source}): {indicators}.",
    )

    surveyed_on: date
    indicators: Indicators
    source: Title


class ProfileCorrected(Event):
    """The survey that the entry named states was mistaken: this is what it found, and when."""

    sentence = Bilingual(
        zh="更正{corrects}：{surveyed_on}调查（来源：{source}）结果为{indicators}（理由：{reason}）。",
        en=(
            "Entry {corrects} corrected: surveyed on {surveyed_on} (source: {source}): "
            "{indicators} (reason: {reason})."
        ),
    )

    corrects: Version
    surveyed_on: date
    indicators: Indicators
    source: Title
    reason: Reason


class CommunityClassified(Event):
    """The community, of no type until then, is of this type from this day on (section two)."""

    sentence = Bilingual(
        zh="自{effective_from}起划为{type}社区（理由：{reason}）。",
        en="Classified as {type} from {effective_from} (reason: {reason}).",
    )

    type: TypeSlug
    effective_from: date
    reason: Reason | None = None


SubtypeSlug = Annotated[Slug, Names("subtype")]


class SubtypeSet(Event):
    """Within its type the community is of this subtype, or of none, from this day on.

    It is the subtype of that type only: where another holds, or comes later, there is none.
    """

    sentence = Bilingual(
        zh="自{effective_from}起子类型为：{subtype}。",
        en="Subtype from {effective_from}: {subtype}.",
    )

    type: TypeSlug | None = None
    subtype: SubtypeSlug | None = None
    effective_from: date


Features = Annotated[
    tuple[Annotated[Slug, Names("feature")], ...],
    Field(max_length=20, description="Codes of the policy's secondary features."),
]


class FeaturesSet(Event):
    """Beside its type the community has exactly these secondary features from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起次要特征为：{features}。",
        en="Secondary features from {effective_from}: {features}.",
    )

    features: Features
    effective_from: date


class ClassificationCorrected(Event):
    """The entry named was mistaken: the type was never that one, but this, or from another day."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起类型为{type}（理由：{reason}）。",
        en="Entry {corrects} corrected: the type is {type} from {effective_from} (reason: "
        "{reason}).",
    )

    corrects: Version
    type: TypeSlug
    effective_from: date
    reason: Reason


class ClassificationAnnulled(Event):
    """The entry named, of type, subtype or features, is void from the start (撤销).

    What it had replaced or corrected holds again.
    """

    sentence = Bilingual(
        zh="撤销{annuls}的划分，自始无效（理由：{reason}）。",
        en="Classification entry {annuls} annulled, void from the start (reason: {reason}).",
    )

    annuls: Version
    reason: Reason


class ClassificationRepealed(Event):
    """What the entry named states ends on this day (废止): the community is of no type from then.

    It was valid until then. The community is to be classified anew.
    """

    sentence = Bilingual(
        zh="{repeals}的划分自{effective_until}起废止，类型待重新划分（理由：{reason}）。",
        en="Classification by entry {repeals} repealed from {effective_until}; to be classified "
        "(reason: {reason}).",
    )

    repeals: Version
    effective_until: date
    reason: Reason


Proposer = Literal["community", "subdistrict", "assessment"]


class ReclassificationProposed(Event):
    """Another type is proposed for the community, from this day on."""

    sentence = Bilingual(
        zh="{origin}提议：自{effective_from}起改划为{type}社区（理由：{reason}）。",
        en="Reclassification as {type} from {effective_from} proposed by the {origin} (reason: "
        "{reason}).",
    )
    proposes = True

    proposal: Id
    type: TypeSlug
    effective_from: date
    reason: Reason
    origin: Annotated[Proposer, Names("proposer")]
    proposed_by: Id


class ReclassificationEndorsed(Event):
    """The proposal was found right and passed on for decision."""

    sentence = Bilingual(
        zh="同意重新划分的提议，报请决定（意见：{comment}）。",
        en="Proposed reclassification endorsed (comment: {comment}).",
    )

    proposal: Id
    comment: Reason | None = None
    endorsed_by: Id


class ReclassificationReturned(Event):
    """The proposal went back to be revised."""

    sentence = Bilingual(
        zh="重新划分的提议被退回修改（理由：{reason}）。",
        en="Proposed reclassification returned (reason: {reason}).",
    )

    proposal: Id
    reason: Reason


class ReclassificationRevised(Event):
    """A returned proposal was made anew."""

    sentence = Bilingual(
        zh="重新划分的提议修改为：自{effective_from}起改划为{type}社区（理由：{reason}）。",
        en="Proposal revised: reclassification as {type} from {effective_from} (reason: {reason}).",
    )
    proposes = True

    proposal: Id
    type: TypeSlug
    effective_from: date
    reason: Reason
    revised_by: Id


class ReclassificationRejected(Event):
    """It was decided that the community stays of its type."""

    sentence = Bilingual(
        zh="重新划分的提议被否决（理由：{reason}）。",
        en="Proposed reclassification rejected (reason: {reason}).",
    )

    proposal: Id
    reason: Reason


class ReclassificationWithdrawn(Event):
    """The proposal is pursued no longer by those who made it."""

    sentence = Bilingual(
        zh="重新划分的提议被撤回（理由：{reason}）。",
        en="Proposed reclassification withdrawn (reason: {reason}).",
    )

    proposal: Id
    reason: Reason


class CommunityReclassified(Event):
    """The proposal was approved: the community is of another type from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起改划为{type}社区（理由：{reason}）。",
        en="Reclassified as {type} from {effective_from} (reason: {reason}).",
    )

    proposal: Id
    type: TypeSlug
    effective_from: date
    reason: Reason


class NameCorrected(Event):
    """The entry named was mistaken: the name was another, or held from another day."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起名称为“{name}”（理由：{reason}）。",
        en="Entry {corrects} corrected: the name is {name} from {effective_from} (reason: "
        "{reason}).",
    )

    corrects: Version
    name: Title
    effective_from: date
    reason: Reason


class CodeCorrected(Event):
    """The entry named was mistaken: the code was another, or held from another day."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起代码为：{code}（理由：{reason}）。",
        en="Entry {corrects} corrected: the code from {effective_from} is: {code} (reason: "
        "{reason}).",
    )

    corrects: Version
    code: CommunityCode | None = None
    effective_from: date
    reason: Reason


class PlaceCorrected(Event):
    """The entry named was mistaken: the community lay elsewhere, or from another day."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起隶属{subdistrict}（理由：{reason}）。",
        en="Entry {corrects} corrected: it lies under {subdistrict} from {effective_from} (reason: "
        "{reason}).",
    )

    corrects: Version
    subdistrict: JurisdictionId
    effective_from: date
    reason: Reason


class RegistrationCorrected(Event):
    """The community existed from another day: everything its beginning stated moves there."""

    sentence = Bilingual(
        zh="更正{corrects}：本社区自{effective_from}起存在（理由：{reason}）。",
        en="Entry {corrects} corrected: the community exists from {effective_from} (reason: "
        "{reason}).",
    )

    corrects: Version
    effective_from: date
    reason: Reason


class EntryAnnulled(Event):
    """The entry named, of identity, lineage or profile, is void from the start.

    What it had replaced or corrected holds again.
    """

    sentence = Bilingual(
        zh="撤销{annuls}，自始无效（理由：{reason}）。",
        en="Entry {annuls} annulled, void from the start (reason: {reason}).",
    )

    annuls: Version
    reason: Reason


ProfileEvent = ProfileSurveyed | ProfileCorrected

CorrectionEvent = (
    NameCorrected | CodeCorrected | PlaceCorrected | RegistrationCorrected | EntryAnnulled
)

IdentityEvent = (
    CommunityRegistered
    | VillageConverted
    | CommunityRenamed
    | CommunityRecoded
    | CommunityMoved
    | BoundaryDescribed
)

ClassificationEvent = (
    CommunityClassified
    | SubtypeSet
    | FeaturesSet
    | ClassificationCorrected
    | ClassificationAnnulled
    | ClassificationRepealed
)

LineageEvent = (
    CommunityMerged
    | CommunityAbsorbed
    | CommunitySplit
    | CommunityAbolished
    | CommunityRestored
    | LineageJoined
    | LineageContinued
)

ReclassificationEvent = (
    ReclassificationProposed
    | ReclassificationEndorsed
    | ReclassificationReturned
    | ReclassificationRevised
    | ReclassificationRejected
    | ReclassificationWithdrawn
    | CommunityReclassified
)

CommunityEvent = (
    CommunityRegistered
    | VillageConverted
    | CommunityRenamed
    | CommunityRecoded
    | CommunityMoved
    | BoundaryDescribed
    | CommunityMerged
    | CommunityAbsorbed
    | CommunitySplit
    | CommunityAbolished
    | CommunityRestored
    | LineageJoined
    | LineageContinued
    | ProfileSurveyed
    | ProfileCorrected
    | CommunityClassified
    | SubtypeSet
    | FeaturesSet
    | ClassificationCorrected
    | ClassificationAnnulled
    | ClassificationRepealed
    | ReclassificationProposed
    | ReclassificationEndorsed
    | ReclassificationReturned
    | ReclassificationRevised
    | ReclassificationRejected
    | ReclassificationWithdrawn
    | CommunityReclassified
    | NameCorrected
    | CodeCorrected
    | PlaceCorrected
    | RegistrationCorrected
    | EntryAnnulled
)
