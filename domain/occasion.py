"""Who acts, on which basis and day, under which policy: what a command knows beside the state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from domain.ids import Id, Names, Title
from domain.policy import Policy
from domain.subject import Subject

S = TypeVar("S", bound=Subject)

Role = Literal[
    "recorder", "reviewer", "decider", "arbiter", "auditor", "integrator", "steward", "system"
]


class Actor(BaseModel):
    """The person (or program) that acts, and the unit they act for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: Id
    unit: Id


class Authority(BaseModel):
    """The role and the jurisdiction in which the actor acts, as they were at that moment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Annotated[Role, Names("role")]
    jurisdiction: Annotated[Id, Names("jurisdiction")]


class Acting(BaseModel):
    """An actor with the authority they use."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor: Actor
    authority: Authority


class Document(BaseModel):
    """A document that an entry rests on: who issued it, its number and title, its attachments."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Title
    title: Title
    number: Title | None = None
    issued_on: date | None = None
    attachments: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """The circumstances of one command. `today` is the record's day, never the caller's."""

    by: Acting
    today: date
    policy: Policy
    command_id: str
    basis: tuple[Document, ...] = ()
    consulted: Mapping[str, Subject] = field(default_factory=dict)

    def state(self, kind: type[S], id: str) -> S:
        """Another subject's state, which the command must have named in `consults`."""
        found = self.consulted[f"{kind.kind}:{id}"]
        assert isinstance(found, kind)
        return found
