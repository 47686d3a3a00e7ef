"""What was recorded of a jurisdiction by mistake: corrected as never true, or annulled.

Corrections name the entry they correct, and why. Nothing is overwritten.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from domain.bearer import claims
from domain.command import Command
from domain.event import Event, On
from domain.ids import JurisdictionCode, JurisdictionId, Reason, Title, Version
from domain.jurisdiction.levels import require_code
from domain.jurisdiction.tree import CODE, NAME, PLACE, require_under
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.words import Words

if TYPE_CHECKING:
    from domain.jurisdiction.state import Jurisdiction


class JurisdictionNameCorrected(Event):
    """The entry named was mistaken: the name was another, or held from another day."""

    sentence = Words(
        zh="更正{corrects}：自{effective_from}起名称为“{name}”（理由：{reason}）。",
        en="Entry {corrects} corrected: the name is {name} from {effective_from} (reason: "
        "{reason}).",
    )

    corrects: Version
    name: Title
    effective_from: date
    reason: Reason


class JurisdictionCodeCorrected(Event):
    """The entry named was mistaken: the code was another, or held from another day."""

    sentence = Words(
        zh="更正{corrects}：自{effective_from}起代码为：{code}（理由：{reason}）。",
        en="Entry {corrects} corrected: the code from {effective_from} is: {code} (reason: "
        "{reason}).",
    )

    corrects: Version
    code: JurisdictionCode | None = None
    effective_from: date
    reason: Reason


class JurisdictionParentCorrected(Event):
    """The entry named was mistaken: the parent was another, or from another day."""

    sentence = Words(
        zh="更正{corrects}：自{effective_from}起隶属{parent}（理由：{reason}）。",
        en="Entry {corrects} corrected: it lies under {parent} from {effective_from} (reason: "
        "{reason}).",
    )

    corrects: Version
    parent: JurisdictionId
    effective_from: date
    reason: Reason


class JurisdictionEstablishmentCorrected(Event):
    """The jurisdiction existed from another day: everything its first entry stated moves there."""

    sentence = Words(
        zh="更正{corrects}：自{effective_from}起设立（理由：{reason}）。",
        en="Entry {corrects} corrected: established from {effective_from} (reason: {reason}).",
    )

    corrects: Version
    effective_from: date
    reason: Reason


class JurisdictionEntryAnnulled(Event):
    """The entry named is void from the start; what it had replaced holds again."""

    sentence = Words(
        zh="撤销{annuls}，自始无效（理由：{reason}）。",
        en="Entry {annuls} annulled, void from the start (reason: {reason}).",
    )

    annuls: Version
    reason: Reason


JurisdictionCorrectionEvent = (
    JurisdictionNameCorrected
    | JurisdictionCodeCorrected
    | JurisdictionParentCorrected
    | JurisdictionEstablishmentCorrected
    | JurisdictionEntryAnnulled
)


class CorrectJurisdictionName(Command["Jurisdiction"]):
    """Correct a name that an entry states wrongly, or its day."""

    corrects: Version
    name: Title
    effective_from: date
    reason: Reason

    def decide(self, state: "Jurisdiction", occasion: Occasion) -> list[Event | On]:
        """Corrected."""
        was = state.correctable(state.names, self.corrects, NAME)
        state.require_correction(was, self.effective_from, self.name, NAME)
        return [JurisdictionNameCorrected(**vars(self))]


class CorrectJurisdictionCode(Command["Jurisdiction"]):
    """Correct a code that an entry states wrongly, or its day."""

    corrects: Version
    code: JurisdictionCode | None
    effective_from: date
    reason: Reason

    def consults(self, state: "Jurisdiction") -> Iterable[str]:
        """All its codes, and the right one."""
        return state.code_streams(self.code)

    def decide(self, state: "Jurisdiction", occasion: Occasion) -> list[Event | On]:
        """Corrected, and the codes claimed."""
        was = state.correctable(state.codes, self.corrects, CODE)
        require_code(state.level_on(self.effective_from), self.code)
        state.require_correction(was, self.effective_from, self.code, CODE)
        corrected = JurisdictionCodeCorrected(**vars(self))
        return [corrected, *claims(occasion, (state, state.fold([corrected])))]


class CorrectJurisdictionParent(Command["Jurisdiction"]):
    """Correct a parent that an entry states wrongly, or its day."""

    corrects: Version
    parent: JurisdictionId
    effective_from: date
    reason: Reason

    def consults(self, state: "Jurisdiction") -> Iterable[str]:
        """The right parent."""
        return (f"jurisdiction:{self.parent}",)

    def decide(self, state: "Jurisdiction", occasion: Occasion) -> list[Event | On]:
        """Corrected."""
        was = state.correctable(state.parents, self.corrects, PLACE)
        level = state.level_on(self.effective_from)
        require_under(state, level, self.parent, self.effective_from, occasion)
        state.require_correction(was, self.effective_from, self.parent, PLACE)
        return [JurisdictionParentCorrected(**vars(self))]


class CorrectEstablishment(Command["Jurisdiction"]):
    """Correct the day from which a jurisdiction exists."""

    corrects: Version
    effective_from: date
    reason: Reason

    def consults(self, state: "Jurisdiction") -> Iterable[str]:
        """All its codes, and the parents it may lie under on that day."""
        parents = dict.fromkeys(c.value for c in state.parents.changes if c.value)
        return (*state.code_streams(), *(f"jurisdiction:{parent}" for parent in parents))

    def decide(self, state: "Jurisdiction", occasion: Occasion) -> list[Event | On]:
        """Corrected, and the code claimed for the other period."""
        state.require_beginning_on(self.corrects, self.effective_from)
        corrected = JurisdictionEstablishmentCorrected(**vars(self))
        after = state.fold([corrected])
        if parent := after.parents.on(self.effective_from):
            state.other(occasion, parent).require_standing_on(self.effective_from)
        return [corrected, *claims(occasion, (state, after))]


class AnnulJurisdictionEntry(Command["Jurisdiction"]):
    """Annul an entry of a jurisdiction: it is void from the start."""

    annuls: Version
    reason: Reason

    def consults(self, state: "Jurisdiction") -> Iterable[str]:
        """All its codes."""
        return state.code_streams()

    def decide(self, state: "Jurisdiction", occasion: Occasion) -> list[Event | On]:
        """Annulled, and the codes claimed as they are without it."""
        state.require_annullable(self.annuls, state.timelines())
        annulled = JurisdictionEntryAnnulled(**vars(self))
        after = state.fold([annulled])
        if state.tier == 0 and not any(after.standing.stated()):
            raise Refused(
                "The record is the city's own, so its establishment cannot be annulled; "
                "correct the day of it instead.",
                "本编年即该市之编年，市的设立不能撤销；如日期有误请予更正。",
            )
        after.require_sound_lifetime()
        return [annulled, *claims(occasion, (state, after))]
