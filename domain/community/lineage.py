"""Communities end and come from one another: mergers, splits, abolitions, restorations.

A merger, a split and a joined lineage are recorded on both sides, in one command; the predecessors
of a registration and the successors of an abolition only where they are named.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from domain.bearer import claims
from domain.command import Command
from domain.community.identity import (
    CommunityMoved,
    CommunityRecoded,
    CommunityRegistered,
    Several,
    require_place,
)
from domain.event import Event, On
from domain.ids import CommunityCode, CommunityId, JurisdictionId, Names, Reason, Title, mint
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.words import Words

if TYPE_CHECKING:
    from domain.community.state import Community

Manner = Literal["renamed", "merged", "split", "reorganised"]

MANNERS: Mapping[Manner, Words] = MappingProxyType(
    {
        "renamed": Words(zh="更名延续", en="renamed"),
        "merged": Words(zh="合并", en="merged"),
        "split": Words(zh="拆分", en="split"),
        "reorganised": Words(zh="重组", en="reorganised"),
    }
)


class CommunityMerged(Event):
    """The community is part of another one from this day on, and stands no longer itself."""

    sentence = Words(
        zh="自{effective_from}起并入{into}（理由：{reason}）。",
        en="Merged into {into} from {effective_from} (reason: {reason}).",
    )

    into: CommunityId
    effective_from: date
    reason: Reason | None = None


class CommunityAbsorbed(Event):
    """Another community is part of this one from this day on. Follows from its CommunityMerged."""

    sentence = Words(
        zh="自{effective_from}起，{absorbed}并入本社区。",
        en="{absorbed} merged into this community from {effective_from}.",
    )

    absorbed: CommunityId
    effective_from: date


class CommunitySplit(Event):
    """Parts of the community are communities of their own from this day on.

    Each part is registered in the same command. Unless it survives, it stands no longer itself.
    """

    sentence = Words(
        zh="自{effective_from}起拆分出：{parts}（理由：{reason}）。",
        en="Split from {effective_from} into: {parts} (reason: {reason}).",
    )

    parts: Annotated[tuple[CommunityId, ...], Field(min_length=1, max_length=50)]
    survives: bool
    effective_from: date
    reason: Reason | None = None


class CommunityAbolished(Event):
    """The community stands no longer from this day on; `successors` took its area, if known."""

    sentence = Words(
        zh="自{effective_from}起裁撤，承接社区：{successors}（理由：{reason}）。",
        en="Abolished from {effective_from}; succeeded by: {successors} (reason: {reason}).",
    )

    effective_from: date
    successors: Annotated[tuple[CommunityId, ...], Several] = ()
    reason: Reason | None = None


class CommunityRestored(Event):
    """The community stands again from this day on, named and placed as when it ended."""

    sentence = Words(
        zh="自{effective_from}起恢复（理由：{reason}）。",
        en="Restored from {effective_from} (reason: {reason}).",
    )

    effective_from: date
    reason: Reason | None = None


class LineageJoined(Event):
    """The community comes from this one, which was not known when it was registered.

    `effective_from` is the day on which it began.
    """

    sentence = Words(
        zh="查明来历：本社区于{effective_from}由{predecessor}而来（{manner}；理由：{reason}）。",
        en="Found to come from {predecessor} on {effective_from} ({manner}; reason: {reason}).",
    )

    predecessor: CommunityId
    manner: Annotated[Manner, Names("manner")]
    effective_from: date
    reason: Reason


class LineageContinued(Event):
    """The community goes on in this one. Follows from the other's LineageJoined."""

    sentence = Words(
        zh="查明去向：本社区于{effective_from}延续为{successor}（{manner}；理由：{reason}）。",
        en="Found to go on in {successor} from {effective_from} ({manner}; reason: {reason}).",
    )

    successor: CommunityId
    manner: Annotated[Manner, Names("manner")]
    effective_from: date
    reason: Reason


LineageEvent = (
    CommunityMerged
    | CommunityAbsorbed
    | CommunitySplit
    | CommunityAbolished
    | CommunityRestored
    | LineageJoined
    | LineageContinued
)

Relation = Literal["predecessor", "successor"]


class Link(NamedTuple):
    """Another community that this one comes from or goes on in.

    `follows`: the entry that states it follows from one on the other community.
    """

    relation: Relation
    other: str
    manner: Manner
    follows: bool = False


class MergeCommunity(Command["Community"]):
    """Record that a community became part of another one; its code is free from then on."""

    into: CommunityId
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: "Community") -> Iterable[str]:
        """The other community, and all its own codes."""
        return (f"community:{self.into}", *state.code_streams())

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Merged; absorbed by the other; the code given up."""
        state.require_standing_on(self.effective_from)
        (into,) = state.require_relatives(occasion, (self.into,))
        into.require_standing_on(self.effective_from)
        merged = CommunityMerged(**vars(self))
        after = state.fold((merged,))
        after.require_sound_lifetime()
        absorbed = CommunityAbsorbed(absorbed=state.id, effective_from=self.effective_from)
        return [merged, On(into.stream, absorbed), *claims(occasion, (state, after))]


class Part(BaseModel):
    """A community that a split brings about. Without a subdistrict it lies where the whole lay."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: CommunityId | None = None
    name: Title
    code: CommunityCode | None = None
    subdistrict: JurisdictionId | None = None


class SplitCommunity(Command["Community"]):
    """Record that parts of a community became communities of their own.

    At least two parts; one is enough when the community itself survives. A part may bear the
    community's own code only when the community does not survive.
    """

    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=50)]
    survives: bool = False
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: "Community") -> Iterable[str]:
        """All codes and places of the whole and its parts, and the ids that parts ask for."""
        places = {self._place(part, state) for part in self.parts}
        return (
            *state.code_streams(*(part.code for part in self.parts)),
            *(f"jurisdiction:{place}" for place in sorted(filter(None, places))),
            *(f"community:{part.id}" for part in self.parts if part.id),
        )

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Split; each part registered; the codes claimed."""
        state.require_standing_on(self.effective_from)
        if len(self.parts) < 2 and not self.survives:
            raise Refused(
                "A split makes at least two communities; name another part, "
                "or rename the community instead.",
                "拆分至少产生两个社区；请再指明一部分，或改为更名。",
            )
        ids = self._ids(state, occasion)
        split = CommunitySplit(
            parts=ids,
            survives=self.survives,
            effective_from=self.effective_from,
            reason=self.reason,
        )
        after = state.fold((split,))
        after.require_sound_lifetime()
        events: list[Event | On] = [split]
        bearers = [(state, after)]
        for part_id, part in zip(ids, self.parts, strict=True):
            begun = state.another(part_id)
            registered = self._registered(part, state, occasion)
            events.append(On(begun.stream, registered))
            bearers.append((begun, begun.fold((registered,))))
        return [*events, *claims(occasion, *bearers)]

    def _ids(self, state: "Community", occasion: Occasion) -> tuple[str, ...]:
        ids = tuple(
            part.id or mint(occasion.command_id, state.id, state.version, index)
            for index, part in enumerate(self.parts)
        )
        known = (occasion.consulted.get(f"community:{id}") for id in ids)
        taken = [other.id for other in known if other and other.version]
        taken += [id for id in ids if id == state.id or ids.count(id) > 1]
        if taken:
            raise Refused(
                f"The id {taken[0]} is taken; give each part an id of its own, or none.",
                f"编号 {taken[0]} 已被使用；请为每一部分另指定编号，或留空。",
            )
        return ids

    def _registered(
        self, part: Part, state: "Community", occasion: Occasion
    ) -> CommunityRegistered:
        place = self._place(part, state)
        assert place is not None, "a community that stands lies somewhere"
        require_place(occasion, place, self.effective_from)
        return CommunityRegistered(
            name=part.name,
            code=part.code,
            subdistrict=place,
            effective_from=self.effective_from,
            origin="split",
            predecessors=(state.id,),
            reason=self.reason,
        )

    def _place(self, part: Part, state: "Community") -> str | None:
        return part.subdistrict or state.subdistricts.on(self.effective_from)


class AbolishCommunity(Command["Community"]):
    """Record that a community stands no longer; its code is free from then on.

    When it went into another one, record the merger instead.
    """

    effective_from: date
    successors: Annotated[tuple[CommunityId, ...], Several] = ()
    reason: Reason | None = None

    def consults(self, state: "Community") -> Iterable[str]:
        """The successors, and all its own codes."""
        return (*(f"community:{id}" for id in self.successors), *state.code_streams())

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Abolished, and the code given up."""
        state.require_standing_on(self.effective_from)
        for successor in state.require_relatives(occasion, self.successors):
            successor.require_standing_on(self.effective_from)
        abolished = CommunityAbolished(**vars(self))
        after = state.fold((abolished,))
        after.require_sound_lifetime()
        return [abolished, *claims(occasion, (state, after))]


class RestoreCommunity(Command["Community"]):
    """Record that a community which had ended stands again from a day on.

    `code` is the code that it bears from then on; null while it has none. `subdistrict` is named
    when it comes back under another one.
    """

    effective_from: date
    code: CommunityCode | None
    subdistrict: JurisdictionId | None = None
    reason: Reason | None = None

    def consults(self, state: "Community") -> Iterable[str]:
        """All its codes, the new one, and where it will lie."""
        place = self._place(state)
        return (*state.code_streams(self.code), *([f"jurisdiction:{place}"] if place else []))

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Restored, recoded and moved if code and place are others now, and the code claimed."""
        state.require_ended_on(self.effective_from)
        place = self._place(state)
        assert place is not None, "what has ended lay somewhere"
        require_place(occasion, place, self.effective_from)
        events: list[Event] = [
            CommunityRestored(effective_from=self.effective_from, reason=self.reason)
        ]
        if state.codes.on(self.effective_from) != self.code:
            events.append(CommunityRecoded(code=self.code, effective_from=self.effective_from))
        if state.subdistricts.on(self.effective_from) != place:
            events.append(CommunityMoved(subdistrict=place, effective_from=self.effective_from))
        after = state.fold(events)
        after.require_sound_lifetime()
        return [*events, *claims(occasion, (state, after))]

    def _place(self, state: "Community") -> str | None:
        return self.subdistrict or state.subdistricts.on(self.effective_from)


class JoinLineage(Command["Community"]):
    """Record from which community this one comes, when that was not known at its registration."""

    predecessor: CommunityId
    manner: Manner
    reason: Reason

    def consults(self, state: "Community") -> Iterable[str]:
        """The predecessor."""
        return (f"community:{self.predecessor}",)

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Joined, and continued on the predecessor's side."""
        (before,) = state.require_relatives(occasion, (self.predecessor,))
        if state.related_to(before.id, "predecessor") or before.related_to(state.id, "successor"):
            raise Refused(
                f"It is on record already that {state.title} comes from {before.title}; "
                "annul that entry first if it is to be stated differently.",
                f"{state.title} 由 {before.title} 而来已有记录；如需另行表述，请先撤销该条。",
            )
        begins = state.begins_on()
        before.require_begun_before(begins, state.title)
        fields = {"manner": self.manner, "effective_from": begins, "reason": self.reason}
        continued = LineageContinued.model_validate({"successor": state.id, **fields})
        joined = LineageJoined.model_validate({"predecessor": before.id, **fields})
        return [joined, On(before.stream, continued)]
