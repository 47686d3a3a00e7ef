"""A community's history step by step, in the order of recording: each entry that names it, and what
it changed in the register, for which days."""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from domain.community.state import Community
from domain.jurisdiction.administrative_unit import AdministrativeUnit
from domain.kernel.ids import kind_of
from projections import timeline
from projections.engine.days import effective_on
from projections.engine.view import View
from projections.register import ATTRIBUTES
from record.store.entry import AnyEntry


class Change(NamedTuple):
    """Days on which an attribute has another value than before the entry."""

    attribute: str
    before: Any
    after: Any
    effective_from: date
    effective_until: date | None


class PlannedStep(NamedTuple):
    """One entry and its changes."""

    entry: AnyEntry
    effective_on: date
    changes: tuple[Change, ...]


def replayed(
    view: View, id: str, *, until: date, begin: date | None = None, kind: str | None = None
) -> list[PlannedStep]:
    """The steps about days up to one, of all subjects that name the community or of one kind;
    from `begin` on, if it is given. The files that entries came with are among them."""
    entries = timeline.told(view, [f"community:{id}"])
    batches = {f"batch:{entry.batch}" for entry in entries if entry.batch}
    entries = sorted([*entries, *timeline.told(view, batches)], key=attrgetter("position"))
    return [
        step
        for step in steps_of(id, entries, until=until)
        if (begin is None or step.effective_on >= begin)
        and (kind is None or kind_of(step.entry.stream) == kind)
    ]


def steps_of(id: str, entries: Iterable[AnyEntry], *, until: date) -> list[PlannedStep]:
    """The steps up to a day, in the order of recording.

    An entry about a later day is included if it changed an earlier one, as a correction may.
    """
    state = Community(id=id)
    steps = []
    for entry in entries:
        changes: tuple[Change, ...] = ()
        if entry.stream == state.stream:
            after = state.fold((entry.event,))
            changes = tuple(c for c in changes_between(state, after) if c.effective_from <= until)
            state = after
        day = effective_on(entry)
        if day <= until or changes:
            steps.append(PlannedStep(entry, day, changes))
    return steps


def changes_between(before: AdministrativeUnit, after: AdministrativeUnit) -> list[Change]:
    """The differences between two states of a subject, by attribute and days."""
    found: list[Change] = []
    for column, name in ATTRIBUTES.items():
        old, new = getattr(before, name), getattr(after, name)
        if old is new:
            continue
        days = sorted({c.effective_from for line in (old, new) for c in line.stated()})
        for index, day in enumerate(days):
            until = days[index + 1] if index + 1 < len(days) else None
            values = old.on(day), new.on(day)
            if values[0] == values[1]:
                continue
            last = found[-1] if found else None
            if last and last[:3] == (column, *values) and last.effective_until == day:
                found[-1] = last._replace(effective_until=until)
            else:
                found.append(Change(column, *values, day, until))
    return found
