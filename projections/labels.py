"""What the closed lists of the domain are called: levels, origins, manners, roles."""

from collections.abc import Mapping

from domain.bearer import ENDED
from domain.community.identity import ORIGINS
from domain.community.lineage import MANNERS
from domain.community.reclassification import PROPOSERS, STAGES
from domain.jurisdiction.levels import LEVELS
from domain.task.assignment import SOURCES
from domain.words import Words

ROLES: Mapping[str, Words] = {
    "recorder": Words(zh="社区记录员", en="recorder"),
    "reviewer": Words(zh="街道审核员", en="reviewer"),
    "decider": Words(zh="区县决定人", en="decider"),
    "arbiter": Words(zh="市级评定人", en="arbiter"),
    "auditor": Words(zh="审计员", en="auditor"),
    "integrator": Words(zh="接口用户", en="integrator"),
    "steward": Words(zh="授权管理员", en="steward"),
    "system": Words(zh="系统", en="system"),
}
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
