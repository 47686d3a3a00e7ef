"""What the closed lists of the domain are called: levels, origins, manners, roles."""

from collections.abc import Mapping

from domain.bearer import ENDED
from domain.community.identity import ORIGINS
from domain.community.lineage import MANNERS
from domain.community.reclassification import PROPOSERS, STAGES
from domain.jurisdiction.levels import LEVELS
from domain.occasion import ROLES
from domain.task.assignment import SOURCES
from domain.words import Words

STANDINGS: Mapping[str, Words] = {"active": Words(zh="存续", en="stands")} | dict(ENDED.items())

LABELS: Mapping[str, Words] = {
    "yes": Words(zh="是", en="yes"),
    "no": Words(zh="否", en="no"),
    **{f"level.{slug}": words for slug, words in LEVELS.items()},
    **{f"origin.{slug}": words for slug, words in ORIGINS.items()},
    **{f"manner.{slug}": words for slug, words in MANNERS.items()},
    **{f"proposer.{slug}": words for slug, words in PROPOSERS.items()},
    **{f"stage.{slug}": words for slug, words in STAGES.items()},
    **{f"role.{slug}": words for slug, words in ROLES.items()},
    **{f"source.{slug}": words for slug, words in SOURCES.items()},
    **{f"standing.{slug}": words for slug, words in STANDINGS.items()},
}
