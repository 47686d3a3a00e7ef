"""The shapes in which councils, sessions and minutes are answered over HTTP."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class DueShown(BaseModel):
    """A calendar period in which sessions are due."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    begins_on: date
    until: date = Field(description="The first day behind it.")
    sessions_min: int
    held: int
    missed: bool = Field(description="It is over, and sessions are missing.")


class CouncilShown(BaseModel):
    """A council on the asked day, with the sessions that were missing by then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    council: str
    community: str
    community_name: str | None
    district: str | None
    district_name: str | None
    title: str
    council_kind: str
    sessions_min: int
    per: Literal["month", "quarter", "half-year", "year"]
    founded_on: date
    dissolved_on: date | None
    members: int
    held: int
    missed: int = Field(description="In how many periods sessions were missing.")
    missed_last: list[DueShown] = Field(
        description="The newest of these periods, four at most; one council lists all it owed."
    )


class MemberShown(BaseModel):
    """A member of a council, and by which entry it joined."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    member: str
    title: str
    joined_on: date
    left_on: date | None
    version: int


class AttendantShown(BaseModel):
    """A body that a session names; without a title where it never was a member of the council."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    member: str
    title: str | None


class SessionShown(BaseModel):
    """A session on the asked day. `day` is the one it was held on, or is planned for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    council: str
    council_title: str
    council_kind: str
    session: str
    community: str
    community_name: str | None
    district: str | None
    day: date
    standing: Literal["convened", "held", "cancelled"]
    noticed_on: date
    scheduled_on: date
    place: str | None
    agenda: list[str]
    held_on: date | None
    held_by: int | None = Field(description="The entry that a correction names.")
    present: list[AttendantShown]
    excused: list[AttendantShown]
    observers: list[AttendantShown] = Field(description="Who attended without a vote.")
    cancelled_on: date | None
    cancelled_for: str | None
    versions: int = Field(description="How many versions of its minutes there are.")
    minutes_on: date | None
    position: int


class ResolutionShown(BaseModel):
    """What a session resolved, with its tasks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    resolution: str
    session: str
    adopted_on: date
    text: str
    tasks: list[str]
    annulled_on: date | None
    annulled_for: str | None
    position: int


class MinutesVersionShown(BaseModel):
    """One version of a session's minutes; the first has no reason, and none ever changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    stated_on: date
    text: str
    reason: str | None
    actor: str
    position: int


class CouncilInFull(BaseModel):
    """A council with its members, the periods it owes sessions in, and its resolutions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    council: CouncilShown
    members: list[MemberShown]
    due: list[DueShown]
    resolutions: list[ResolutionShown]
    effective: date
    position: int


class SessionInFull(BaseModel):
    """A session with who was absent, all versions of its minutes, and what it resolved."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    session: SessionShown
    absent: list[AttendantShown] = Field(description="Members of that day who are on neither list.")
    minutes: list[MinutesVersionShown]
    resolutions: list[ResolutionShown]
    effective: date
    position: int


class MinutesShown(BaseModel):
    """The newest version of a session's minutes by the asked day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    council: str
    session: str
    number: int
    community: str
    community_name: str | None
    district: str | None
    council_title: str
    held_on: date
    stated_on: date
    text: str
    position: int


class LackingShown(BaseModel):
    """A community whose type calls for a kind of council that it does not have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: str
    community_name: str | None
    code: str | None
    district: str | None
    type: str
    council_kind: str
