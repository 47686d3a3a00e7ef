"""Another type for a community (动态划分): proposed, endorsed, decided."""

from datetime import date
from typing import Annotated, Literal

from domain.kernel.event import Event
from domain.kernel.ids import Id, Names, PersonId, Reason, TypeSlug
from domain.kernel.text import Bilingual

Proposer = Literal["community", "subdistrict", "assessment"]


class ReclassificationProposed(Event):
    """Another type was proposed for the community, from this day on."""

    sentence = Bilingual(
        zh="{origin}提议：自{effective_from}起改划为{type}社区（理由：{reason}）。",
        en="Reclassification as {type} from {effective_from} proposed by the {origin} (reason: "
        "{reason}).",
    )
    proposes = True

    proposal: Id
    type: TypeSlug
    effective_from: date
    reason: Reason
    origin: Annotated[Proposer, Names("proposer")]
    proposed_by: PersonId


class ReclassificationEndorsed(Event):
    """The proposal was endorsed and submitted for decision."""

    sentence = Bilingual(
        zh="同意重新划分的提议，报请决定（意见：{comment}）。",
        en="Proposed reclassification endorsed (comment: {comment}).",
    )

    proposal: Id
    comment: Reason | None = None


class ReclassificationReturned(Event):
    """The proposal was returned for revision."""

    sentence = Bilingual(
        zh="重新划分的提议被退回修改（理由：{reason}）。",
        en="Proposed reclassification returned (reason: {reason}).",
    )

    proposal: Id
    reason: Reason


class ReclassificationRevised(Event):
    """A returned proposal was revised."""

    sentence = Bilingual(
        zh="重新划分的提议修改为：自{effective_from}起改划为{type}社区（理由：{reason}）。",
        en="Proposal revised: reclassification as {type} from {effective_from} (reason: {reason}).",
    )
    proposes = True

    proposal: Id
    type: TypeSlug
    effective_from: date
    reason: Reason
    revised_by: PersonId


class ReclassificationRejected(Event):
    """The proposal was rejected: the community keeps its type."""

    sentence = Bilingual(
        zh="重新划分的提议被否决（理由：{reason}）。",
        en="Proposed reclassification rejected (reason: {reason}).",
    )

    proposal: Id
    reason: Reason


class ReclassificationWithdrawn(Event):
    """The proposal was withdrawn by those who made it."""

    sentence = Bilingual(
        zh="重新划分的提议被撤回（理由：{reason}）。",
        en="Proposed reclassification withdrawn (reason: {reason}).",
    )

    proposal: Id
    reason: Reason


class CommunityReclassified(Event):
    """The proposal was approved: the community has another type from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起改划为{type}社区（理由：{reason}）。",
        en="Reclassified as {type} from {effective_from} (reason: {reason}).",
    )

    proposal: Id
    type: TypeSlug
    effective_from: date
    reason: Reason


ReclassificationEvent = (
    ReclassificationProposed
    | ReclassificationEndorsed
    | ReclassificationReturned
    | ReclassificationRevised
    | ReclassificationRejected
    | ReclassificationWithdrawn
    | CommunityReclassified
)
