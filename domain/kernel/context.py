"""Who acts, on which basis and day, under which policy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from domain.kernel.ids import Id, Names, PersonId, Title, UnitId
from domain.kernel.policy import Policy
from domain.kernel.refusal import NotAuthorised, Refused
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual

S = TypeVar("S", bound=Subject)

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


class Actor(BaseModel):
    """The person (or program) that acts, and the unit they act for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: PersonId
    unit: UnitId


class Authority(BaseModel):
    """The role and the jurisdiction in which the actor acts, and the grant that allows it.

    The jurisdiction is a community's id for whoever acts for one community only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Annotated[Role, Names("role")]
    jurisdiction: Annotated[Id, Names("jurisdiction")]
    grant: Id | None = None


class Acting(BaseModel):
    """An actor with the authority they use."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor: Actor
    authority: Authority


class Document(BaseModel):
    """A document that an entry rests on: issuer, number, title and attachments."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Title
    title: Title
    number: Title | None = None
    issued_on: date | None = None
    attachments: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionContext:
    """The circumstances of one command. `today` is the record's day, not the caller's."""

    by: Acting
    today: date
    policy: Policy
    command_id: str
    basis: tuple[Document, ...] = ()
    consulted: Mapping[str, Subject] = field(default_factory=dict)

    def state(self, kind: type[S], id: str) -> S:
        """Another subject's state, which the command must have named in `consults`."""
        found = self.consulted[kind.kind if kind.single else f"{kind.kind}:{id}"]
        assert isinstance(found, kind)
        return found

    def require_past(self, day: date) -> None:
        """Refused for a day in the future: nothing is recorded as done in advance."""
        if day > self.today:
            raise Refused("day.not-come", day=day)

    def require_role(self, roles: Iterable[str], doing: Bilingual) -> None:
        """NotAuthorised unless the actor has one of these roles, which the policy names."""
        role = self.by.authority.role
        if role not in roles:
            able = tuple(each for each in ROLES if each in roles)
            refusal = NotAuthorised(
                "role.lacking",
                policy=self.policy.version,
                doing=doing,
                role=ROLES[role],
                roles=[ROLES[each] for each in able],
            )
            refusal.roles = able
            raise refusal
