"""What communities and jurisdictions share: statistical codes, beside names and a lifetime."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.code.events import CodeClaimed
from domain.code.state import Code
from domain.kernel.context import DecisionContext
from domain.kernel.event import StreamEvent
from domain.kernel.lifetime import SubjectWithLifetime
from domain.kernel.timeline import EMPTY, DateSpan, Timeline, spans_by_value


@dataclass(frozen=True, kw_only=True)
class AdministrativeUnit(SubjectWithLifetime):
    """A subject whose name, statistical code and existence change over time."""

    codes: Timeline[str] = EMPTY

    def code_streams(self, *more: str | None) -> Iterator[str]:
        """The streams of all codes that it ever had, and of these further codes."""
        codes = dict.fromkeys([*(change.value for change in self.codes.changes), *more])
        return (f"code:{code}" for code in codes if code)

    def code_spans(self) -> dict[str, list[DateSpan]]:
        """Its codes, each with the days on which it exists and has the code."""
        return spans_by_value(self.codes, self.standing.spans("active"))


def claims(
    context: DecisionContext, *changes: tuple[AdministrativeUnit, AdministrativeUnit]
) -> list[StreamEvent]:
    """The code claims that follow when each unit changes from its first state to its second.

    Refused when a code would belong to two units on one day. The command must have consulted the
    streams of all codes in these states, except those of a state that only gives codes up.
    """
    claimed: dict[str, list[CodeClaimed]] = {}
    for before, after in changes:
        old, new = before.code_spans(), after.code_spans()
        for code in (*old, *(code for code in new if code not in old)):
            if old.get(code) != new.get(code):
                claim = CodeClaimed.of(after.stream, new.get(code, ()))
                claimed.setdefault(code, []).append(claim)
    for code, events in claimed.items():
        context.state(Code, code).fold(events).require_one_holder()
    return [
        StreamEvent(f"code:{code}", event) for code, events in claimed.items() for event in events
    ]
