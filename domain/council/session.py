"""One session of a council and its status. Decides nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from domain.kernel.refusal import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session, with the entries that convened, held and cancelled it.

    `held_by` is the entry in force: the one that held it, or its newest correction.
    """

    id: str
    noticed_on: date
    scheduled_on: date
    convened_by: int
    agenda: tuple[str, ...] = ()
    agenda_by: int = 0
    held_on: date | None = None
    first_held_by: int | None = None
    held_by: int | None = None
    present: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    observers: tuple[str, ...] = ()
    cancelled_on: date | None = None
    cancelled_by: int | None = None
    versions: int = 0
    minutes_on: date | None = None
    minutes: str = ""  # the newest version of the minutes
    minutes_by: int = 0

    @property
    def day(self) -> date:
        """The day on which it was held, or for which it was convened."""
        return self.held_on or self.scheduled_on

    @property
    def is_convened(self) -> bool:
        """Whether it has not been held or cancelled yet."""
        return self.held_on is None and self.cancelled_on is None

    def stated_by(self, version: int) -> Literal["convening", "holding", "cancelling"] | None:
        """What an entry in force states about the session; None for a correction, which can only be
        corrected again."""
        if version == self.convened_by and self.is_convened:
            return "convening"
        if version == self.first_held_by:
            return "holding"
        return "cancelling" if version == self.cancelled_by else None

    def convened(self) -> Self:
        """The session as it was before it was held or cancelled."""
        return type(self)(
            id=self.id,
            noticed_on=self.noticed_on,
            scheduled_on=self.scheduled_on,
            convened_by=self.convened_by,
            agenda=self.agenda,
            agenda_by=self.agenda_by,
        )

    def require_convened(self) -> None:
        """Refused unless it is still to take place."""
        if self.held_on:
            raise Refused("session.already-held", held_on=self.held_on)
        if self.cancelled_on:
            raise Refused("session.already-cancelled", cancelled_on=self.cancelled_on)

    def require_held(self) -> date:
        """The day on which it was held; Refused unless it was."""
        if self.held_on is None:
            raise Refused("session.not-held")
        return self.held_on
