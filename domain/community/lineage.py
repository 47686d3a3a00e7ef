"""How communities end and which follow them: mergers, splits, abolitions, restorations.

A merger, a split and a joined lineage are recorded on both sides in one command; predecessors
of a registration and successors of an abolition only on the side that names them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from domain.community.events import (
    CommunityAbolished,
    CommunityAbsorbed,
    CommunityMerged,
    CommunityMoved,
    CommunityRecoded,
    CommunityRegistered,
    CommunityRestored,
    CommunitySplit,
    LineageContinued,
    LineageJoined,
    Manner,
    Several,
)
from domain.community.identity import require_place
from domain.community.state import Community
from domain.jurisdiction.administrative_unit import claims
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import CommunityCode, CommunityId, JurisdictionId, Reason, Title, derive_id
from domain.kernel.permission import KEEP_COMMUNITIES, Permission
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

MANNERS: Mapping[Manner, Bilingual] = MappingProxyType(
    {
        "renamed": Bilingual(zh="更名延续", en="renamed"),
        "merged": Bilingual(zh="合并", en="merged"),
        "split": Bilingual(zh="拆分", en="split"),
        "reorganised": Bilingual(zh="重组", en="reorganised"),
    }
)


class MergeCommunity(Command[Community]):
    """Record that a community became part of another one; its code is free from then on."""

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    into: CommunityId
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Community) -> Iterable[str]:
        """The other community, and all its own codes."""
        return (f"community:{self.into}", *state.code_streams())

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        (into,) = state.require_relatives(context, (self.into,))
        into.require_existing_on(self.effective_from)
        merged = CommunityMerged(**vars(self))
        after = state.fold((merged,))
        after.require_sound_lifetime()
        absorbed = CommunityAbsorbed(absorbed=state.id, effective_from=self.effective_from)
        return [merged, StreamEvent(into.stream, absorbed), *claims(context, (state, after))]


class Part(BaseModel):
    """A community that a split creates. Without a subdistrict it stays in that of the whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: CommunityId | None = None
    name: Title
    code: CommunityCode | None = None
    subdistrict: JurisdictionId | None = None


class SplitCommunity(Command[Community]):
    """Record that parts of a community became communities of their own.

    At least two parts, or one if the community itself survives. A part may take the
    community's own code only when the community does not survive.
    """

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=50)]
    survives: bool = False
    effective_from: date
    reason: Reason | None = None

    def places(self, state: Community) -> Iterable[str]:
        """The community, and where its parts lie."""
        where = (f"jurisdiction:{part.subdistrict}" for part in self.parts if part.subdistrict)
        return (state.stream, *where)

    def consults(self, state: Community) -> Iterable[str]:
        """All codes and places of the whole and its parts, and the ids given for the parts."""
        places = {self._place(part, state) for part in self.parts}
        return (
            *state.code_streams(*(part.code for part in self.parts)),
            *(f"jurisdiction:{place}" for place in sorted(filter(None, places))),
            *(f"community:{part.id}" for part in self.parts if part.id),
        )

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        if len(self.parts) < 2 and not self.survives:
            raise Refused("split.one-part")
        ids = self._ids(state, context)
        split = CommunitySplit(
            parts=ids,
            survives=self.survives,
            effective_from=self.effective_from,
            reason=self.reason,
        )
        after = state.fold((split,))
        after.require_sound_lifetime()
        events: list[Event | StreamEvent] = [split]
        units = [(state, after)]
        for part_id, part in zip(ids, self.parts, strict=True):
            begun = state.another(part_id)
            registered = self._registered(part, state, context)
            events.append(StreamEvent(begun.stream, registered))
            units.append((begun, begun.fold((registered,))))
        return [*events, *claims(context, *units)]

    def _ids(self, state: Community, context: DecisionContext) -> tuple[str, ...]:
        ids = tuple(
            part.id or derive_id(context.command_id, state.id, state.version, index)
            for index, part in enumerate(self.parts)
        )
        known = (context.consulted.get(f"community:{id}") for id in ids)
        taken = [other.id for other in known if other and other.version]
        taken += [id for id in ids if id == state.id or ids.count(id) > 1]
        if taken:
            raise Refused("split.id-taken", id=taken[0])
        return ids

    def _registered(
        self, part: Part, state: Community, context: DecisionContext
    ) -> CommunityRegistered:
        place = self._place(part, state)
        assert place is not None, "a community that exists lies somewhere"
        require_place(context, place, self.effective_from)
        return CommunityRegistered(
            name=part.name,
            code=part.code,
            subdistrict=place,
            effective_from=self.effective_from,
            origin="split",
            predecessors=(state.id,),
            reason=self.reason,
        )

    def _place(self, part: Part, state: Community) -> str | None:
        return part.subdistrict or state.subdistricts.on(self.effective_from)


class AbolishCommunity(Command[Community]):
    """Record that a community no longer exists; its code is free from then on.

    If it became part of another one, record the merger instead.
    """

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    effective_from: date
    successors: Annotated[tuple[CommunityId, ...], Several] = ()
    reason: Reason | None = None

    def consults(self, state: Community) -> Iterable[str]:
        """The successors, and all its own codes."""
        return (*(f"community:{id}" for id in self.successors), *state.code_streams())

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        for successor in state.require_relatives(context, self.successors):
            successor.require_existing_on(self.effective_from)
        abolished = CommunityAbolished(**vars(self))
        after = state.fold((abolished,))
        after.require_sound_lifetime()
        return [abolished, *claims(context, (state, after))]


class RestoreCommunity(Command[Community]):
    """Record that a community that had ended exists again from a day on.

    `code` is its code from then on, or null. Give `subdistrict` if it now lies under another one.
    back under another one.
    """

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    effective_from: date
    code: CommunityCode | None
    subdistrict: JurisdictionId | None = None
    reason: Reason | None = None

    def consults(self, state: Community) -> Iterable[str]:
        """All its codes, the new one, and where it will lie."""
        place = self._place(state)
        return (*state.code_streams(self.code), *([f"jurisdiction:{place}"] if place else []))

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_ended_on(self.effective_from)
        place = self._place(state)
        assert place is not None, "what has ended lay somewhere"
        require_place(context, place, self.effective_from)
        events: list[Event] = [
            CommunityRestored(effective_from=self.effective_from, reason=self.reason)
        ]
        if state.codes.on(self.effective_from) != self.code:
            events.append(CommunityRecoded(code=self.code, effective_from=self.effective_from))
        if state.subdistricts.on(self.effective_from) != place:
            events.append(CommunityMoved(subdistrict=place, effective_from=self.effective_from))
        after = state.fold(events)
        after.require_sound_lifetime()
        return [*events, *claims(context, (state, after))]

    def _place(self, state: Community) -> str | None:
        return self.subdistrict or state.subdistricts.on(self.effective_from)


class JoinLineage(Command[Community]):
    """Record from which community this one comes, when that was not known at its registration."""

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    predecessor: CommunityId
    manner: Manner
    reason: Reason

    def consults(self, state: Community) -> Iterable[str]:
        """The predecessor."""
        return (f"community:{self.predecessor}",)

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        (before,) = state.require_relatives(context, (self.predecessor,))
        if state.related_to(before.id, "predecessor") or before.related_to(state.id, "successor"):
            raise Refused("lineage.already-joined", title=state.title, predecessor=before.title)
        begins = state.begins_on()
        before.require_begun_before(begins, state.title)
        fields = {"manner": self.manner, "effective_from": begins, "reason": self.reason}
        continued = LineageContinued.model_validate({"successor": state.id, **fields})
        joined = LineageJoined.model_validate({"predecessor": before.id, **fields})
        return [joined, StreamEvent(before.stream, continued)]
