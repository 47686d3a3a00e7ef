"""Whatever is asked of a council, a programme, a measure or a task, in whatever order: it is
refused, or it folds and the rules still hold."""

from collections.abc import Mapping
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import given as any_of
from hypothesis import strategies as st

from domain.catalogue import EVENTS, subject
from domain.council.events import CouncilEntryAnnulled, MinutesAmended, MinutesRecorded
from domain.council.state import Council
from domain.kernel.event import Event
from domain.kernel.subject import Subject
from domain.measure.events import MeasureAdopted, MeasureEntryAnnulled
from domain.measure.state import Measure
from domain.programme.events import ProgrammeAdopted, ProgrammeEntryAnnulled
from domain.programme.state import Programme
from domain.task.events import TaskClosedOut, TaskReturned, TaskStepAnnulled
from domain.task.state import Task
from tests.domain.given import POLICY
from tests.domain.work import COMMANDS, Offices, beginnings, sequences

# Not why it failed: to find that out is many times as slow as to find the failure.
QUICK = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
BOUNDS = POLICY.programme


@pytest.mark.parametrize("of", COMMANDS)
@settings(max_examples=80, deadline=None, phases=QUICK)
@any_of(st.data())
def test_any_sequence_about_work_is_refused_or_keeps_the_rules(of: str, data: Any) -> None:
    begun = data.draw(beginnings(of))
    city = Offices()
    states: dict[str, Subject] = {}
    entries: dict[str, list[Event]] = {}
    for made in city.ask_all(of, begun, data.draw(sequences(COMMANDS[of]))):
        for stream, event in made:
            before = states.get(stream) or subject(stream)
            after = before.fold([event])
            states[stream] = after
            entries.setdefault(stream, []).append(event)
            an_end_stays(before, event)
            rules_hold(after, event, entries[stream], city.asker)
            recorded = event.model_dump_json(exclude_none=True)
            assert EVENTS[type(event).__name__].model_validate_json(recorded) == event
        nothing_open_is_left_behind(states)
    for refusal in {each.code: each for each in city.refusals}.values():
        assert refusal.words.en.endswith(".")
        assert refusal.words.zh.endswith("。")
    for stream, events in entries.items():
        assert city.state(stream) == subject(stream).fold(events)
        assert city.state(stream).version == len(events)


def an_end_stays(before: Subject, event: Event) -> None:
    """Behind an end there are only its annulment and, of a measure, a new beginning."""
    match before:
        case Task() if before.version and not before.steps:
            raise AssertionError("something happened to a task whose assignment was annulled")
        case Task() if before.version and before.now.status in ("closed", "cancelled"):
            assert isinstance(event, TaskStepAnnulled)
            assert event.annuls == before.now.version
        case Measure() if before.spells and not before.is_open:
            assert isinstance(event, MeasureAdopted | MeasureEntryAnnulled)
        case Programme():
            item = before.items.get(getattr(event, "item", ""))
            assert item is None or item.dropped_by is None
            if before.closed_by is not None:
                assert isinstance(event, ProgrammeEntryAnnulled)
                assert event.annuls == before.closed_by
        case Council():
            assert not before.is_void
            session = before.sessions.get(getattr(event, "session", None) or "")
            if session and session.cancelled_by is not None:
                assert isinstance(event, CouncilEntryAnnulled)
                assert event.annuls == session.cancelled_by


def rules_hold(after: Subject, event: Event, history: list[Event], by: str) -> None:
    """What holds of a subject after each of its events."""
    match after:
        case Council():
            council_is_sound(after)
            minutes_are_numbered(history)
        case Programme():
            if isinstance(event, ProgrammeAdopted) and after.of_city:
                assert BOUNDS.items_min <= event.items <= BOUNDS.items_max
                assert event.items == len(after.current_items())
            city_took_on_as_many_as_it_may(after)
        case Task():
            nobody_verifies_their_own(history, by)
            days = [step.on for step in after.steps]
            assert days == sorted(days)


def council_is_sound(council: Council) -> None:
    """Lists do not overlap and name members of that day; nothing is of a day behind the end."""
    end = council.dissolved_on or date.max
    for session in council.sessions.values():
        lists = (session.present, session.excused, session.observers)
        for one, other in combinations(lists, 2):
            assert not set(one) & set(other)
        if session.held_on:
            assert council.founded_on <= session.held_on < end
            assert session.agenda
            assert session.cancelled_by is None
            for each in council.resolutions.values():
                if each.session == session.id and each.annulled_on is None:
                    assert each.adopted_on == session.held_on
            for member in (*session.present, *session.excused):
                assert council.spell_on(member, session.held_on)
    for spell in council.spells:
        assert spell.joined_on < end
        assert spell.left_on is None or spell.joined_on < spell.left_on <= end
        # Nobody is a member twice on one day.
        assert council.spell_on(spell.member, spell.joined_on) is spell


def minutes_are_numbered(history: list[Event]) -> None:
    """The versions of a session's minutes are the first, the second, and so on."""
    numbers: dict[str, int] = {}
    for event in history:
        if isinstance(event, MinutesRecorded | MinutesAmended):
            number = event.number if isinstance(event, MinutesAmended) else 1
            assert number == numbers.get(event.session, 0) + 1
            numbers[event.session] = number


def city_took_on_as_many_as_it_may(programme: Programme) -> None:
    """Looking back at the day of its adoption, the city had three to seven items."""
    if not programme.of_city or programme.adopted_on is None:
        return
    day = programme.adopted_on
    standing = [i for i in programme.items.values() if not i.dropped_on or i.dropped_on >= day]
    assert BOUNDS.items_min <= len(standing)


def nobody_verifies_their_own(history: list[Event], by: str) -> None:
    """Who verifies a task is not among those who ever did it; an annulled step was done, too."""
    *before, event = history
    if isinstance(event, TaskClosedOut | TaskReturned):
        does = ("person", "accepted_by", "progressed_by", "reported_by")
        assert by not in {vars(each).get(name) for each in before for name in does}


def nothing_open_is_left_behind(states: Mapping[str, Subject]) -> None:
    """No task is open of what is over."""

    def none_open(ids: tuple[str, ...]) -> None:
        for id in ids:
            task = states[f"task:{id}"]
            assert isinstance(task, Task)
            assert not task.is_open

    for state in states.values():
        match state:
            case Measure(spells=spells):
                for spell in spells:
                    if spell.closed_by is not None:
                        none_open(spell.tasks)
            case Programme():
                for item in state.items.values():
                    if item.dropped_by is not None or state.closed_by is not None:
                        none_open(item.tasks)
            case Council(resolutions=resolutions):
                for resolution in resolutions.values():
                    if resolution.annulled_on:
                        none_open(resolution.tasks)
