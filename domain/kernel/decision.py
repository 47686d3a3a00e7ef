"""The one loop by which commands are decided: consult, fold, consult further, decide, fold.

It is pure. Whoever drives it brings the states: the record from its database, the tests from
dictionaries.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.subject import Subject

# A day farther off is a slip of the pen, not history.
YEARS_OFF_MAX = 200
DAYS_OFF_MAX = 73_049


class Decided(NamedTuple):
    """An event that a command led to, on its stream, as this version of it."""

    stream: str
    version: int
    event: Event


class Decisions:
    """The states that one command, or a whole batch of them, has read and changed so far.

    `load` answers with the newest state of each stream that it is given; `blank` with the state of
    a stream of which nothing is on record.
    """

    def __init__(
        self,
        load: Callable[[Sequence[str]], Mapping[str, Subject]],
        blank: Callable[[str], Subject],
    ) -> None:
        self.states: dict[str, Subject] = {}
        self._load = load
        self._blank = blank

    def read(self, streams: Iterable[str]) -> None:
        """Read these streams, but for those that were read before."""
        if names := [name for name in dict.fromkeys(streams) if name not in self.states]:
            self.states.update(self._load(names))

    def decide(
        self,
        stream: str,
        command: Command[Any],
        context: Callable[[Mapping[str, Subject]], DecisionContext],
    ) -> list[Decided]:
        """What follows from a command, folded into the states; raises Refused.

        `context` is asked when everything has been read, with the states.
        """
        while names := unread(stream, command, self.states):
            self.read(names)
        state, now = self.states[stream], context(self.states)
        _require_standing(command, state)
        _require_plausible_days(command, now.today)
        events = command.decide(state, now)
        assert events, f"{type(command).__name__} recorded nothing and refused nothing"
        return [self._fold(stream, event) for event in events]

    def _fold(self, own: str, decided: Event | StreamEvent) -> Decided:
        stream, event = (
            (decided.stream, decided.event) if isinstance(decided, StreamEvent) else (own, decided)
        )
        # A stream that was not read is one that the command begins beside its own.
        state = self.states.get(stream) or self._blank(stream)
        self.states[stream] = after = state.fold((event,))
        return Decided(stream, after.version, event)


def unread(stream: str, command: Command[Any], states: Mapping[str, Subject]) -> list[str]:
    """The streams that a command rests on and that are not among these states.

    What is among them may lead to more: ask again until there is none.
    """
    if (state := states.get(stream)) is None:
        return [stream]
    names = [*command.consults(state), *command.consults_further(state, states)]
    return [name for name in dict.fromkeys(names) if name not in states] if names else names


def _require_standing(command: Command[Any], state: Subject) -> None:
    if command.begins and state.version:
        raise command.already_on_record(state)
    if not command.begins and not state.version:
        raise NotOnRecord("subject.not-on-record", stream=state.stream, subject=state.called)


def _require_plausible_days(command: Command[Any], today: date) -> None:
    for name, day in vars(command).items():
        if isinstance(day, date) and abs((day - today).days) > DAYS_OFF_MAX:
            raise Refused("day.implausible", field=name, day=day, years_max=YEARS_OFF_MAX)
