"""Who acts, on which basis and day, under which policy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from domain.kernel.ids import Id, Names, PersonId, Title, UnitId
from domain.kernel.policy import Policy
from domain.kernel.refusal import NotAuthorised, Param, Refused
from domain.kernel.roles import ROLES as ROLES
from domain.kernel.roles import Role as Role
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual

S = TypeVar("S", bound=Subject)


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
    """The circumstances of one command. `today` is the record's day, not the caller's.

    `despite` is the reason for recording a fact that breaks a procedure; `breaches` collects the
    rules that it breaks.
    """

    by: Acting
    today: date
    policy: Policy
    command_id: str
    basis: tuple[Document, ...] = ()
    despite: str | None = None
    consulted: Mapping[str, Subject] = field(default_factory=dict)
    breaches: list[Refused] = field(default_factory=list, compare=False)

    def state(self, kind: type[S], id: str) -> S:
        """Another subject's state, which the command must have named in `consults`."""
        found = self.consulted[kind.kind if kind.single else f"{kind.kind}:{id}"]
        assert isinstance(found, kind)
        return found

    def breaks(self, code: str, /, **params: Param) -> None:
        """Report a rule of procedure that the fact breaks: what ought not to be, and did happen.

        What cannot be (it contradicts the record, the order of events, an authority) raises Refused
        instead.
        """
        self.breaches.append(Refused(code, **params))

    def require_past(self, day: date) -> None:
        """Refused for a day in the future: nothing is recorded as done in advance."""
        if day > self.today:
            raise Refused("day.not-come", day=day)

    def require_role(self, roles: Iterable[str], doing: Bilingual) -> None:
        """NotAuthorised unless the actor has one of these roles, which the policy names."""
        require_role(self.by, roles, doing, self.policy)


def require_role(by: Acting, roles: Iterable[str], doing: Bilingual, policy: Policy) -> None:
    """NotAuthorised unless somebody acts in one of these roles."""
    role, able = by.authority.role, tuple(each for each in ROLES if each in roles)
    if role not in able:
        refusal = NotAuthorised(
            "role.lacking",
            policy=policy.version,
            doing=doing,
            role=policy.role_title(role),
            roles=[policy.role_title(each) for each in able],
        )
        refusal.roles = able
        raise refusal
