"""Corrections and annulments of entries about an official.

Each names the entry and gives a reason. Nothing is overwritten.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason, Title, UnitId, Version
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.reservation import ReservingCommand, reserved
from domain.person.events import (
    PersonEntryAnnulled,
    PersonName,
    PersonNameCorrected,
    PostCorrected,
    PostEndCorrected,
)
from domain.person.registration import RECORD, require_later, require_posts_apart
from domain.person.state import ALWAYS, NAME, POST, Person, Post
from domain.unit.state import Unit


class CorrectPersonName(ReservingCommand, Command[Person]):
    """Correct the name that an entry states, or the day of a renaming.

    The name of the registration has no day.
    """

    permission: ClassVar[Permission] = RECORD

    corrects: Version
    name: PersonName
    effective_from: date | None = None
    reason: Reason

    def consults(self, state: Person) -> Iterable[str]:
        """The reservations of the right name in all units."""
        return state.reservations(name=self.name)

    def decide(self, state: Person, context: DecisionContext) -> list[Event | StreamEvent]:
        was = state.correctable(state.names, self.corrects, NAME)
        if was.effective_from == ALWAYS and self.effective_from:
            raise Refused("person.first-name-without-day", title=state.title)
        since = self.effective_from or was.effective_from
        state.require_correction(was, since, self.name, NAME)
        corrected = PersonNameCorrected(
            **{**vars(self), "effective_from": None if since == ALWAYS else since}
        )
        return [corrected, *reserved(state.fold((corrected,)), context)]


class CorrectPost(ReservingCommand, Command[Person]):
    """Correct the unit, the title or the first day of a post that an entry states."""

    permission: ClassVar[Permission] = RECORD

    corrects: Version
    unit: UnitId
    title: Title
    effective_from: date
    reason: Reason

    def consults(self, state: Person) -> Iterable[str]:
        """The right unit, and the reservations of the names in it."""
        yield f"unit:{self.unit}"
        yield from state.reservations(unit=self.unit)

    def decide(self, state: Person, context: DecisionContext) -> list[Event | StreamEvent]:
        number = state.post_of(self.corrects)
        was = state.correctable(state.posts[number], self.corrects, POST)
        if was.value is None:
            raise Refused(
                "entry.without-attribute", title=state.title, entry=self.corrects, what=POST
            )
        state.require_correction(was, self.effective_from, Post(self.unit, self.title), POST)
        context.state(Unit, self.unit).require_existing_on(self.effective_from)
        if left := state.posts[number].after(was.effective_from):
            require_later(state, self.title, self.effective_from, left.effective_from)
        corrected = PostCorrected(**vars(self))
        after = state.fold((corrected,))
        require_posts_apart(after, number)
        return [corrected, *reserved(after, context)]


class CorrectPostEnd(ReservingCommand, Command[Person]):
    """Correct the day from which a post is no longer held, which an entry states."""

    permission: ClassVar[Permission] = RECORD

    corrects: Version
    effective_from: date
    reason: Reason

    def consults(self, state: Person) -> Iterable[str]:
        """The reservations of the names in all units."""
        return state.reservations()

    def decide(self, state: Person, context: DecisionContext) -> list[Event | StreamEvent]:
        number = state.post_of(self.corrects)
        was = state.correctable(state.posts[number], self.corrects, POST)
        held = state.tenure(number)
        if was.value is not None or held is None:
            raise Refused("person.entry-ends-no-post", title=state.title, entry=self.corrects)
        state.require_correction(was, self.effective_from, None, POST)
        post, days = held
        require_later(state, post.title, days.effective_from, self.effective_from)
        corrected = PostEndCorrected(**vars(self))
        after = state.fold((corrected,))
        require_posts_apart(after, number)
        return [corrected, *reserved(after, context)]


class AnnulPersonEntry(ReservingCommand, Command[Person]):
    """Annul an entry of an official: it is void from the start.

    To annul the registration of somebody who was registered by mistake, annul the posts first.
    """

    permission: ClassVar[Permission] = RECORD

    annuls: Version
    reason: Reason

    def consults(self, state: Person) -> Iterable[str]:
        """The reservations of the names in all units."""
        return state.reservations()

    def decide(self, state: Person, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_annullable(self.annuls, state.timelines())
        annulled = PersonEntryAnnulled(**vars(self))
        after = state.fold((annulled,))
        if not any(after.names.stated()):
            for number, _, _ in after.tenures():
                raise Refused(
                    "annulment.rested-on",
                    subject=state.called,
                    entry=self.annuls,
                    resting=number,
                )
        for number, timeline in after.posts.items():
            if timeline is not state.posts[number] and after.tenure(number):
                require_posts_apart(after, number)
        return [annulled, *reserved(after, context)]
