"""The one loop that decides commands: consult, fold, consult further, decide, fold.

It is pure. Its caller provides the states: the record from its database, the tests from
dictionaries.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.irregular import Irregularity, irregularity
from domain.kernel.refusal import NotOnRecord
from domain.kernel.scope import grants_of, require_authority, require_scope, unread_above
from domain.kernel.stated import require_sound
from domain.kernel.subject import Subject


class Decided(NamedTuple):
    """An event that a command produced, with its stream and its version there.

    The first one of a command that breaks a procedure is marked as `irregular`.
    """

    stream: str
    version: int
    event: Event
    irregular: Irregularity | None = None


class Decisions:
    """The states that a command, or a batch of commands, has read and changed so far.

    `load` returns the newest state of each given stream, `blank` the state of a stream that is not
    on record.
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
        """Read those of these streams that were not read before."""
        if names := [name for name in dict.fromkeys(streams) if name not in self.states]:
            self.states.update(self._load(names))

    def admit(
        self,
        stream: str,
        command: Command[Any],
        context: Callable[[Mapping[str, Subject]], DecisionContext],
    ) -> DecisionContext:
        """Read what the command depends on; NotAuthorised unless whoever asks may, and Refused
        unless its subject is, or is not yet, on record.

        `context` is called with the states once everything has been read.
        """
        while names := unread(stream, command, self.states):
            self.read(names)
        state, now = self.states[stream], replace(context(self.states), breaches=[])
        self.read(grants_of(now.by))
        require_authority(now)
        places = [] if command.is_of(state, now.by.actor) else [*command.places(state)]
        while names := unread_above(places, now.by.authority, self.states, now.today):
            self.read(names)
        require_scope(places, now)
        _require_on_record(command, state)
        permission = command.permission
        now.require_role(permission.allowed(command.roles(state, now)), permission.doing)
        for each in command.apart_from:
            each.require(command, state, now, permission)
        return now

    def decide(
        self,
        stream: str,
        command: Command[Any],
        context: Callable[[Mapping[str, Subject]], DecisionContext],
    ) -> list[Decided]:
        """Decide a command and fold its events into the states; raises Refused, and Irregular for a
        fact that breaks a procedure and comes without a reason."""
        now = self.admit(stream, command, context)
        require_sound(command, now.today)
        require_sound((now.basis, now.despite), now.today)
        events = command.decide(self.states[stream], now)
        assert events, f"{type(command).__name__} recorded nothing and refused nothing"
        irregular = irregularity(now)
        first, *others = (self._fold(stream, event) for event in events)
        return [first._replace(irregular=irregular), *others]

    def _fold(self, own: str, decided: Event | StreamEvent) -> Decided:
        stream, event = (
            (decided.stream, decided.event) if isinstance(decided, StreamEvent) else (own, decided)
        )
        # A stream that was not read is one that the command begins besides its own.
        state = self.states.get(stream) or self._blank(stream)
        self.states[stream] = after = state.fold((event,))
        return Decided(stream, after.version, event)


def unread(stream: str, command: Command[Any], states: Mapping[str, Subject]) -> list[str]:
    """The streams that a command depends on and that are missing from these states.

    Reading them may lead to more: call this again until it returns none.
    """
    if (state := states.get(stream)) is None:
        return [stream]
    names = [*command.consults(state), *command.consults_further(state, states)]
    return [name for name in dict.fromkeys(names) if name not in states] if names else names


def _require_on_record(command: Command[Any], state: Subject) -> None:
    if command.begins and state.version:
        raise command.already_on_record(state)
    if command.begins is False and not state.version:
        raise NotOnRecord("subject.not-on-record", stream=state.stream, subject=state.called)
