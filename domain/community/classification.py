"""Which type a community is of, with its subtype and secondary features (section two).

The types are the policy's: no name of one is here. A change of type is a reclassification.
"""

from datetime import date

from domain.community.events import (
    ClassificationAnnulled,
    ClassificationCorrected,
    ClassificationRepealed,
    CommunityClassified,
    Features,
    FeaturesSet,
    SubtypeSet,
    SubtypeSlug,
)
from domain.community.state import Community
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason, TypeSlug, Version
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual
from domain.round.cutoff import KeepsCutoff, require_not_fixed

TYPE = Bilingual(zh="类型", en="type")
SUBTYPE = Bilingual(zh="子类型", en="subtype")
FEATURES = Bilingual(zh="次要特征", en="secondary features")


class ClassifyCommunity(Command[Community]):
    """Classify a community that is of no type on that day, nor on a later one (section two): so
    nothing changes that a round has fixed.

    Whoever the policy names under `may_classify`. To change a type, propose a reclassification.
    """

    type: TypeSlug
    effective_from: date
    reason: Reason | None = None

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        """Classified."""
        context.require_role(context.policy.classification.may_classify, CLASSIFY)
        state.require_standing_on(self.effective_from)
        context.policy.community_type(self.type)
        change = state.types.change_on(self.effective_from)
        if change and change.value is not None:
            raise Refused(
                f"{state.title} is classified on {self.effective_from} already (entry "
                f"{change.version}); propose a reclassification, or correct that entry.",
                f"{state.title} 在 {self.effective_from} 已有类型（第 {change.version} 条）；"
                "请提议重新划分，或更正该条。",
            )
        self._require_first(state)
        return [CommunityClassified(**vars(self))]

    def _require_first(self, state: Community) -> None:
        """Refused before a day from which the community has a type on record."""
        if later := state.typed_after(self.effective_from):
            raise Refused(
                f"{state.title} is classified from {later.effective_from} (entry {later.version}), "
                "and once; correct the day of that entry if it was of that type earlier.",
                f"{state.title} 自 {later.effective_from} 起已有类型（第 {later.version} 条），"
                "首次划分只有一次；如起始日期有误，请更正该条。",
            )


class SetSubtype(Command[Community]):
    """Record the subtype of a community within its type, or null for none."""

    subtype: SubtypeSlug | None
    effective_from: date

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        """Set."""
        context.require_role(context.policy.classification.may_classify, CLASSIFY)
        state.require_standing_on(self.effective_from)
        type = state.require_type_on(self.effective_from)
        if self.subtype is not None:
            context.policy.subtype(type, self.subtype)
        state.require_news(state.subtypes, self.subtype, self.effective_from, SUBTYPE)
        return [SubtypeSet(type=type, **vars(self))]


class SetFeatures(Command[Community]):
    """Record all secondary features that a community has; an empty list for none."""

    features: Features
    effective_from: date

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        """Set, in the policy's order."""
        context.require_role(context.policy.classification.may_classify, CLASSIFY)
        state.require_standing_on(self.effective_from)
        state.require_type_on(self.effective_from)
        for feature in self.features:
            context.policy.feature(feature)
        known = (feature.code for feature in context.policy.features)
        features = tuple(code for code in known if code in self.features)
        state.require_news(state.features, features or None, self.effective_from, FEATURES)
        return [FeaturesSet(features=features, effective_from=self.effective_from)]


class CorrectClassification(KeepsCutoff, Command[Community]):
    """Correct a type that an entry states wrongly, or its day: the old one was never true."""

    corrects: Version
    type: TypeSlug
    effective_from: date
    reason: Reason

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        """Corrected."""
        context.require_role(context.policy.classification.may_decide, CORRECT)
        was = state.correctable(state.types, self.corrects, TYPE)
        if was.value is None:
            raise Refused(
                f"Entry {self.corrects} of {state.title} repeals a classification; "
                "annul it instead, and repeal again on the right day.",
                f"{state.title} 的第 {self.corrects} 条为废止；请撤销该条，再以正确日期废止。",
            )
        context.policy.community_type(self.type)
        state.require_correction(was, self.effective_from, self.type, TYPE)
        require_not_fixed(state, min(was.effective_from, self.effective_from), context)
        return [ClassificationCorrected(**vars(self))]


class AnnulClassification(KeepsCutoff, Command[Community]):
    """Annul an entry of type, subtype or features: it is void from the start (撤销)."""

    annuls: Version
    reason: Reason

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        """Annulled."""
        context.require_role(context.policy.classification.may_decide, CORRECT)
        state.require_annullable(self.annuls, state.classification())
        for change in state.types.changes:
            if self.annuls in (change.version, change.struck_by):
                require_not_fixed(state, change.effective_from, context)
        return [ClassificationAnnulled(**vars(self))]


class RepealClassification(KeepsCutoff, Command[Community]):
    """Repeal a classification from a day on (废止): it was valid until then.

    The community shows in the worklist until it is classified anew.
    """

    repeals: Version
    effective_until: date
    reason: Reason

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        """Repealed."""
        context.require_role(context.policy.classification.may_decide, CORRECT)
        state.require_standing_on(self.effective_until)
        change = state.correctable(state.types, self.repeals, TYPE)
        if change.value is None or state.types.change_on(self.effective_until) != change:
            raise Refused(
                f"What entry {self.repeals} of {state.title} states does not hold on "
                f"{self.effective_until}; name the entry that decides the type on that day.",
                f"{state.title} 的第 {self.repeals} 条在 {self.effective_until} 并不有效；"
                "请指明决定该日类型的那一条。",
            )
        if change.effective_from == self.effective_until:
            raise Refused(
                f"Entry {self.repeals} of {state.title} takes effect on that very day; "
                "annul it if it is void from the start, or choose a later day.",
                f"{state.title} 的第 {self.repeals} 条当日方才生效；"
                "如自始无效请予撤销，否则请选择更晚的日期。",
            )
        require_not_fixed(state, self.effective_until, context)
        return [ClassificationRepealed(**vars(self))]


CLASSIFY = Bilingual(zh="划分社区类型", en="classify a community")
CORRECT = Bilingual(
    zh="更正、撤销或废止社区类型", en="correct, annul or repeal a community's classification"
)
