"""Titles for the closed lists of the domain: levels, origins, manners, roles."""

from collections.abc import Mapping

from domain.catalogue import SUBJECTS
from domain.checkin.opinion import STANCES
from domain.checkin.presence import PARTICIPANTS
from domain.classification.reclassification import PROPOSERS
from domain.community.identity import ORIGINS
from domain.community.lineage import MANNERS
from domain.community.parts import PROPOSAL_STATUSES
from domain.jurisdiction.levels import LEVELS
from domain.kernel.context import ROLES
from domain.kernel.lifetime import ENDED
from domain.kernel.staged_subject import StagedSubject
from domain.kernel.step import labels
from domain.kernel.text import Bilingual
from domain.measure.adoption import ENDINGS
from domain.partnership.exchange import SIDES
from domain.review.objections import OUTCOMES
from domain.review.standing import BECAME
from domain.round.state import PHASES
from domain.task.assignment import SOURCES

COMMUNITY_STATUSES: Mapping[str, Bilingual] = {"active": Bilingual(zh="存续", en="stands")} | dict(
    ENDED.items()
)
FIELDS: Mapping[str, Bilingual] = {
    name: words
    for subject in SUBJECTS.values()
    if issubclass(subject, StagedSubject)
    for event in subject.STAGES
    for name, words in labels(event).items()
}

LABELS: Mapping[str, Bilingual] = {
    "yes": Bilingual(zh="是", en="yes"),
    "no": Bilingual(zh="否", en="no"),
    **{f"level.{slug}": words for slug, words in LEVELS.items()},
    **{f"origin.{slug}": words for slug, words in ORIGINS.items()},
    **{f"manner.{slug}": words for slug, words in MANNERS.items()},
    **{f"proposer.{slug}": words for slug, words in PROPOSERS.items()},
    **{f"proposal-status.{slug}": words for slug, words in PROPOSAL_STATUSES.items()},
    **{f"role.{slug}": words for slug, words in ROLES.items()},
    **{f"ending.{slug}": words for slug, words in ENDINGS.items()},
    **{f"source.{slug}": words for slug, words in SOURCES.items()},
    **{f"side.{slug}": words for slug, words in SIDES.items()},
    **{f"participant.{slug}": words for slug, words in PARTICIPANTS.items()},
    **{f"stance.{slug}": words for slug, words in STANCES.items()},
    **{f"field.{name}": words for name, words in FIELDS.items()},
    **{f"outcome.{slug}": words for slug, words in OUTCOMES.items()},
    **{f"became.{slug}": words for slug, words in BECAME.items()},
    **{f"round-status.{slug}": words for slug, words in PHASES.items()},
    **{f"community-status.{slug}": words for slug, words in COMMUNITY_STATUSES.items()},
}
