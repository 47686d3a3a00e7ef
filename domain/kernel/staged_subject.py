"""What partnerships, check-ins, exemplars and honours share: matters that go from stage to stage,
each step on its day, with corrections and annulments.

It keeps what was stated and what holds. Each subject says what a step means.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar, cast

from domain.kernel.context import DecisionContext
from domain.kernel.event import Event
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.step import (
    Annulment,
    Correction,
    Step,
    Text,
    as_it_should_read,
    day_field,
    day_of,
    matter_field,
    own_end_field,
)
from domain.kernel.subject import Subject, changed
from domain.kernel.text import Bilingual

ENTRIES_MAX = 2_000  # entries of one subject; more would be a diary, not a record

E = TypeVar("E", bound=Event)
K = TypeVar("K", bound=Event)
T = TypeVar("T")


class Stated(NamedTuple, Generic[E]):
    """What an entry states and nobody has annulled: `origin` is the entry that first stated it,
    `version` the one that gave it its present form, `before` its form until then."""

    origin: int
    version: int
    matter: str
    event: E
    before: "Stated[E] | None" = None


@dataclass(frozen=True, kw_only=True)
class StagedSubject(Subject, Generic[E]):
    """A subject made of matters. The steps of a matter follow each other in time.

    A matter is named `kind:id` after its marked field. The subject's own course is the matter
    with the empty name, and a step that is `alone` is the matter `entry:version`.
    """

    STAGES: ClassVar[Mapping[type[Event], str]]
    STAGE_WORDS: ClassVar[Mapping[str, Bilingual]]

    stated: tuple[Stated[E], ...] = ()
    annulled: tuple[Stated[E], ...] = ()  # void, but their authors took part in the matter

    @property
    def opening(self) -> Any:
        """The event that put the subject on record; Refused when that was annulled."""
        if first := self.first():
            return first.event
        raise Refused("subject.first-entry-annulled", subject=self.called)

    def first(self) -> Stated[E] | None:
        """The entry that put the subject on record; None when that was annulled."""
        return self.stated[0] if self.stated and not self.stated[0].matter else None

    @property
    def began(self) -> Any:
        """The event that put the subject on record, even when it was annulled."""
        return next(each.event for each in (*self.stated, *self.annulled) if not each.matter)

    def lies_in(self, day: date) -> tuple[str, ...]:
        """The community, or else the subdistrict, that its first entry names."""
        if community := self.began.community:
            return (f"community:{community}",)
        return (f"jurisdiction:{self.began.subdistrict}",)

    @property
    def called(self) -> Bilingual:
        """Its name in a refusal: its own title, until its first entry is annulled."""
        first = self.first()
        return (first and self.titled(first.event)) or super().called

    def titled(self, opening: Any) -> Bilingual | None:
        """Its title, from the event that put it on record."""
        return None

    def matter_of(self, event: Event, at: int) -> str:
        """The matter of an event that the entry `at` states."""
        if isinstance(event, Step) and event.alone:
            return f"entry:{at}"
        name = matter_field(type(event))
        return f"{name}:{getattr(event, name)}" if name else ""

    def matters(self) -> Mapping[str, tuple[Stated[E], ...]]:
        """The steps in force of each matter, in order."""
        return self.derived("_matters", lambda: _by_matter(self.stated))

    def derived(self, name: str, derive: Callable[[], T]) -> T:
        """A cache of what is derived from `stated` alone."""
        kept = self.__dict__.get(name)
        if kept is None or kept[0] is not self.stated:
            kept = self.__dict__[name] = (self.stated, derive())
        return cast(T, kept[1])

    def steps(self, matter: str = "") -> tuple[Stated[E], ...]:
        """The steps in force of a matter, in order; by default of the subject's own course."""
        return self.matters().get(matter, ())

    def stage(self, matter: str = "") -> str | None:
        """The stage of a matter; None when no step of it is in force."""
        steps = self.steps(matter)
        return self.STAGES[type(steps[-1].event)] if steps else None

    def of(self, *kinds: type[K]) -> list[K]:
        """The events of these classes that are in force, in order."""
        return [each.event for each in self.stated if isinstance(each.event, kinds)]

    def participants(self, matter: str, names: Iterable[str]) -> set[str]:
        """Everyone whom these fields name in steps of a matter, annulled steps included."""
        void = (each for each in self.annulled if each.matter == matter)
        steps = (*void, *self.steps(matter))
        named = (vars(each.event).get(name) for each in steps for name in names)
        return {person for person in named if person}

    def evolve(self, event: E) -> Self:
        """The state after one more event of this subject."""
        at = self.version
        match event:
            case Annulment():
                place, void = self._place(event.annuls)
                kept = (void.before,) if void.before else ()
                return changed(
                    self,
                    stated=(*self.stated[:place], *kept, *self.stated[place + 1 :]),
                    annulled=(*self.annulled, void),
                )
            case Correction():
                place, was = self._place(event.corrects)
                becomes = as_it_should_read(was.event, event.changes)
                step = Stated(was.origin, at, was.matter, becomes, was)
                return changed(self, stated=(*self.stated[:place], step, *self.stated[place + 1 :]))
            case _:
                return self._with(Stated(at, at, self.matter_of(event, at), event))

    def _with(self, step: Stated[E]) -> Self:
        """The state with one more step. If the matters are cached, only this one is regrouped."""
        after = changed(self, stated=(*self.stated, step))
        kept = self.__dict__.get("_matters")
        if kept and kept[0] is self.stated:
            matters = {**kept[1], step.matter: (*kept[1].get(step.matter, ()), step)}
            after.__dict__["_matters"] = (after.stated, matters)
        return after

    def _place(self, version: int) -> tuple[int, Stated[E]]:
        """The index in `stated` of the entry of this version, usually near the end."""
        for place in range(len(self.stated) - 1, -1, -1):
            if self.stated[place].version == version:
                return place, self.stated[place]
        raise AssertionError(f"{self.stream} holds nothing by entry {version}")

    def check(self, event: E, context: DecisionContext, fields: Set[str]) -> None:
        """Refused unless the policy, other subjects and the other entries allow what the event
        states in these fields: all fields, or those that a correction changes. What was right
        under an earlier policy stays right."""

    def grounds(self, event: E) -> Iterable[str]:
        """The streams that an event rests on. Commands that state or correct it consult them."""
        return ()

    def grounds_at(self, version: int, changes: Mapping[str, Any]) -> Iterable[str]:
        """The streams that the entry of this version rests on, now and with these changes.

        Changes that fit no such entry are refused by the correction itself.
        """
        for each in self.stated:
            if each.version == version:
                yield from self.grounds(each.event)
                with suppress(Refused):
                    yield from self.grounds(as_it_should_read(each.event, changes))

    def implied(self, was: E, becomes: E) -> Mapping[str, Text]:
        """Further changes that follow from correcting an event this way."""
        return {}

    def require_sound(self) -> None:
        """Refused unless everything in force agrees."""
        for matter in self.matters():
            self.require_sound_matter(matter)

    def require_sound_since(self, matter: str) -> None:
        """Refused unless everything still agrees after a change in this matter."""
        for each in dict.fromkeys(self.matters_resting_on(matter)):
            self.require_sound_matter(each)

    def matters_resting_on(self, matter: str) -> Iterable[str]:
        """The matters that depend on this one: all of them, for the subject's own course."""
        return (matter,) if matter else self.matters()

    def require_sound_matter(self, matter: str) -> None:
        """Refused unless the steps of a matter follow each other in time, and an early end comes
        before its own end."""
        last: tuple[date, int] | None = None
        ends: tuple[date, int] | None = None
        for each in self.steps(matter):
            name = own_end_field(type(each.event))
            if name and (until := getattr(each.event, name)):
                ends = until, each.version
            if not (day := day_of(each.event)):
                continue
            if last and day < last[0]:
                previous, entry = last
                raise Refused(
                    "step.before-previous",
                    day=day,
                    previous=previous,
                    subject=self.called,
                    entry=entry,
                )
            if isinstance(each.event, Step) and each.event.ends_early and ends and day >= ends[0]:
                until, entry = ends
                raise Refused(
                    "step.after-own-end", day=day, until=until, subject=self.called, entry=entry
                )
            last = day, each.version

    def stating(self, event: E, context: DecisionContext) -> list[Event]:
        """The event; Refused unless it may be stated today and agrees with everything in force."""
        if self.version >= ENTRIES_MAX:
            raise Refused("subject.full", subject=self.called, entries_max=ENTRIES_MAX)
        if self.version:
            _ = self.opening
        require_not_ahead(event, context)
        self.check(event, context, type(event).model_fields.keys())
        matter = self.matter_of(event, self.version + 1)
        self.fold([event]).require_sound_since(matter)
        if not self.steps(matter):
            self.require_not_repeated(event, self.stated)
        return [event]

    def require_not_repeated(self, event: E, stated: Iterable[Stated[E]]) -> None:
        """Refused when another matter begins with an equal event, apart from the id."""
        says, name = vars(event), matter_field(type(event))
        own = {name: says[name]} if name else {}
        for each in stated:
            if type(each.event) is type(event) and {**vars(each.event), **own} == says:
                raise Refused("statement.repeated", subject=self.called, entry=each.version)

    def require_stage(self, what: Bilingual, matter: str, *stages: str) -> None:
        """NotOnRecord when no step of the matter is in force; Refused unless it is at one of these
        stages."""
        stage = self.stage(matter)
        id = matter.partition(":")[2] or self.id
        if stage is None:
            raise NotOnRecord("matter.not-on-record", subject=self.called, what=what, id=id)
        if stage not in stages:
            raise Refused(
                "matter.wrong-status",
                what=what,
                id=id,
                status=self.STAGE_WORDS[stage],
                needed=[self.STAGE_WORDS[each] for each in stages],
            )

    def require_new(self, what: Bilingual, matter: str) -> None:
        """Refused when a step of the matter is already in force."""
        if self.steps(matter):
            id = matter.partition(":")[2]
            raise Refused("matter.already-on-record", subject=self.called, what=what, id=id)


def require_not_ahead(event: Event, context: DecisionContext) -> None:
    """Refused when the event states that something happened on a day in the future."""
    name, day = day_field(type(event)), day_of(event)
    if name and day and name.endswith("_on"):
        context.require_past(day)


def _by_matter(stated: Iterable[Stated[E]]) -> Mapping[str, tuple[Stated[E], ...]]:
    found: dict[str, list[Stated[E]]] = {}
    for each in stated:
        found.setdefault(each.matter, []).append(each)
    return {matter: tuple(steps) for matter, steps in found.items()}
