"""Shared by the read models of staged subjects (partnerships, check-ins, exemplars, honours): rows
of what was stated, and for each matter the stretches of days on which it was at one stage.

The fold is the domain's own: there is one meaning of an event.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any, ClassVar, LiteralString, NamedTuple, TypeVar

from domain.kernel.event import Event
from domain.kernel.staged_subject import StagedSubject, Stated
from domain.kernel.step import Annulment, Correction, day_of
from domain.kernel.subject import changed
from projections.engine.page import Page
from projections.engine.projection import Projection
from projections.engine.row import RowKind
from projections.engine.seen import Seen
from projections.engine.shape import Shape
from projections.engine.view import View

S = TypeVar("S", bound=Shape)


class Fact(NamedTuple):
    """What one entry states and nobody has annulled, with how it read before corrections.

    The columns of the tables that hold such rows. `body` is the event's JSON.
    """

    subject: str
    origin: int
    version: int
    event: str
    body: str
    position: int


class Stretch(NamedTuple):
    """Days on which a matter is at one stage, and the position of the entry that brought it there.

    `opening` is the matter's first step, and `said` what its steps so far say, each field as the
    newest of them says it. A matter that returns to its first stage begins anew: of its steps until
    then only the first still counts.
    """

    kind: str
    item: str
    effective_from: date
    effective_until: date | None
    stage: str
    opening: Any
    said: Mapping[str, Any]
    position: int

    def value(self, name: str) -> Any:
        """What the newest step that states a field says."""
        return self.said.get(name)

    @property
    def lasts(self) -> bool:
        """Whether it has any day."""
        return self.effective_from != self.effective_until

    @property
    def begun_on(self) -> date:
        """The day of the matter's first step."""
        return _day(self.opening)


class _Matter(NamedTuple):
    """A matter by itself: the subject's state as far as it is of this matter, and the stretches,
    one for each step that holds."""

    state: StagedSubject[Any]
    stretches: tuple[Stretch, ...] = ()


class _Matters(NamedTuple):
    """All matters of a subject, and of which each entry states something."""

    by_name: dict[str, _Matter]
    of_entry: dict[int, str]  # by version


class StagedSubjects(Projection):
    """A read model of staged subjects: their facts, and what lines are drawn from the stretches.

    An entry touches one matter, and the domain's fold keeps matters apart: so each is folded by
    itself, and what an entry costs does not grow with the others.
    """

    subject: ClassVar[type[StagedSubject[Any]]]
    fact: ClassVar[RowKind]

    def line(self, id: str, stretch: Stretch) -> Any:
        """The row of the days on which a matter of this subject is at one stage."""
        raise NotImplementedError

    def spans(self, state: Any) -> Iterable[Any]:
        """Further rows of one matter; the state holds nothing of others."""
        return ()

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put the matter that the entry touches as the domain's own fold leaves it."""
        matters: _Matters = page.memo or self._matters(key, page)
        page.memo = matters
        event, version = entry.event, entry.version
        fresh = self.subject(id=key)
        match event:
            case Correction():
                name = matters.of_entry[event.corrects]
            case Annulment():
                name = matters.of_entry[event.annuls]
                page.drop(page.row(self.fact, key, event.annuls))
            case _:
                name = fresh.matter_of(event, version)
        before = matters.by_name.get(name) or _Matter(fresh)
        state = changed(before.state, version=version).evolve(event)
        if not isinstance(event, Annulment):
            page.put(self._fact(key, state, version, entry.position))
        if isinstance(event, Correction | Annulment):
            kept, stretches = 0, self._stretches(key, page, state)
        else:  # what stands but for the last stretch, which ends, goes on
            kept = max(len(before.stretches) - 1, 0)
            step = state.stated[-1]
            stretches = _continued(before.stretches, step, state, entry.position)
        page.turn(
            [*self._lines(key, before.stretches[kept:]), *self.spans(before.state)],
            [*self._lines(key, stretches[kept:]), *self.spans(state)],
        )
        matters.by_name[name] = _Matter(state, stretches)
        matters.of_entry[version] = name

    def _lines(self, key: str, stretches: Iterable[Stretch]) -> Iterator[Any]:
        return (self.line(key, each) for each in stretches if each.lasts)

    def _fact(self, key: str, state: StagedSubject[Any], version: int, position: int) -> Any:
        step = next(each for each in reversed(state.stated) if each.version == version)
        return self.fact(
            subject=key,
            origin=step.origin,
            version=version,
            event=type(step.event).__name__,
            body=step.event.model_dump_json(exclude_none=True),
            position=position,
        )

    def _stretches(self, key: str, page: Page, state: StagedSubject[Any]) -> tuple[Stretch, ...]:
        stretches: tuple[Stretch, ...] = ()
        for step in state.stated:
            fact: Fact | None = page.row(self.fact, key, step.version)
            assert fact is not None, "what stands has a fact"
            stretches = _continued(stretches, step, state, fact.position)
        return stretches

    def _matters(self, key: str, page: Page) -> _Matters:
        """What the facts of a page that was loaded stand for."""
        fresh = self.subject(id=key)
        events = {event.__name__: event for event in self.events}
        matters = _Matters({}, {})
        by_name: dict[str, list[Stated[Any]]] = {}
        facts: Iterable[Fact] = page.of(self.fact)
        in_order = sorted(facts, key=lambda fact: (fact.origin, fact.version))
        for origin, readings in groupby(in_order, key=lambda fact: fact.origin):
            step: Stated[Any] | None = None
            for fact in readings:
                event = events[fact.event].model_validate_json(fact.body)
                step = Stated(origin, fact.version, fresh.matter_of(event, origin), event, step)
                matters.of_entry[fact.version] = step.matter
            assert step is not None
            by_name.setdefault(step.matter, []).append(step)
        for name, stated in by_name.items():
            state = changed(fresh, stated=tuple(stated))
            matters.by_name[name] = _Matter(state, self._stretches(key, page, state))
        return matters


def listed(
    view: View,
    statement: LiteralString,
    shape: type[S],
    *,
    after: tuple[str, str] | None,
    **asked: Any,
) -> list[S]:
    """The rows of a list in its order, behind the line whose key is `after`."""
    first, id = after or (None, None)
    rows = view.rows(statement, after_first=first, after_id=id, **asked)
    return [shape.of(row) for row in rows]


def _continued(
    stretches: tuple[Stretch, ...], step: Stated[Any], state: StagedSubject[Any], position: int
) -> tuple[Stretch, ...]:
    """The stretches of a matter with one more step."""
    event = step.event
    day, stage, said = _day(event), state.STAGES[type(event)], _said(event)
    opening = event
    if stretches:
        *_, last = stretches
        opening = last.opening
        anew = stage == stretches[0].stage
        said = {**(_said(opening) if anew else last.said), **said}
        stretches = (*stretches[:-1], last._replace(effective_until=day))
    kind, _, item = step.matter.partition(":")
    return (
        *stretches,
        Stretch(
            kind=kind,
            item=item,
            effective_from=day,
            effective_until=None,
            stage=stage,
            opening=opening,
            said=said,
            position=position,
        ),
    )


def _said(event: Event) -> dict[str, Any]:
    return {name: value for name, value in vars(event).items() if value is not None}


def _day(step: Event) -> date:
    day = day_of(step)
    assert day is not None, "a step has a day"
    return day
