"""Statistical codes as reservations: on any day a code belongs to at most one unit.

A code's stream says only who holds it and when, not what the holder is called or where it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import ClassVar, Self, assert_never

from domain.code.events import CodeClaimed, CodeEvent
from domain.kernel.refusal import Refused
from domain.kernel.subject import Subject, changed
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan


@dataclass(frozen=True, kw_only=True)
class Code(Subject):
    """Who holds one statistical code, and when."""

    kind: ClassVar[str] = "code"
    what: ClassVar[Bilingual] = Bilingual(zh="统计代码", en="statistical code")

    claims: Mapping[str, tuple[DateSpan, ...]] = field(default_factory=dict)

    def holder_on(self, day: date) -> str | None:
        """The stream of the unit that holds the code on a day."""
        for holder, spans in self.claims.items():
            if any(span.holds(day) for span in spans):
                return holder
        return None

    def require_one_holder(self) -> None:
        """Refused when two hold the code on the same day; the refusal names the earlier holder."""
        held = [(holder, span) for holder, spans in self.claims.items() for span in spans]
        for (holder, span), (other, others) in combinations(held, 2):
            if holder != other and span.shared(others):
                raise Refused("code.belongs-to-another", code=self.id, bearer=holder, held=span)

    def evolve(self, event: CodeEvent) -> Self:
        """The state after one more event of this code."""
        match event:
            case CodeClaimed():
                # The newest claim comes last, so that a refusal names the earlier holder.
                claims = {b: spans for b, spans in self.claims.items() if b != event.bearer}
                if event.periods:
                    claims[event.bearer] = tuple(
                        DateSpan(period.effective_from, period.effective_until)
                        for period in event.periods
                    )
                return changed(self, claims=claims)
            case _:
                assert_never(event)
