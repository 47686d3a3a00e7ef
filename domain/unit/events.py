"""Everything that can happen to an office or organisation, in the order of its life.

Where it belongs is either a jurisdiction or a superior unit, never both.
"""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.kernel.credit_code import CreditCode
from domain.kernel.event import Event
from domain.kernel.ids import JurisdictionId, Names, Reason, Slug, Title, UnitId, Version
from domain.kernel.reservation import Reserving
from domain.kernel.text import Bilingual

UnitKindSlug = Annotated[Slug, Names("unit-kind")]
PlaceStream = Annotated[
    str, Field(pattern=r"^(jurisdiction|unit):[a-z0-9][a-z0-9.-]{0,63}$"), Names("stream")
]


class UnitRegistered(Event):
    """The unit exists from this day on, with this name, kind and place."""

    sentence = Bilingual(
        zh="登记{name}（{unit_kind}；所属区划：{jurisdiction}；上级单位：{superior}；"
        "统一社会信用代码：{credit_code}；理由：{reason}），自{effective_from}起。",
        en="Registered as {name} ({unit_kind}; in {jurisdiction}; under {superior}; unified social "
        "credit code: {credit_code}; reason: {reason}) from {effective_from}.",
    )

    name: Title
    unit_kind: UnitKindSlug
    jurisdiction: JurisdictionId | None = None
    superior: UnitId | None = None
    credit_code: CreditCode | None = None
    effective_from: date
    reason: Reason | None = None


class UnitRenamed(Event):
    """The unit has another name from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起更名为“{name}”（理由：{reason}）。",
        en="Renamed {name} from {effective_from} (reason: {reason}).",
    )

    name: Title
    effective_from: date
    reason: Reason | None = None


class UnitRecoded(Event):
    """The unit has another unified social credit code, or none, from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起统一社会信用代码为：{credit_code}（理由：{reason}）。",
        en="Unified social credit code from {effective_from}: {credit_code} (reason: {reason}).",
    )

    credit_code: CreditCode | None = None
    effective_from: date
    reason: Reason | None = None


class UnitKindChanged(Event):
    """The unit is of another kind from this day on, as when an institution becomes a company."""

    sentence = Bilingual(
        zh="自{effective_from}起类别为{unit_kind}（理由：{reason}）。",
        en="Kind from {effective_from}: {unit_kind} (reason: {reason}).",
    )

    unit_kind: UnitKindSlug
    effective_from: date
    reason: Reason | None = None


class UnitPlaced(Event):
    """The unit belongs to another jurisdiction or superior unit from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起隶属关系变更（所属区划：{jurisdiction}；上级单位：{superior}；"
        "理由：{reason}）。",
        en="Placed elsewhere from {effective_from} (in {jurisdiction}; under {superior}; reason: "
        "{reason}).",
    )

    jurisdiction: JurisdictionId | None = None
    superior: UnitId | None = None
    effective_from: date
    reason: Reason | None = None


class UnitMerged(Event):
    """The unit was merged into another one and no longer exists from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起并入{successor}（理由：{reason}）。",
        en="Merged into {successor} from {effective_from} (reason: {reason}).",
    )

    successor: UnitId
    effective_from: date
    reason: Reason | None = None


class UnitDissolved(Event):
    """The unit no longer exists from this day on. The successor, if any, takes over its work."""

    sentence = Bilingual(
        zh="自{effective_from}起撤销设置，承接单位：{successor}（理由：{reason}）。",
        en="Dissolved from {effective_from}; succeeded by: {successor} (reason: {reason}).",
    )

    effective_from: date
    successor: UnitId | None = None
    reason: Reason | None = None


class UnitNameCorrected(Event):
    """The named entry was mistaken about the name or its day: this is what held."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起名称为“{name}”（理由：{reason}）。",
        en="Entry {corrects} corrected: the name is {name} from {effective_from} (reason: "
        "{reason}).",
    )

    corrects: Version
    name: Title
    effective_from: date
    reason: Reason


class UnitCodeCorrected(Event):
    """The named entry was mistaken about the code or its day: this is what held."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起统一社会信用代码为：{credit_code}（理由：{reason}）。",
        en="Entry {corrects} corrected: the unified social credit code from {effective_from} is: "
        "{credit_code} (reason: {reason}).",
    )

    corrects: Version
    credit_code: CreditCode | None = None
    effective_from: date
    reason: Reason


class UnitKindCorrected(Event):
    """The named entry was mistaken about the kind or its day: this is what held."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起类别为{unit_kind}（理由：{reason}）。",
        en="Entry {corrects} corrected: the kind from {effective_from} is {unit_kind} (reason: "
        "{reason}).",
    )

    corrects: Version
    unit_kind: UnitKindSlug
    effective_from: date
    reason: Reason


class UnitPlaceCorrected(Event):
    """The named entry was mistaken about where the unit belongs, or its day: this is what held."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起的隶属关系（所属区划：{jurisdiction}；"
        "上级单位：{superior}；理由：{reason}）。",
        en="Entry {corrects} corrected: where it belongs from {effective_from} (in {jurisdiction}; "
        "under {superior}; reason: {reason}).",
    )

    corrects: Version
    jurisdiction: JurisdictionId | None = None
    superior: UnitId | None = None
    effective_from: date
    reason: Reason


class UnitRegistrationCorrected(Event):
    """The unit began on another day: everything that its registration stated moves there."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起设立（理由：{reason}）。",
        en="Entry {corrects} corrected: it exists from {effective_from} (reason: {reason}).",
    )

    corrects: Version
    effective_from: date
    reason: Reason


class UnitEntryAnnulled(Event):
    """The named entry is void from the start; what it replaced holds again.

    Of the registration: the unit was registered by mistake, and never existed.
    """

    sentence = Bilingual(
        zh="撤销{annuls}，自始无效（理由：{reason}）。",
        en="Entry {annuls} annulled, void from the start (reason: {reason}).",
    )

    annuls: Version
    reason: Reason


class UnitNameReserved(Reserving, Event):
    """The name belongs to the unit in its place. Recorded on the stream of the name and place."""

    sentence = Bilingual(
        zh="登记{place}名为“{name}”的单位；同一日不得另有一个。",
        en="The name {name} in {place} is reserved for one unit on the same days.",
    )

    unit: UnitId
    place: PlaceStream
    name: Title

    @property
    def holder(self) -> str:
        """The unit's stream."""
        return f"unit:{self.unit}"


class CreditCodeReserved(Reserving, Event):
    """The unified social credit code belongs to the unit. Recorded on the stream of the code."""

    sentence = Bilingual(
        zh="登记统一社会信用代码{credit_code}；同一日不得属于另一单位。",
        en="The unified social credit code {credit_code} is reserved for one unit on the same "
        "days.",
    )

    unit: UnitId
    credit_code: CreditCode

    @property
    def holder(self) -> str:
        """The unit's stream."""
        return f"unit:{self.unit}"


UnitEvent = (
    UnitRegistered
    | UnitRenamed
    | UnitRecoded
    | UnitKindChanged
    | UnitPlaced
    | UnitMerged
    | UnitDissolved
    | UnitNameCorrected
    | UnitCodeCorrected
    | UnitKindCorrected
    | UnitPlaceCorrected
    | UnitRegistrationCorrected
    | UnitEntryAnnulled
)
