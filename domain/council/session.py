"""One session of a council and its status. Decides nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Self, assert_never

from domain.council.events import (
    AgendaSet,
    MinutesAmended,
    MinutesRecorded,
    SessionCancelled,
    SessionCorrected,
    SessionHeld,
)
from domain.kernel.refusal import Refused
from domain.kernel.subject import changed

# What happens to a session that was convened, and changes nothing else.
SessionStep = (
    AgendaSet | SessionHeld | SessionCorrected | SessionCancelled | MinutesRecorded | MinutesAmended
)


@dataclass(frozen=True, kw_only=True)
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
    cancelled_for: str | None = None
    minuted_on: tuple[date, ...] = ()  # the day of each version of the minutes
    minutes: str = ""  # the newest version of the minutes
    minutes_by: int = 0

    @property
    def day(self) -> date:
        """The day on which it was held, or for which it was convened."""
        return self.held_on or self.scheduled_on

    @property
    def versions(self) -> int:
        """How many versions of its minutes there are."""
        return len(self.minuted_on)

    @property
    def minutes_on(self) -> date | None:
        """The day of the newest version of its minutes."""
        return self.minuted_on[-1] if self.minuted_on else None

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

    def after(self, event: SessionStep, version: int) -> Self:
        """The session after one more of its steps, which is the entry `version`."""
        match event:
            case AgendaSet(agenda=agenda):
                return changed(self, agenda=agenda, agenda_by=version)
            case SessionHeld() | SessionCorrected():
                return changed(
                    self,
                    held_on=event.held_on,
                    first_held_by=self.first_held_by or version,
                    held_by=version,
                    present=event.present,
                    excused=event.excused,
                    observers=event.observers,
                )
            case SessionCancelled(cancelled_on=day, reason=reason):
                return changed(self, cancelled_on=day, cancelled_by=version, cancelled_for=reason)
            case MinutesRecorded(recorded_on=day):
                return self._minuted(event.text, day, version)
            case MinutesAmended(amended_on=day):
                return self._minuted(event.text, day, version)
            case _:
                assert_never(event)

    def _minuted(self, text: str, day: date, version: int) -> Self:
        days = (*self.minuted_on, day)
        return changed(self, minuted_on=days, minutes=text, minutes_by=version)

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
