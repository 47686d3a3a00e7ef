"""The type, subtype and secondary features of a community (section two)."""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.kernel.event import Event
from domain.kernel.ids import Names, Reason, Slug, TypeSlug, Version
from domain.kernel.text import Bilingual


class CommunityClassified(Event):
    """The community, which had no type, is of this type from this day on (section two)."""

    sentence = Bilingual(
        zh="自{effective_from}起划为{type}社区（理由：{reason}）。",
        en="Classified as {type} from {effective_from} (reason: {reason}).",
    )

    type: TypeSlug
    effective_from: date
    reason: Reason | None = None


SubtypeSlug = Annotated[Slug, Names("subtype")]


class SubtypeSet(Event):
    """The community has this subtype of its type, or none, from this day on.

    The subtype belongs to `type` only: under another type the community has none.
    """

    sentence = Bilingual(
        zh="自{effective_from}起子类型为：{subtype}。",
        en="Subtype from {effective_from}: {subtype}.",
    )

    type: TypeSlug | None = None
    subtype: SubtypeSlug | None = None
    effective_from: date


Features = Annotated[
    tuple[Annotated[Slug, Names("feature")], ...],
    Field(max_length=20, description="Codes of the policy's secondary features."),
]


class FeaturesSet(Event):
    """The community has exactly these secondary features from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起次要特征为：{features}。",
        en="Secondary features from {effective_from}: {features}.",
    )

    features: Features
    effective_from: date


class ClassificationCorrected(Event):
    """The named entry was mistaken about the type or its day: this is what held."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起类型为{type}（理由：{reason}）。",
        en="Entry {corrects} corrected: the type is {type} from {effective_from} (reason: "
        "{reason}).",
    )

    corrects: Version
    type: TypeSlug
    effective_from: date
    reason: Reason


class ClassificationAnnulled(Event):
    """The named entry on type, subtype or features is void from the start (撤销).

    What it replaced or corrected holds again.
    """

    sentence = Bilingual(
        zh="撤销{annuls}的划分，自始无效（理由：{reason}）。",
        en="Classification entry {annuls} annulled, void from the start (reason: {reason}).",
    )

    annuls: Version
    reason: Reason


class ClassificationRepealed(Event):
    """The type stated by the named entry ends on this day (废止); from then on there is none.

    It was valid until then. The community has to be classified again.
    """

    sentence = Bilingual(
        zh="{repeals}的划分自{effective_until}起废止，类型待重新划分（理由：{reason}）。",
        en="Classification by entry {repeals} repealed from {effective_until}; to be classified "
        "(reason: {reason}).",
    )

    repeals: Version
    effective_until: date
    reason: Reason


ClassificationEvent = (
    CommunityClassified
    | SubtypeSet
    | FeaturesSet
    | ClassificationCorrected
    | ClassificationAnnulled
    | ClassificationRepealed
)
