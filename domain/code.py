"""Statistical codes as reservations: on any day a code belongs to one bearer at most.

A code's stream says who holds it when. It never decides what a bearer is called or where it lies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Annotated, ClassVar, Self, assert_never

from pydantic import BaseModel, ConfigDict, Field

from domain.event import Event
from domain.ids import Names
from domain.refusals import Refused
from domain.subject import Subject, changed
from domain.timeline import Span
from domain.words import Words

BearerStream = Annotated[
    str, Field(pattern=r"^(community|jurisdiction):[a-z0-9][a-z0-9.-]{0,63}$"), Names("stream")
]


class CodePeriod(BaseModel):
    """Days on which a code is held; `effective_until` is the first day it no longer is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective_from: date
    effective_until: date | None = None


class CodeClaimed(Event):
    """The bearer holds the code in exactly these periods; none means that it gives the code up.

    Recorded behind whatever changed the bearer's code or lifetime; replaces its earlier claim.
    """

    sentence = Words(
        zh="此代码属于{bearer}，期间：{periods}。",
        en="The code belongs to {bearer} in these periods: {periods}.",
    )

    bearer: BearerStream
    periods: tuple[CodePeriod, ...]

    @classmethod
    def of(cls, bearer: str, spans: Iterable[Span]) -> "CodeClaimed":
        """The claim of a bearer to these days."""
        periods = (CodePeriod(effective_from=begin, effective_until=end) for begin, end in spans)
        return cls(bearer=bearer, periods=tuple(periods))


CodeEvent = CodeClaimed


@dataclass(frozen=True, kw_only=True)
class Code(Subject):
    """Who holds one statistical code, and when."""

    kind: ClassVar[str] = "code"
    what: ClassVar[Words] = Words(zh="统计代码", en="statistical code")

    claims: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    def bearer_on(self, day: date) -> str | None:
        """The stream of whoever holds the code on a day."""
        for bearer, spans in self.claims.items():
            if any(span.holds(day) for span in spans):
                return bearer
        return None

    def require_one_bearer(self) -> None:
        """Refused, naming the bearer that was first, when two hold the code on the same day."""
        held = [(bearer, span) for bearer, spans in self.claims.items() for span in spans]
        for (bearer, span), (other, others) in combinations(held, 2):
            if bearer != other and span.shared(others):
                begin, until = span
                raise Refused(
                    f"The code {self.id} belongs to {bearer} from {begin} "
                    + (f"until {until}" if until else "on")
                    + "; choose another code or another day, or recode that one first.",
                    f"代码 {self.id} 自 {begin} 起"
                    + (f"至 {until}（不含）" if until else "")
                    + f"属于 {bearer}；请另选代码或日期，或先变更该代码。",
                )

    def evolve(self, event: CodeEvent) -> Self:
        """The state after one more event of this code."""
        match event:
            case CodeClaimed():
                # The newest claim stands last, so that a refusal names whoever was there before.
                claims = {b: spans for b, spans in self.claims.items() if b != event.bearer}
                if event.periods:
                    claims[event.bearer] = tuple(
                        Span(period.effective_from, period.effective_until)
                        for period in event.periods
                    )
                return changed(self, claims=claims)
            case _:
                assert_never(event)
