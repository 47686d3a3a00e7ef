"""Shared by the read models of staged subjects (partnerships, check-ins, exemplars, honours): rows
of what was stated, and for each matter the stretches of days on which it was at one stage.

The fold is the domain's own: there is one meaning of an event.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby, pairwise
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
    """Days on which a matter stands at one stage, with its steps so far and the position of the
    entry that brought it there. A matter that returns to its first stage begins anew: of its steps
    until then only the first still counts. `said` is what these say, the newest last."""

    kind: str
    item: str
    effective_from: date
    effective_until: date | None
    stage: str
    steps: tuple[Any, ...]
    said: Mapping[str, Any]
    position: int

    def value(self, name: str) -> Any:
        """What the newest step that states a field says."""
        return self.said.get(name)

    @property
    def begun_on(self) -> date:
        """The day of the matter's first step."""
        day = day_of(self.steps[0])
        assert day is not None
        return day


class _Matter(NamedTuple):
    """A matter by itself: the subject's state as far as it is of this matter, and its lines."""

    state: StagedSubject[Any]
    lines: tuple[Any, ...]


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

    def lines(self, state: Any, stretches: list[Stretch]) -> Iterable[Any]:
        """The rows of one matter, but for the facts; the state holds nothing of others."""
        raise NotImplementedError

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
        before = matters.by_name.get(name) or _Matter(fresh, ())
        state = changed(before.state, version=version).evolve(event)
        if not isinstance(event, Annulment):
            page.put(self._fact(key, state, version, entry.position))
        lines = self._lines(key, page, state)
        page.turn(before.lines, lines)
        matters.by_name[name] = _Matter(state, lines)
        matters.of_entry[version] = name

    def _fact(self, key: str, state: StagedSubject[Any], version: int, position: int) -> Any:
        step = next(each for each in state.stated if each.version == version)
        return self.fact(
            subject=key,
            origin=step.origin,
            version=version,
            event=type(step.event).__name__,
            body=step.event.model_dump_json(exclude_none=True),
            position=position,
        )

    def _lines(self, key: str, page: Page, state: StagedSubject[Any]) -> tuple[Any, ...]:
        def position(version: int) -> int:
            fact: Fact | None = page.row(self.fact, key, version)
            assert fact is not None, "what stands has a fact"
            return fact.position

        return tuple(self.lines(state, list(_stretches(state, position))))

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
            matters.by_name[name] = _Matter(state, self._lines(key, page, state))
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


def _stretches(state: StagedSubject[Any], position: Callable[[int], int]) -> Iterator[Stretch]:
    """The days on which a matter stood at each stage; none that lasts no day."""
    if not state.stated:
        return
    events = [each.event for each in state.stated]
    first, *_ = stages = [state.STAGES[type(event)] for event in events]
    kind, _, item = state.stated[0].matter.partition(":")
    opening = said = _said(events[0])
    anew = 1
    for number, (begin, until) in enumerate(pairwise([*map(day_of, events), None])):
        if number:
            if stages[number] == first:
                anew, said = number, opening
            said = {**said, **_said(events[number])}
        if begin is not None and begin != until:
            yield Stretch(
                kind=kind,
                item=item,
                effective_from=begin,
                effective_until=until,
                stage=stages[number],
                steps=(events[0], *events[anew : number + 1]),
                said=said,
                position=position(state.stated[number].version),
            )


def _said(event: Event) -> dict[str, Any]:
    return {name: value for name, value in vars(event).items() if value is not None}
