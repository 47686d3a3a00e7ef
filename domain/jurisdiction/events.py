"""Everything that can happen to a jurisdiction, in the order of its life."""

from datetime import date
from typing import Annotated

from domain.jurisdiction.levels import Level
from domain.kernel.event import Event
from domain.kernel.ids import JurisdictionCode, JurisdictionId, Names, Reason, Title, Version
from domain.kernel.text import Bilingual


class JurisdictionEstablished(Event):
    """The jurisdiction exists from this day on, at this place in the tree."""

    sentence = Bilingual(
        zh="设立{name}（{level}），代码：{code}，隶属：{parent}，自{effective_from}起（理由：{reason}）。",
        en="Established as the {level} {name} (code: {code}) under {parent} from {effective_from} "
        "(reason: {reason}).",
    )

    level: Annotated[Level, Names("level")]
    name: Title
    code: JurisdictionCode | None = None
    parent: JurisdictionId | None = None
    effective_from: date
    reason: Reason | None = None


class JurisdictionRenamed(Event):
    """The jurisdiction has another name from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起更名为“{name}”（理由：{reason}）。",
        en="Renamed {name} from {effective_from} (reason: {reason}).",
    )

    name: Title
    effective_from: date
    reason: Reason | None = None


class JurisdictionRecoded(Event):
    """The jurisdiction has another statistical code, or none, from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起代码为：{code}（理由：{reason}）。",
        en="Code from {effective_from}: {code} (reason: {reason}).",
    )

    code: JurisdictionCode | None = None
    effective_from: date
    reason: Reason | None = None


class JurisdictionMoved(Event):
    """The jurisdiction lies under another one from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起划归{parent}（理由：{reason}）。",
        en="Moved under {parent} from {effective_from} (reason: {reason}).",
    )

    parent: JurisdictionId
    effective_from: date
    reason: Reason | None = None


class JurisdictionReconstituted(Event):
    """The unit changes its level within its tier from this day on: 撤县设区, 撤镇设街道."""

    sentence = Bilingual(
        zh="自{effective_from}起改设为{level}（理由：{reason}）。",
        en="Reconstituted as a {level} from {effective_from} (reason: {reason}).",
    )

    level: Annotated[Level, Names("level")]
    effective_from: date
    reason: Reason | None = None


class JurisdictionDissolved(Event):
    """The jurisdiction no longer exists from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起裁撤，承接单位：{successor}（理由：{reason}）。",
        en="Dissolved from {effective_from}; succeeded by: {successor} (reason: {reason}).",
    )

    effective_from: date
    successor: JurisdictionId | None = None
    reason: Reason | None = None


class JurisdictionRestored(Event):
    """The jurisdiction exists again from this day on, as it was when it was dissolved."""

    sentence = Bilingual(
        zh="自{effective_from}起恢复（理由：{reason}）。",
        en="Restored from {effective_from} (reason: {reason}).",
    )

    effective_from: date
    reason: Reason | None = None


class SeatTownDesignated(Event):
    """The town is the county government's seat from this day on (一, opening paragraph)."""

    sentence = Bilingual(
        zh="自{effective_from}起，{town}为县政府驻地。",
        en="{town} is the county's seat from {effective_from}.",
    )

    town: JurisdictionId
    effective_from: date


class JurisdictionNameCorrected(Event):
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


class JurisdictionCodeCorrected(Event):
    """The named entry was mistaken about the code or its day: this is what held."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起代码为：{code}（理由：{reason}）。",
        en="Entry {corrects} corrected: the code from {effective_from} is: {code} (reason: "
        "{reason}).",
    )

    corrects: Version
    code: JurisdictionCode | None = None
    effective_from: date
    reason: Reason


class JurisdictionParentCorrected(Event):
    """The named entry was mistaken about the parent or its day: this is what held."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起隶属{parent}（理由：{reason}）。",
        en="Entry {corrects} corrected: it lies under {parent} from {effective_from} (reason: "
        "{reason}).",
    )

    corrects: Version
    parent: JurisdictionId
    effective_from: date
    reason: Reason


class JurisdictionEstablishmentCorrected(Event):
    """The jurisdiction began on another day: everything that its first entry stated moves there."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起设立（理由：{reason}）。",
        en="Entry {corrects} corrected: established from {effective_from} (reason: {reason}).",
    )

    corrects: Version
    effective_from: date
    reason: Reason


class JurisdictionEntryAnnulled(Event):
    """The named entry is void from the start; what it replaced holds again."""

    sentence = Bilingual(
        zh="撤销{annuls}，自始无效（理由：{reason}）。",
        en="Entry {annuls} annulled, void from the start (reason: {reason}).",
    )

    annuls: Version
    reason: Reason


JurisdictionEvent = (
    JurisdictionEstablished
    | JurisdictionRenamed
    | JurisdictionRecoded
    | JurisdictionMoved
    | JurisdictionReconstituted
    | JurisdictionDissolved
    | JurisdictionRestored
    | SeatTownDesignated
    | JurisdictionNameCorrected
    | JurisdictionCodeCorrected
    | JurisdictionParentCorrected
    | JurisdictionEstablishmentCorrected
    | JurisdictionEntryAnnulled
)
