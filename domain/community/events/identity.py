"""Registration, names, codes, place and boundary of a community."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.kernel.event import Event
from domain.kernel.ids import CommunityCode, CommunityId, JurisdictionId, Names, Reason, Title
from domain.kernel.text import Bilingual

Origin = Literal["new", "existing", "village", "split", "unknown"]

Several = Field(max_length=50)


class CommunityRegistered(Event):
    """The community was registered: it exists from this day on, with this name and place.

    `existing`: it existed before the record begins. `unknown`: its predecessors are not known yet;
    see LineageJoined.
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
    """The community was a village before this day (村改居). Recorded after its registration."""

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
    """The community has this boundary from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起四至范围：{description}",
        en="Boundary from {effective_from}: {description}",
    )

    description: Description
    effective_from: date


IdentityEvent = (
    CommunityRegistered
    | VillageConverted
    | CommunityRenamed
    | CommunityRecoded
    | CommunityMoved
    | BoundaryDescribed
)
