"""Shared by the read models of dossiers (partnerships, check-ins, exemplars, honours): rows of what
was stated, and for each matter the stretches of days on which it stood at one stage.

The fold is the domain's own: there is one meaning of an event.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby, pairwise
from typing import Any, ClassVar, LiteralString, NamedTuple, TypeVar

from domain.catalogue import EVENTS
from domain.kernel.staged_subject import StagedSubject, Stated, chain
from domain.kernel.step import day_of
from domain.kernel.subject import changed
from projections.engine.projection import Page, Projection, RowClass
from projections.engine.view import View
from record.store.entry import AnyEntry

T = TypeVar("T")


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
    until then only the first still counts."""

    kind: str
    item: str
    effective_from: date
    effective_until: date | None
    stage: str
    steps: tuple[Any, ...]
    position: int

    def value(self, name: str) -> Any:
        """What the newest step that states a field says."""
        stated = (getattr(step, name, None) for step in reversed(self.steps))
        return next((value for value in stated if value is not None), None)

    @property
    def begun_on(self) -> date:
        """The day of the matter's first step."""
        day = day_of(self.steps[0])
        assert day is not None
        return day


class _Kept(NamedTuple):
    state: StagedSubject[Any]
    facts: Mapping[int, Fact]  # by version


class Dossiers(Projection):
    """A read model of dossiers: their facts, and whatever lines are drawn from the stretches."""

    subject: ClassVar[type[StagedSubject[Any]]]
    fact: ClassVar[RowClass]

    def lines(self, state: Any, stretches: list[Stretch]) -> Mapping[RowClass, Iterable[Any]]:
        """The rows of every kind but the facts."""
        raise NotImplementedError

    def evolve(self, key: str, page: Page, entry: AnyEntry) -> Page:
        """The subject's facts and lines after this entry, by the domain's own fold."""
        before: _Kept = page.memo or _kept(self.subject(id=key), page.of(self.fact))
        state = changed(before.state, version=entry.version).evolve(entry.event)
        facts = {
            each.version: before.facts.get(each.version)
            or self.fact(
                key,
                each.origin,
                each.version,
                type(each.event).__name__,
                each.event.model_dump_json(exclude_none=True),
                entry.position,
            )
            for each in chain(state.stated)
        }
        positions = {version: fact.position for version, fact in facts.items()}
        for kind, rows in self.lines(state, list(_stretches(state, positions))).items():
            page = page.having(kind, rows)
        return page.having(self.fact, facts.values(), memo=_Kept(state, facts))


def listed(
    view: View,
    statement: LiteralString,
    shape: Callable[..., T],
    *,
    after: tuple[str, str] | None,
    **asked: Any,
) -> list[T]:
    """The rows of a list in its order, behind the line whose key is `after`."""
    first, id = after or (None, None)
    rows = view.rows(statement, after_first=first, after_id=id, **asked)
    return [shape(**row) for row in rows]


def _kept(fresh: StagedSubject[Any], rows: Iterable[Fact]) -> _Kept:
    """What rows loaded from the table stand for."""
    facts = sorted(rows, key=lambda fact: (fact.origin, fact.version))
    stated = []
    for origin, readings in groupby(facts, key=lambda fact: fact.origin):
        step: Stated[Any] | None = None
        for fact in readings:
            event = EVENTS[fact.event].model_validate_json(fact.body)
            step = Stated(origin, fact.version, fresh.matter_of(event, origin), event, step)
        assert step is not None
        stated.append(step)
    state = changed(fresh, stated=tuple(stated))
    return _Kept(state, {fact.version: fact for fact in facts})


def _stretches(state: StagedSubject[Any], positions: Mapping[int, int]) -> Iterator[Stretch]:
    """For each matter the days on which it stood at each stage; none that lasts no day."""
    for matter in dict.fromkeys(each.matter for each in state.stated):
        kind, _, item = matter.partition(":")
        steps = state.steps(matter)
        stages = [state.STAGES[type(each.event)] for each in steps]
        days = [day_of(each.event) for each in steps]
        for number, (begin, until) in enumerate(pairwise([*days, None]), start=1):
            if begin is None or begin == until:
                continue
            step = steps[number - 1]
            anew = max(n for n in range(number) if n == 0 or stages[n] == stages[0])
            counting = (steps[0], *steps[max(anew, 1) : number])
            yield Stretch(
                kind,
                item,
                begin,
                until,
                stages[number - 1],
                tuple(each.event for each in counting),
                positions[step.version],
            )
