"""What partnerships, check-ins, exemplars and honours have in common: matters that go from stage to
stage, each step on its day, with corrections and annulments.

It keeps what was stated and what holds; what a step means is said by each subject.
"""

from collections.abc import Callable, Iterable, Mapping, Set
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

ENTRIES_MAX = 2_000  # of one subject: beyond that somebody keeps a diary, not a record

E = TypeVar("E", bound=Event)
K = TypeVar("K", bound=Event)
T = TypeVar("T")


class Stated(NamedTuple, Generic[E]):
    """What an entry states and nobody has annulled: `origin` is the entry that first stated it,
    `version` the one by which it reads as it does, `before` how it read until then."""

    origin: int
    version: int
    matter: str
    event: E
    before: "Stated[E] | None" = None


@dataclass(frozen=True, kw_only=True)
class StagedSubject(Subject, Generic[E]):
    """A subject made of matters; each matter's steps follow each other in time.

    A matter is named `kind:id`, by the field that marks it; the subject's own course is the matter
    without a name, and a step that is alone is the matter `entry:version`.
    """

    STAGES: ClassVar[Mapping[type[Event], str]]
    STAGE_WORDS: ClassVar[Mapping[str, Bilingual]]

    stated: tuple[Stated[E], ...] = ()
    annulled: tuple[Stated[E], ...] = ()  # void, but its author took part in the matter

    @property
    def opening(self) -> Any:
        """The event that put the subject on record; Refused when it was annulled."""
        if first := self.first():
            return first.event
        raise Refused("subject.first-entry-annulled", subject=self.called)

    def first(self) -> Stated[E] | None:
        """What put the subject on record; None when that was annulled."""
        return self.stated[0] if self.stated and not self.stated[0].matter else None

    @property
    def called(self) -> Bilingual:
        """By its own title, until its first entry is annulled."""
        first = self.first()
        return (first and self.titled(first.event)) or super().called

    def titled(self, opening: Any) -> Bilingual | None:
        """What it is called, by the event that put it on record."""
        return None

    def matter_of(self, event: Event, at: int) -> str:
        """The matter that an event belongs to which the entry `at` states."""
        if isinstance(event, Step) and event.alone:
            return f"entry:{at}"
        name = matter_field(type(event))
        return f"{name}:{getattr(event, name)}" if name else ""

    def matters(self) -> Mapping[str, tuple[Stated[E], ...]]:
        """What holds of each matter, in order."""
        return self.derived("_matters", lambda: _by_matter(self.stated))

    def derived(self, name: str, derive: Callable[[], T]) -> T:
        """What follows from `stated` alone: derived once, and kept with it."""
        kept = self.__dict__.get(name)
        if kept is None or kept[0] is not self.stated:
            kept = self.__dict__[name] = (self.stated, derive())
        return cast(T, kept[1])

    def steps(self, matter: str = "") -> tuple[Stated[E], ...]:
        """What holds of a matter, in order; of the subject's own course by default."""
        return self.matters().get(matter, ())

    def stage(self, matter: str = "") -> str | None:
        """At which stage a matter is; None when nothing of it holds."""
        steps = self.steps(matter)
        return self.STAGES[type(steps[-1].event)] if steps else None

    def of(self, *kinds: type[K]) -> list[K]:
        """The events of these classes that hold, in order."""
        return [each.event for each in self.stated if isinstance(each.event, kinds)]

    def participants(self, matter: str, names: Iterable[str]) -> set[str]:
        """Who, by these fields, ever took part in a matter: in steps that were annulled, too."""
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
        """With one more step. Where the matters are known, this one alone is grouped anew."""
        after = changed(self, stated=(*self.stated, step))
        kept = self.__dict__.get("_matters")
        if kept and kept[0] is self.stated:
            matters = {**kept[1], step.matter: (*kept[1].get(step.matter, ()), step)}
            after.__dict__["_matters"] = (after.stated, matters)
        return after

    def _place(self, version: int) -> tuple[int, Stated[E]]:
        """Where the entry of this version is among what holds: mostly near the end."""
        for place in range(len(self.stated) - 1, -1, -1):
            if self.stated[place].version == version:
                return place, self.stated[place]
        raise AssertionError(f"{self.stream} holds nothing by entry {version}")

    def check(self, event: E, context: DecisionContext, fields: Set[str]) -> None:
        """Refused unless the policy, other subjects, and what else holds, allow what the event
        states in these fields: all of them, or those that a correction changes. What was right
        under an earlier policy stays so."""

    def grounds(self, event: E) -> Iterable[str]:
        """The streams that such an event rests on: what states or corrects it consults them."""
        return ()

    def grounds_at(self, version: int) -> Iterable[str]:
        """The streams that the entry of this version rests on."""
        found = (each.event for each in self.stated if each.version == version)
        return (stream for event in found for stream in self.grounds(event))

    def implied(self, was: E, becomes: E) -> Mapping[str, Text]:
        """What else is to read differently once an event is so corrected."""
        return {}

    def require_sound(self) -> None:
        """Refused unless everything that holds agrees."""
        for matter in self.matters():
            self.require_sound_matter(matter)

    def require_sound_since(self, matter: str) -> None:
        """Refused unless everything agrees still, now that something of this matter has changed."""
        for each in dict.fromkeys(self.matters_resting_on(matter)):
            self.require_sound_matter(each)

    def matters_resting_on(self, matter: str) -> Iterable[str]:
        """The matters that a change in this one concerns: all, where it is the own course."""
        return (matter,) if matter else self.matters()

    def require_sound_matter(self, matter: str) -> None:
        """Refused unless the steps of a matter follow each other in time, and what ends it early
        comes before its own end."""
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
        """The event, if it may be stated today: Refused unless it agrees with all that holds."""
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
        """Refused when another matter begins with the same, whatever its id."""
        says, name = vars(event), matter_field(type(event))
        own = {name: says[name]} if name else {}
        for each in stated:
            if type(each.event) is type(event) and {**vars(each.event), **own} == says:
                raise Refused("statement.repeated", subject=self.called, entry=each.version)

    def require_stage(self, what: Bilingual, matter: str, *stages: str) -> None:
        """NotOnRecord when nothing holds of the matter, Refused unless it is at such a stage."""
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
        """Refused when something of the matter holds already."""
        if self.steps(matter):
            id = matter.partition(":")[2]
            raise Refused("matter.already-on-record", subject=self.called, what=what, id=id)


def require_not_ahead(event: Event, context: DecisionContext) -> None:
    """Refused when the event is about a day on which something is yet to happen."""
    name, day = day_field(type(event)), day_of(event)
    if name and day and name.endswith("_on"):
        context.require_past(day)


def _by_matter(stated: Iterable[Stated[E]]) -> Mapping[str, tuple[Stated[E], ...]]:
    found: dict[str, list[Stated[E]]] = {}
    for each in stated:
        found.setdefault(each.matter, []).append(each)
    return {matter: tuple(steps) for matter, steps in found.items()}
