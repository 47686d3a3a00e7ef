"""The type of a community, with its subtype and secondary features (section two).

The types come from the policy; none is named here. A change of type is a reclassification.
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
from domain.grading.cutoff import KeepsCutoff, require_not_fixed
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason, TypeSlug, Version
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

TYPE = Bilingual(zh="类型", en="type")
SUBTYPE = Bilingual(zh="子类型", en="subtype")
FEATURES = Bilingual(zh="次要特征", en="secondary features")


class ClassifyCommunity(Command[Community]):
    """Classify a community that has no type on that day or later (section two). It changes nothing
    that a round has fixed.

    The policy names the roles under `may_classify`. To change a type, propose a reclassification.
    """

    type: TypeSlug
    effective_from: date
    reason: Reason | None = None

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_role(context.policy.classification.may_classify, CLASSIFY)
        state.require_existing_on(self.effective_from)
        context.policy.community_type(self.type)
        change = state.types.change_on(self.effective_from)
        if change and change.value is not None:
            raise Refused(
                "classification.present",
                title=state.title,
                day=self.effective_from,
                entry=change.version,
            )
        if later := state.typed_after(self.effective_from):
            raise Refused(
                "classification.later-present",
                title=state.title,
                effective_from=later.effective_from,
                entry=later.version,
            )
        return [CommunityClassified(**vars(self))]


class SetSubtype(Command[Community]):
    """Record the subtype of a community within its type, or null for none."""

    subtype: SubtypeSlug | None
    effective_from: date

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_role(context.policy.classification.may_classify, CLASSIFY)
        state.require_existing_on(self.effective_from)
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
        context.require_role(context.policy.classification.may_classify, CLASSIFY)
        state.require_existing_on(self.effective_from)
        state.require_type_on(self.effective_from)
        for feature in self.features:
            context.policy.feature(feature)
        known = (feature.code for feature in context.policy.secondary)
        features = tuple(code for code in known if code in self.features)
        state.require_news(state.features, features or None, self.effective_from, FEATURES)
        return [FeaturesSet(features=features, effective_from=self.effective_from)]


class CorrectClassification(KeepsCutoff, Command[Community]):
    """Correct the type or the day that an entry states: what it said was never true."""

    corrects: Version
    type: TypeSlug
    effective_from: date
    reason: Reason

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_role(context.policy.classification.may_decide, CORRECT)
        was = state.correctable(state.types, self.corrects, TYPE)
        if was.value is None:
            raise Refused("classification.repeal-corrected", title=state.title, entry=self.corrects)
        context.policy.community_type(self.type)
        state.require_correction(was, self.effective_from, self.type, TYPE)
        require_not_fixed(state, min(was.effective_from, self.effective_from), context)
        return [ClassificationCorrected(**vars(self))]


class AnnulClassification(KeepsCutoff, Command[Community]):
    """Annul an entry of type, subtype or features: it is void from the start (撤销)."""

    annuls: Version
    reason: Reason

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_role(context.policy.classification.may_decide, CORRECT)
        state.require_annullable(self.annuls, state.classification())
        for change in state.types.changes:
            if self.annuls in (change.version, change.struck_by):
                require_not_fixed(state, change.effective_from, context)
        return [ClassificationAnnulled(**vars(self))]


class RepealClassification(KeepsCutoff, Command[Community]):
    """Repeal a classification from a day on (废止): it was valid until then.

    The community is in the worklist until it is classified again.
    """

    repeals: Version
    effective_until: date
    reason: Reason

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_role(context.policy.classification.may_decide, CORRECT)
        state.require_existing_on(self.effective_until)
        change = state.correctable(state.types, self.repeals, TYPE)
        if change.value is None or state.types.change_on(self.effective_until) != change:
            raise Refused(
                "classification.not-in-effect",
                title=state.title,
                entry=self.repeals,
                day=self.effective_until,
            )
        if change.effective_from == self.effective_until:
            raise Refused(
                "classification.repealed-on-first-day",
                title=state.title,
                entry=self.repeals,
                day=self.effective_until,
            )
        require_not_fixed(state, self.effective_until, context)
        return [ClassificationRepealed(**vars(self))]


CLASSIFY = Bilingual(zh="划分社区类型", en="classify a community")
CORRECT = Bilingual(
    zh="更正、撤销或废止社区类型", en="correct, annul or repeal a community's classification"
)
