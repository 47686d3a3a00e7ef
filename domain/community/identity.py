"""Register a community; change its name, code, place and boundary. Its id never changes."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal

from domain.community.events import (
    BoundaryDescribed,
    CommunityMoved,
    CommunityRecoded,
    CommunityRegistered,
    CommunityRenamed,
    Description,
    Origin,
    Several,
    VillageConverted,
)
from domain.community.profile import RECORD_PROFILE
from domain.community.state import Community
from domain.jurisdiction.administrative_unit import claims
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import CommunityCode, CommunityId, JurisdictionId, Reason, Title
from domain.kernel.permission import KEEP_COMMUNITIES, Permission
from domain.kernel.text import Bilingual

ORIGINS: Mapping[Origin, Bilingual] = MappingProxyType(
    {
        "new": Bilingual(zh="新设", en="newly founded"),
        "existing": Bilingual(zh="此前已有", en="existed before the record"),
        "village": Bilingual(zh="村改居", en="converted from a village"),
        "split": Bilingual(zh="拆分设立", en="split off"),
        "unknown": Bilingual(zh="来历待查", en="lineage unknown"),
    }
)

NAME = Bilingual(zh="名称", en="name")
CODE = Bilingual(zh="代码", en="code")
PLACE = Bilingual(zh="所属街道（镇）", en="subdistrict")
BOUNDARY = Bilingual(zh="四至范围", en="boundary")


class RegisterCommunity(Command[Community]):
    """Put a community on record: newly founded, or one that existed before the record.

    With the origin `unknown`, its predecessors may be recorded later (JoinLineage). A community
    that comes from a village or a split has its own command.
    """

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    name: Title
    code: CommunityCode | None = None
    subdistrict: JurisdictionId
    effective_from: date
    origin: Literal["new", "existing", "unknown"] = "new"
    predecessors: Annotated[tuple[CommunityId, ...], Several] = ()
    reason: Reason | None = None

    def consults(self, state: Community) -> Iterable[str]:
        """The subdistrict, the code and the predecessors."""
        return (
            f"jurisdiction:{self.subdistrict}",
            *state.code_streams(self.code),
            *(f"community:{predecessor}" for predecessor in self.predecessors),
        )

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        require_place(context, self.subdistrict, self.effective_from)
        for predecessor in state.require_relatives(context, self.predecessors):
            predecessor.require_begun_before(self.effective_from, self.name)
        registered = CommunityRegistered(**vars(self))
        return [registered, *claims(context, (state, state.fold((registered,))))]


class ConvertVillage(Command[Community]):
    """Put a community on record that was a village before (村改居)."""

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    name: Title
    code: CommunityCode | None = None
    subdistrict: JurisdictionId
    village_name: Title
    village_code: CommunityCode | None = None
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Community) -> Iterable[str]:
        """The subdistrict and the code."""
        return (f"jurisdiction:{self.subdistrict}", *state.code_streams(self.code))

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        require_place(context, self.subdistrict, self.effective_from)
        registered = CommunityRegistered(
            name=self.name,
            code=self.code,
            subdistrict=self.subdistrict,
            effective_from=self.effective_from,
            origin="village",
            reason=self.reason,
        )
        converted = VillageConverted(
            village_name=self.village_name,
            village_code=self.village_code,
            effective_from=self.effective_from,
        )
        after = state.fold((registered, converted))
        return [registered, converted, *claims(context, (state, after))]


class RenameCommunity(Command[Community]):
    """Record that a community has another name from a day on."""

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    name: Title
    effective_from: date
    reason: Reason | None = None

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        state.require_news(state.names, self.name, self.effective_from, NAME)
        return [CommunityRenamed(**vars(self))]


class RecodeCommunity(Command[Community]):
    """Record that a community has another statistical code, or none, from a day on.

    If two communities exchange codes, one gives up its code first.
    """

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    code: CommunityCode | None
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Community) -> Iterable[str]:
        """All its codes, and the new one."""
        return state.code_streams(self.code)

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        state.require_news(state.codes, self.code, self.effective_from, CODE)
        recoded = CommunityRecoded(**vars(self))
        return [recoded, *claims(context, (state, state.fold((recoded,))))]


class MoveCommunity(Command[Community]):
    """Record that a community lies under another subdistrict or town from a day on."""

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    subdistrict: JurisdictionId
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Community) -> Iterable[str]:
        """The new subdistrict."""
        return (f"jurisdiction:{self.subdistrict}",)

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        require_place(context, self.subdistrict, self.effective_from)
        state.require_news(state.subdistricts, self.subdistrict, self.effective_from, PLACE)
        return [CommunityMoved(**vars(self))]


class DescribeBoundary(Command[Community]):
    """Describe a community's boundary as it runs from a day on."""

    permission: ClassVar[Permission] = RECORD_PROFILE

    description: Description
    effective_from: date

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_existing_on(self.effective_from)
        state.require_news(state.boundaries, self.description, self.effective_from, BOUNDARY)
        return [BoundaryDescribed(**vars(self))]


def require_place(context: DecisionContext, subdistrict: str, day: date) -> None:
    """Refused unless a community may lie under this jurisdiction on that day."""
    context.state(Jurisdiction, subdistrict).require_place_for_communities(day)
