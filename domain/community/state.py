"""What a community was on any day, by all that was ever stated of it. Folds, decides nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal, NamedTuple, Self, assert_never

from domain.bearer import Bearer, Standing
from domain.community.corrections import (
    CodeCorrected,
    CorrectionEvent,
    EntryAnnulled,
    NameCorrected,
    PlaceCorrected,
    RegistrationCorrected,
)
from domain.community.identity import (
    BoundaryDescribed,
    CommunityMoved,
    CommunityRecoded,
    CommunityRegistered,
    CommunityRenamed,
    IdentityEvent,
    Origin,
    VillageConverted,
)
from domain.community.lineage import (
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
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.subject import changed
from domain.timeline import EMPTY, Timeline

CommunityEvent = IdentityEvent | LineageEvent | CorrectionEvent

Relation = Literal["predecessor", "successor"]
IDENTITY = (
    "names",
    "codes",
    "subdistricts",
    "boundaries",
    "standing",
    "links",
    "villages",
)


class Link(NamedTuple):
    """Another community that this one comes from or goes on in.

    `follows`: the entry that states it follows from one on the other community.
    """

    relation: Relation
    other: str
    manner: Manner
    follows: bool = False


@dataclass(frozen=True, kw_only=True)
class Community(Bearer):
    """One community, with everything ever stated about it."""

    kind: ClassVar[str] = "community"
    DATED: ClassVar = IDENTITY

    origin: Origin = "unknown"
    subdistricts: Timeline[str] = EMPTY
    boundaries: Timeline[str] = EMPTY
    links: Timeline[tuple[Link, ...]] = EMPTY
    villages: Timeline[str] = EMPTY

    @property
    def is_registered(self) -> bool:
        """Whether it ever stood: false before its registration, and when that was annulled."""
        return any(True for _ in self.standing.stated())

    def identity(self) -> Iterator[Timeline[Any]]:
        """The timelines of identity, lineage and profile."""
        return (getattr(self, name) for name in IDENTITY)

    def begins_on(self) -> date:
        """The first day on which it stood; Refused when its registration was annulled."""
        for change in self.standing.stated():
            return change.effective_from
        self.require_standing_on(date.max)
        raise AssertionError("a community without a beginning does not stand")

    def another(self, id: str) -> "Community":
        """A community that is not on record yet."""
        return Community(id=id)

    def require_relatives(self, occasion: Occasion, ids: Iterable[str]) -> "list[Community]":
        """The other communities that the command consulted; Refused for none, itself, or twice."""
        others = [occasion.state(Community, id) for id in ids]
        for index, other in enumerate(others):
            other.require_on_record()
            if other.id == self.id or other in others[:index]:
                raise Refused(
                    f"{other.stream} cannot be named here: it is the community itself, or named "
                    "twice; name each other community once.",
                    f"此处不能填写 {other.stream}：它是本社区自身，或重复填写；"
                    "请将其他社区各填写一次。",
                )
        return others

    def related_to(self, other: str, relation: Relation) -> bool:
        """Whether it is on record that the other community is its predecessor, or successor."""
        return any(
            link.other == other and link.relation == relation
            for change in self.links.stated()
            for link in change.value or ()
        )

    def mirror(self, other: str, day: date, link: Link) -> int | None:
        """The entry here that says of the other community what its `link` says of this one."""
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

    def _ended(self, day: date, how: Standing, *links: Link) -> Self:
        standing = self.standing.change(day, how, version=self.version)
        return changed(self._linked(day, *links), standing=standing)

    def _linked(self, day: date, *links: Link) -> Self:
        if not links:
            return self
        return changed(self, links=self.links.change(day, links, version=self.version))
