"""Register an official; change the name, take and leave posts."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason, Title, UnitId
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.reservation import ReservingCommand, reserved
from domain.kernel.text import Bilingual, comparable
from domain.person.events import (
    Distinction,
    PersonDistinguished,
    PersonName,
    PersonRegistered,
    PersonRenamed,
    PostLeft,
    PostNumber,
    PostTaken,
)
from domain.person.state import NAME, Person, Post
from domain.unit.state import Unit

RECORD = Permission(
    "people.may_record",
    doing=Bilingual(zh="登记人员", en="keep the register of officials"),
    governs=False,
)


class RegisterPerson(ReservingCommand, Command[Person]):
    """Put an official on record, with a post.

    If the unit has somebody else of this name, a distinction says which one this is. Nothing but
    names and posts is recorded of an official.
    """

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = RECORD

    name: PersonName
    distinction: Distinction | None = None
    unit: UnitId
    title: Title
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Person) -> Iterable[str]:
        """The unit, and the reservations of the name in it."""
        yield f"unit:{self.unit}"
        yield from state.reservations(unit=self.unit, name=self.name, distinction=self.distinction)

    def places(self, state: Person) -> Iterable[str]:
        """The unit."""
        return (f"unit:{self.unit}",)

    def decide(self, state: Person, context: DecisionContext) -> list[Event | StreamEvent]:
        context.state(Unit, self.unit).require_existing_on(self.effective_from)
        registered = PersonRegistered(
            name=self.name, distinction=self.distinction, reason=self.reason
        )
        taken = PostTaken(unit=self.unit, title=self.title, effective_from=self.effective_from)
        after = state.fold((registered, taken))
        return [registered, taken, *reserved(after, context)]


class RenamePerson(ReservingCommand, Command[Person]):
    """Record that an official has another name from a day on."""

    permission: ClassVar[Permission] = RECORD

    name: PersonName
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Person) -> Iterable[str]:
        """The reservations of the new name in all units."""
        return state.reservations(name=self.name)

    def decide(self, state: Person, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_registered()
        state.require_news(state.names, self.name, self.effective_from, NAME)
        renamed = PersonRenamed(**vars(self))
        return [renamed, *reserved(state.fold((renamed,)), context)]


class DistinguishPerson(ReservingCommand, Command[Person]):
    """Record what tells an official from another one of the same name in the same unit."""

    permission: ClassVar[Permission] = RECORD

    distinction: Distinction | None
    reason: Reason | None = None

    def consults(self, state: Person) -> Iterable[str]:
        """The reservations of the names with this distinction."""
        return state.reservations(distinction=self.distinction)

    def decide(self, state: Person, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_registered()
        if state.distinction == self.distinction:
            raise Refused("person.distinguished-so", title=state.title)
        distinguished = PersonDistinguished(**vars(self))
        return [distinguished, *reserved(state.fold((distinguished,)), context)]


class TakePost(ReservingCommand, Command[Person]):
    """Record that an official holds a post from a day on. One may hold several at once (兼职)."""

    permission: ClassVar[Permission] = RECORD

    unit: UnitId
    title: Title
    effective_from: date
    reason: Reason | None = None

    def consults(self, state: Person) -> Iterable[str]:
        """The unit, and the reservations of the names in it."""
        yield f"unit:{self.unit}"
        yield from state.reservations(unit=self.unit)

    def places(self, state: Person) -> Iterable[str]:
        """The unit: who comes from elsewhere is taken over by it."""
        return (f"unit:{self.unit}",)

    def decide(self, state: Person, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_registered()
        context.state(Unit, self.unit).require_existing_on(self.effective_from)
        taken = PostTaken(**vars(self))
        after = state.fold((taken,))
        require_posts_apart(after, after.version)
        return [taken, *reserved(after, context)]


class LeavePost(Command[Person]):
    """Record that an official no longer holds a post from a day on."""

    permission: ClassVar[Permission] = RECORD

    post: PostNumber
    effective_from: date
    reason: Reason | None = None

    def decide(self, state: Person, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_registered()
        held = state.tenure(self.post) if self.post in state.posts else None
        if held is None:
            raise Refused(
                "person.no-such-post",
                title=state.title,
                post=self.post,
                posts=[_numbered(number, post) for number, post, _ in state.tenures()] or None,
            )
        post, days = held
        if days.effective_until:
            raise Refused(
                "person.post-left-already",
                title=state.title,
                post=post.title,
                left_on=days.effective_until,
            )
        require_later(state, post.title, days.effective_from, self.effective_from)
        return [PostLeft(**vars(self), unit=post.unit, title=post.title)]


def _numbered(number: int, post: Post) -> Bilingual:
    return Bilingual(zh=f"{number}（{post.title}）", en=f"{number} ({post.title})")


def require_later(state: Person, post: str, begin: date, end: date) -> None:
    """Refused unless a post is left after the day on which it was taken."""
    if end <= begin:
        raise Refused(
            "person.post-left-too-early", title=state.title, post=post, begin=begin, end=end
        )


def require_posts_apart(after: Person, number: int) -> None:
    """Refused when a person would hold the same post twice on one day."""
    mine = after.tenure(number)
    assert mine, "the post was just stated"
    post, days = mine
    for other, held, span in after.tenures():
        same = held.unit == post.unit and comparable(held.title) == comparable(post.title)
        if other != number and same and (shared := span.shared(days)):
            raise Refused(
                "person.post-held-already",
                title=after.title,
                post=post.title,
                unit=f"unit:{post.unit}",
                held=shared,
                entry=other,
            )
