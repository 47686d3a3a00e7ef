"""Whatever happened to a council, a programme, a measure or a task: its pages, folded entry by
entry and loaded anew each time, are those of a rebuild, and say what the domain says."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.council.state import Council
from domain.kernel.ids import id_of, kind_of
from domain.measure.state import Measure
from domain.programme.state import Programme
from domain.task.state import Task
from projections.all import PROJECTIONS
from projections.councils import CouncilLine, CouncilMember, Councils, CouncilSession
from projections.engine.fold import Fold
from projections.measures import Measures, MeasureSpell
from projections.programmes import ProgrammeItem, ProgrammeLine, Programmes
from projections.tasks import Tasks, TaskStepRow
from record.store.entry import AnyEntry
from tests.domain.test_any_work import QUICK
from tests.domain.work import COMMANDS, Offices, beginnings, sequences
from tests.projections.sequences import entries_of
from tests.projections.test_fold import by_key, in_batches

WORK = ("council", "programme", "measure", "task")


@pytest.mark.parametrize("of", COMMANDS)
@settings(max_examples=50, deadline=None, phases=QUICK)
@given(st.data())
def test_pages_of_work_are_the_same_however_they_came_about(of: str, data: Any) -> None:
    city = Offices()
    begun = data.draw(beginnings(of))
    entries = entries_of(list(city.ask_all(of, begun, data.draw(sequences(COMMANDS[of])))))

    for projection in PROJECTIONS:
        fold = Fold(projection)
        if not any(entry.name in fold.names for entry in entries):
            continue
        at_once = in_batches(projection, entries, [len(entries)])
        assert in_batches(projection, entries, [1]) == at_once
        for entry in entries:
            fold.apply(entry)
        assert fold.parked is None
        assert at_once[0] == {kind: by_key(fold.changes[kind]) for kind in projection.kinds}
    pages_say_what_the_domain_says(city, entries)


def pages_say_what_the_domain_says(city: Offices, entries: list[AnyEntry]) -> None:
    """The rows that were folded by themselves stand where the domain's states stand."""
    folds = {projection.name: Fold(projection) for projection in _OF_WORK}
    for fold in folds.values():
        for entry in entries:
            fold.apply(entry)

    def rows(fold: str, kind: type[Any], id: str) -> list[Any]:
        return sorted(folds[fold].pages[id].of(kind), key=lambda row: row[:3])

    for stream in {entry.stream for entry in entries if kind_of(entry.stream) in WORK}:
        id = id_of(stream)
        match city.state(stream):
            case Council() as council:
                members = {
                    (m.member, m.joined_on, m.left_on, m.version, m.left_by)
                    for m in rows("councils", CouncilMember, id)
                }
                assert members == {
                    (s.member, s.joined_on, s.left_on, s.version, s.left_by) for s in council.spells
                }
                sessions = {
                    s.session: (s.held_on, s.held_by, s.cancelled_on, s.minuted_on)
                    for s in rows("councils", CouncilSession, id)
                }
                assert sessions == {
                    s.id: (s.held_on, s.held_by, s.cancelled_on, s.minuted_on)
                    for s in council.sessions.values()
                }
                lines = rows("councils", CouncilLine, id)
                ends = [] if council.is_void else [council.dissolved_on]
                assert [line.dissolved_on for line in lines] == ends
            case Programme() as programme:
                (line,) = rows("programmes", ProgrammeLine, id)
                assert (line.adopted_by, line.closed_by) == (
                    programme.adopted_by,
                    programme.closed_by,
                )
                # By version, so that how an item was stated last is what counts.
                items = {
                    i.item: (i.title, i.dropped_by) for i in rows("programmes", ProgrammeItem, id)
                }
                assert items == {i.id: (i.title, i.dropped_by) for i in programme.items.values()}
            case Measure() as measure:
                spells = [
                    (s.version, s.adopted_on, s.closed_on, s.closed_by)
                    for s in rows("measures", MeasureSpell, id)
                ]
                assert spells == [
                    (s.pursued[0].version, s.pursued[0].since, s.closed_on, s.closed_by)
                    for s in measure.spells
                ]
            case Task() as task:
                steps = [
                    (s.version, s.effective_from, s.status, s.person, s.due_on)
                    for s in rows("tasks", TaskStepRow, id)
                    if s.annulled_by is None
                ]
                assert steps == [
                    (s.version, s.on, s.status, s.person, s.due_on) for s in task.steps
                ]


_OF_WORK = (Councils(), Programmes(), Measures(), Tasks())
