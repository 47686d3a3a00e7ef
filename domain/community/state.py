"""The state of a community: what it was on any day. It decides nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar, Self, assert_never

from domain.community.events import (
    BoundaryDescribed,
    ClassificationAnnulled,
    ClassificationCorrected,
    ClassificationEvent,
    ClassificationRepealed,
    CodeCorrected,
    CommunityAbolished,
    CommunityAbsorbed,
    CommunityClassified,
    CommunityEvent,
    CommunityMerged,
    CommunityMoved,
    CommunityReclassified,
    CommunityRecoded,
    CommunityRegistered,
    CommunityRenamed,
    CommunityRestored,
    CommunitySplit,
    CorrectionEvent,
    EntryAnnulled,
    FeaturesSet,
    IdentityEvent,
    LineageContinued,
    LineageEvent,
    LineageJoined,
    Manner,
    NameCorrected,
    Origin,
    PlaceCorrected,
    ProfileCorrected,
    ProfileEvent,
    ProfileSurveyed,
    ReclassificationEndorsed,
    ReclassificationEvent,
    ReclassificationProposed,
    ReclassificationRejected,
    ReclassificationReturned,
    ReclassificationRevised,
    ReclassificationWithdrawn,
    RegistrationCorrected,
    SubtypeSet,
    VillageConverted,
)
from domain.community.parts import Link, Proposal, Relation, Subtype, Survey, subtypes_within
from domain.jurisdiction.administrative_unit import AdministrativeUnit
from domain.kernel.context import DecisionContext
from domain.kernel.lifetime import Lifetime
from domain.kernel.policy import IndicatorValue
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.subject import changed
from domain.kernel.text import Bilingual
from domain.kernel.timeline import EMPTY, Change, Timeline

IDENTITY = (
    "names",
    "codes",
    "subdistricts",
    "boundaries",
    "standing",
    "links",
    "villages",
    "surveys",
)
CLASSIFICATION = ("types", "subtype_settings", "features")


@dataclass(frozen=True, kw_only=True)
class Community(AdministrativeUnit):
    """One community, with everything that was stated about it."""

    kind: ClassVar[str] = "community"
    what: ClassVar[Bilingual] = Bilingual(zh="社区", en="community")
    DATED: ClassVar = (*IDENTITY, *CLASSIFICATION)

    origin: Origin = "unknown"
    subdistricts: Timeline[str] = EMPTY
    boundaries: Timeline[str] = EMPTY
    links: Timeline[tuple[Link, ...]] = EMPTY
    villages: Timeline[str] = EMPTY
    surveys: Timeline[Survey] = EMPTY
    types: Timeline[str] = EMPTY
    subtype_settings: Timeline[Subtype] = EMPTY
    features: Timeline[tuple[str, ...]] = EMPTY
    proposals: Mapping[str, Proposal] = field(default_factory=dict)

    @property
    def is_registered(self) -> bool:
        """Whether it was registered: false before the registration and after its annulment."""
        return any(True for _ in self.standing.stated())

    def identity(self) -> Iterator[Timeline[Any]]:
        """The timelines of identity, lineage and profile."""
        return (getattr(self, name) for name in IDENTITY)

    def classification(self) -> Iterator[Timeline[Any]]:
        """The timelines of type, subtype and features."""
        return (getattr(self, name) for name in CLASSIFICATION)

    def profile_on(self, day: date) -> dict[str, IndicatorValue]:
        """The newest value of each indicator as of a day."""
        profile: dict[str, IndicatorValue] = {}
        for change in self.surveys.stated():
            if change.effective_from <= day and change.value:
                profile.update(change.value.indicators)
        return profile

    @property
    def subtypes(self) -> Timeline[str]:
        """Its subtype over time, while the type that it belongs to holds."""
        return subtypes_within(self.types, self.subtype_settings)

    @property
    def open_proposal(self) -> Proposal | None:
        """The proposed reclassification that is still to be decided."""
        return next((each for each in self.proposals.values() if each.is_open), None)

    def proposal(self, id: str) -> Proposal:
        """A proposed reclassification; NotOnRecord if there is none of this id."""
        if id not in self.proposals:
            raise NotOnRecord("reclassification.not-on-record", title=self.title, proposal=id)
        return self.proposals[id]

    def require_type_on(self, day: date) -> str:
        """Its type on a day; Refused when it has none."""
        type = self.types.on(day)
        if type is None:
            raise Refused("classification.missing", title=self.title, day=day)
        return type

    def typed_after(self, day: date) -> Change[str] | None:
        """The first change after a day that gives it a type."""
        later = (c for c in self.types.stated() if c.effective_from > day)
        return next((change for change in later if change.value is not None), None)

    def begins_on(self) -> date:
        """The first day on which it existed; Refused when its registration was annulled."""
        for change in self.standing.stated():
            return change.effective_from
        self.require_existing_on(date.max)
        raise AssertionError("a community without a beginning does not exist")

    def require_begun_before(self, day: date, later: str) -> None:
        """Refused unless it existed before the day on which the community `later` began."""
        began = self.begins_on()
        if began >= day:
            raise Refused(
                "lineage.not-earlier", title=self.title, begun_on=began, later=later, day=day
            )

    def another(self, id: str) -> "Community":
        """The blank state of a community with this id."""
        return Community(id=id)

    def require_relatives(self, context: DecisionContext, ids: Iterable[str]) -> "list[Community]":
        """The other communities that the command consulted.

        NotOnRecord for one that is not registered; Refused for itself, or for one named twice.
        """
        others = [context.state(Community, id) for id in ids]
        for index, other in enumerate(others):
            other.require_on_record()
            if other.id == self.id:
                raise Refused("lineage.itself", title=self.title)
            if other in others[:index]:
                raise Refused("lineage.named-twice", title=other.title)
        return others

    def related_to(self, other: str, relation: Relation) -> bool:
        """Whether the other community is on record as its predecessor or successor."""
        return any(
            link.other == other and link.relation == relation
            for change in self.links.stated()
            for link in change.value or ()
        )

    def mirror(self, other: str, day: date, link: Link) -> int | None:
        """The entry here that states the other side of `link`, which the other community states."""
        relation: Relation = "successor" if link.relation == "predecessor" else "predecessor"
        wanted = Link(relation, other, link.manner, not link.follows)
        for change in self.links.stated():
            if change.effective_from == day and wanted in (change.value or ()):
                return change.version
        return None

    def evolve(self, event: CommunityEvent) -> Self:
        """The state after one more event of this community."""
        if isinstance(event, IdentityEvent):
            return self._with_identity(event)
        if isinstance(event, LineageEvent):
            return self._with_lineage(event)
        if isinstance(event, CorrectionEvent):
            return self._with_correction(event)
        if isinstance(event, ProfileEvent):
            return self._with_profile(event)
        if isinstance(event, ClassificationEvent):
            return self._with_classification(event)
        if isinstance(event, ReclassificationEvent):
            return self._with_reclassification(event)
        assert_never(event)

    def _with_identity(self, event: IdentityEvent) -> Self:
        at, day = self.version, event.effective_from
        match event:
            case CommunityRegistered():
                manner: Manner = "split" if event.origin == "split" else "reorganised"
                links = tuple(Link("predecessor", id, manner) for id in event.predecessors)
                return changed(
                    self,
                    origin=event.origin,
                    names=self.names.change(day, event.name, version=at),
                    codes=self.codes.change(day, event.code, version=at),
                    subdistricts=self.subdistricts.change(day, event.subdistrict, version=at),
                    standing=self.standing.change(day, "active", version=at),
                    links=self.links.change(day, links, version=at) if links else self.links,
                )
            case VillageConverted():
                # Part of the beginning, so that it moves when the registration's day is corrected.
                villages = self.villages.change(day, event.village_name, version=at, order=1)
                return changed(self, villages=villages)
            case CommunityRenamed():
                return changed(self, names=self.names.change(day, event.name, version=at))
            case CommunityRecoded():
                return changed(self, codes=self.codes.change(day, event.code, version=at))
            case CommunityMoved():
                return changed(
                    self, subdistricts=self.subdistricts.change(day, event.subdistrict, version=at)
                )
            case BoundaryDescribed():
                boundaries = self.boundaries.change(day, event.description, version=at)
                return changed(self, boundaries=boundaries)
            case _:
                assert_never(event)

    def _with_lineage(self, event: LineageEvent) -> Self:
        day = event.effective_from
        match event:
            case CommunityMerged():
                return self._ended(day, "merged", Link("successor", event.into, "merged"))
            case CommunityAbsorbed():
                return self._linked(day, Link("predecessor", event.absorbed, "merged", True))
            case CommunitySplit():
                parts = [Link("successor", part, "split") for part in event.parts]
                return (
                    self._linked(day, *parts)
                    if event.survives
                    else self._ended(day, "split", *parts)
                )
            case CommunityAbolished():
                successors = (Link("successor", id, "reorganised") for id in event.successors)
                return self._ended(day, "abolished", *successors)
            case CommunityRestored():
                return changed(
                    self, standing=self.standing.change(day, "active", version=self.version)
                )
            case LineageJoined():
                return self._linked(day, Link("predecessor", event.predecessor, event.manner))
            case LineageContinued():
                return self._linked(day, Link("successor", event.successor, event.manner, True))
            case _:
                assert_never(event)

    def _with_correction(self, event: CorrectionEvent) -> Self:
        at = self.version
        match event:
            case NameCorrected(corrects=was, effective_from=day):
                return changed(self, names=self.names.correct(was, day, event.name, by=at))
            case CodeCorrected(corrects=was, effective_from=day):
                return changed(self, codes=self.codes.correct(was, day, event.code, by=at))
            case PlaceCorrected(corrects=was, effective_from=day):
                return changed(
                    self, subdistricts=self.subdistricts.correct(was, day, event.subdistrict, by=at)
                )
            case RegistrationCorrected(effective_from=day):
                return changed(self, **self.begun_from(day))
            case EntryAnnulled(annuls=was):
                return changed(self, **self.without(was))
            case _:
                assert_never(event)

    def _with_profile(self, event: ProfileEvent) -> Self:
        day, survey = event.surveyed_on, Survey(event.indicators, event.source)
        match event:
            case ProfileSurveyed():
                return changed(self, surveys=self.surveys.change(day, survey, version=self.version))
            case ProfileCorrected(corrects=was):
                return changed(
                    self, surveys=self.surveys.correct(was, day, survey, by=self.version)
                )
            case _:
                assert_never(event)

    def _with_classification(self, event: ClassificationEvent) -> Self:
        at = self.version
        match event:
            case CommunityClassified(effective_from=day):
                return changed(self, types=self.types.change(day, event.type, version=at))
            case SubtypeSet(effective_from=day):
                within = event.type or self.types.on(day)
                subtype = Subtype(within, event.subtype) if event.subtype else None
                settings = self.subtype_settings.change(day, subtype, version=at)
                return changed(self, subtype_settings=settings)
            case FeaturesSet(effective_from=day):
                features = self.features.change(day, event.features or None, version=at)
                return changed(self, features=features)
            case ClassificationCorrected(corrects=was, effective_from=day):
                return changed(self, types=self.types.correct(was, day, event.type, by=at))
            case ClassificationAnnulled(annuls=was):
                approved = (each.id for each in self.proposals.values() if each.approved_by == was)
                void = next(approved, None)
                state = self._staged(void, stage="annulled") if void is not None else self
                return changed(state, **self.without(was))
            case ClassificationRepealed(effective_until=day):
                return changed(self, types=self.types.change(day, None, version=at))
            case _:
                assert_never(event)

    def _with_reclassification(self, event: ReclassificationEvent) -> Self:
        match event:
            case ReclassificationProposed():
                proposal = Proposal(
                    id=event.proposal,
                    type=event.type,
                    effective_from=event.effective_from,
                    reason=event.reason,
                    stage="proposed",
                    authors=(event.proposed_by,),
                )
                return changed(self, proposals={**self.proposals, proposal.id: proposal})
            case ReclassificationEndorsed():
                return self._staged(event.proposal, stage="endorsed")
            case ReclassificationReturned():
                return self._staged(event.proposal, stage="returned")
            case ReclassificationRevised():
                return self._revised(event)
            case ReclassificationRejected():
                return self._staged(event.proposal, stage="rejected")
            case ReclassificationWithdrawn():
                return self._staged(event.proposal, stage="withdrawn")
            case CommunityReclassified(effective_from=day):
                types = self.types.change(day, event.type, version=self.version)
                approved = {"stage": "approved", "approved_by": self.version}
                return changed(self._staged(event.proposal, **approved), types=types)
            case _:
                assert_never(event)

    def _staged(self, id: str, **fields: Any) -> Self:
        if id not in self.proposals:  # a read model may hold part of the state
            return self
        return changed(
            self, proposals={**self.proposals, id: replace(self.proposals[id], **fields)}
        )

    def _revised(self, event: ReclassificationRevised) -> Self:
        before = self.proposals.get(event.proposal)
        return self._staged(
            event.proposal,
            type=event.type,
            effective_from=event.effective_from,
            reason=event.reason,
            stage="proposed",
            authors=(*(before.authors if before else ()), event.revised_by),
        )

    def _ended(self, day: date, how: Lifetime, *links: Link) -> Self:
        standing = self.standing.change(day, how, version=self.version)
        return changed(self._linked(day, *links), standing=standing)

    def _linked(self, day: date, *links: Link) -> Self:
        if not links:
            return self
        return changed(self, links=self.links.change(day, links, version=self.version))
