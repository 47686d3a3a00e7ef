"""Facts that break a procedure: recorded with a reason, and marked in the envelope of their entry.

A record that refuses what happened invites false dates. A rule says which kind it is by how it
answers: `context.breaks` for what ought not to be, Refused for what cannot be.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from domain.kernel.context import DecisionContext
from domain.kernel.params import params_from, params_of
from domain.kernel.permission import Permission
from domain.kernel.refusal import Irregular, Refused
from domain.kernel.text import Bilingual

DESPITE_MAX = 500
# Why a fact is recorded although it breaks a procedure.
Despite = Annotated[str, Field(min_length=1, max_length=DESPITE_MAX, pattern=r"^\S([\s\S]*\S)?$")]
RECORD_IRREGULAR = Permission(
    "registers.may_record_irregular",
    doing=Bilingual(zh="登记不合程序的事实", en="record a fact that breaks a procedure"),
)


class Breach(BaseModel):
    """A rule of procedure that a fact breaks: its code, and what its sentence says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    params: dict[str, Any] = {}

    @property
    def refusal(self) -> Refused:
        """As the rule reported it, with its sentences."""
        return Refused(self.code, **params_from(self.params))


class Irregularity(BaseModel):
    """The mark of an entry that breaks a procedure: every rule, and why it is recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    codes: Annotated[tuple[Breach, ...], Field(min_length=1)]
    reason: Despite


def irregularity(context: DecisionContext) -> Irregularity | None:
    """The mark of what was decided; None if no procedure is broken.

    Raises Irregular without a reason, NotAuthorised for a role that may not give one, Refused for a
    reason without anything that needs it.
    """
    breaches = context.breaches
    if not breaches:
        if context.despite is not None:
            raise Refused("fact.not-irregular")
        return None
    if context.despite is None:
        raise Irregular(breaches)
    context.require_role(RECORD_IRREGULAR.roles(context.policy), RECORD_IRREGULAR.doing)
    return Irregularity(
        codes=tuple(Breach(code=each.code, params=params_of(each, None)) for each in breaches),
        reason=context.despite,
    )
