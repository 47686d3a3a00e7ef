"""Permissions: what a role may do. A command without one does not exist."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from domain.kernel.policy import Policy
from domain.kernel.text import Bilingual

GRANTS = "steward"  # the role that grants authority
Part = tuple[str, dict[str, str] | None]


class Permission:
    """Leave to do something, which the policy in force gives to roles.

    `paths` say where the policy lists the roles: `work.may_assign_tasks`, or in each entry of a
    list, `stages[acts=score,unit=district].may_act`. `doing` completes the sentence *you cannot …*.
    The roles in `always` have it under every policy: what a policy must not decide about itself.
    What `governs` no policy gives to those who grant authority: who grants does not govern.
    """

    def __init__(
        self,
        *paths: str,
        doing: Bilingual,
        always: tuple[str, ...] = (),
        governs: bool = True,
    ) -> None:
        self.paths = paths
        self.doing = doing
        self.always = always
        self.governs = governs

    def roles(self, policy: Policy) -> tuple[str, ...]:
        """The roles that have it under this policy; with several lists, those of any of them."""
        listed = (role for path in self.paths for role in _listed(policy, path))
        return tuple(dict.fromkeys(self.allowed((*self.always, *listed))))

    def allowed(self, roles: Iterable[str]) -> tuple[str, ...]:
        """Those of these roles that may have it."""
        return tuple(role for role in roles if not (self.governs and role == GRANTS))


KEEP_COMMUNITIES = Permission(
    "registers.may_keep_communities",
    doing=Bilingual(zh="登记、变更或更正社区", en="keep the register of communities"),
)
KEEP_JURISDICTIONS = Permission(
    "registers.may_keep_jurisdictions",
    doing=Bilingual(zh="登记、变更或更正辖区", en="keep the register of jurisdictions"),
)
STORE_DOCUMENTS = Permission(
    doing=Bilingual(zh="提交附件", en="store documents"),
    always=("recorder", "reviewer", "decider", "arbiter", "integrator", "steward"),
    governs=False,
)
READ_OPERATION_LOG = Permission(
    doing=Bilingual(zh="查阅全市操作日志", en="read the operation log of the whole city"),
    always=("auditor",),
)


@cache
def _parts(path: str) -> tuple[Part, ...]:
    """The fields on the way to a list of roles, each with what narrows the entries that it has;
    None for a field that is no list of entries."""
    found = (part.partition("[") for part in re.findall(r"\w+(?:\[[^\]]*\])?", path))
    return tuple(
        (name, dict(each.split("=") for each in only.strip("]").split(",") if each))
        if listed
        else (name, None)
        for name, listed, only in found
    )


def _listed(policy: Policy, path: str) -> list[str]:
    found: list[Any] = [policy]
    for name, wanted in _parts(path):
        found = [getattr(one, name) for one in found]
        if wanted is not None:
            found = [
                each
                for many in found
                for each in many
                if all(getattr(each, field) == value for field, value in wanted.items())
            ]
    return [role for roles in found for role in roles]
