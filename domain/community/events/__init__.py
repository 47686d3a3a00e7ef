"""Everything that can happen to a community, in the order of its life; a file for each topic."""

from domain.community.events.classification import (
    ClassificationAnnulled,
    ClassificationCorrected,
    ClassificationEvent,
    ClassificationRepealed,
    CommunityClassified,
    Features,
    FeaturesSet,
    SubtypeSet,
    SubtypeSlug,
)
from domain.community.events.corrections import (
    CodeCorrected,
    CorrectionEvent,
    EntryAnnulled,
    NameCorrected,
    PlaceCorrected,
    RegistrationCorrected,
)
from domain.community.events.identity import (
    BoundaryDescribed,
    CommunityMoved,
    CommunityRecoded,
    CommunityRegistered,
    CommunityRenamed,
    Description,
    IdentityEvent,
    Origin,
    Several,
    VillageConverted,
)
from domain.community.events.lineage import (
    CommunityAbolished,
    CommunityAbsorbed,
    CommunityMerged,
    CommunityRestored,
    CommunitySplit,
    LineageContinued,
    LineageEvent,
    LineageJoined,
    Manner,
)
from domain.community.events.profile import (
    IndicatorReading,
    Indicators,
    ProfileCorrected,
    ProfileEvent,
    ProfileSurveyed,
)
from domain.community.events.reclassification import (
    CommunityReclassified,
    Proposer,
    ReclassificationEndorsed,
    ReclassificationEvent,
    ReclassificationProposed,
    ReclassificationRejected,
    ReclassificationReturned,
    ReclassificationRevised,
    ReclassificationWithdrawn,
)

CommunityEvent = (
    IdentityEvent
    | LineageEvent
    | ProfileEvent
    | ClassificationEvent
    | ReclassificationEvent
    | CorrectionEvent
)

__all__ = [
    "BoundaryDescribed",
    "ClassificationAnnulled",
    "ClassificationCorrected",
    "ClassificationEvent",
    "ClassificationRepealed",
    "CodeCorrected",
    "CommunityAbolished",
    "CommunityAbsorbed",
    "CommunityClassified",
    "CommunityEvent",
    "CommunityMerged",
    "CommunityMoved",
    "CommunityReclassified",
    "CommunityRecoded",
    "CommunityRegistered",
    "CommunityRenamed",
    "CommunityRestored",
    "CommunitySplit",
    "CorrectionEvent",
    "Description",
    "EntryAnnulled",
    "Features",
    "FeaturesSet",
    "IdentityEvent",
    "IndicatorReading",
    "Indicators",
    "LineageContinued",
    "LineageEvent",
    "LineageJoined",
    "Manner",
    "NameCorrected",
    "Origin",
    "PlaceCorrected",
    "ProfileCorrected",
    "ProfileEvent",
    "ProfileSurveyed",
    "Proposer",
    "ReclassificationEndorsed",
    "ReclassificationEvent",
    "ReclassificationProposed",
    "ReclassificationRejected",
    "ReclassificationReturned",
    "ReclassificationRevised",
    "ReclassificationWithdrawn",
    "RegistrationCorrected",
    "Several",
    "SubtypeSet",
    "SubtypeSlug",
    "VillageConverted",
]
