"""The roles in which people and programs act. A policy may call them otherwise."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from domain.kernel.text import Bilingual

Role = Literal[
    "recorder", "reviewer", "decider", "arbiter", "auditor", "integrator", "steward", "system"
]

ROLES: Mapping[Role, Bilingual] = MappingProxyType(
    {
        "recorder": Bilingual(zh="社区记录人", en="recorder"),
        "reviewer": Bilingual(zh="街道审核人", en="reviewer"),
        "decider": Bilingual(zh="区县决定人", en="decider"),
        "arbiter": Bilingual(zh="市级裁定人", en="arbiter"),
        "auditor": Bilingual(zh="审计人", en="auditor"),
        "integrator": Bilingual(zh="接口程序", en="integrator"),
        "steward": Bilingual(zh="授权管理人", en="steward"),
        "system": Bilingual(zh="系统", en="system"),
    }
)
