"""Corrections and annulments of entries on identity, lineage and profile."""

from datetime import date

from domain.kernel.event import Event
from domain.kernel.ids import CommunityCode, JurisdictionId, Reason, Title, Version
from domain.kernel.text import Bilingual


class NameCorrected(Event):
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


class CodeCorrected(Event):
    """The named entry was mistaken about the code or its day: this is what held."""

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
    """The named entry was mistaken about the place or its day: this is what held."""

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
    """The community began on another day: everything that its registration stated moves there."""

    sentence = Bilingual(
        zh="更正{corrects}：本社区自{effective_from}起存在（理由：{reason}）。",
        en="Entry {corrects} corrected: the community exists from {effective_from} (reason: "
        "{reason}).",
    )

    corrects: Version
    effective_from: date
    reason: Reason


class EntryAnnulled(Event):
    """The named entry on identity, lineage or profile is void from the start.

    What it replaced or corrected holds again.
    """

    sentence = Bilingual(
        zh="撤销{annuls}，自始无效（理由：{reason}）。",
        en="Entry {annuls} annulled, void from the start (reason: {reason}).",
    )

    annuls: Version
    reason: Reason


CorrectionEvent = (
    NameCorrected | CodeCorrected | PlaceCorrected | RegistrationCorrected | EntryAnnulled
)
