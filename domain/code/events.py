"""The events of a statistical code: who holds it, and when."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.kernel.event import Event
from domain.kernel.ids import Names
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan

BearerStream = Annotated[
    str, Field(pattern=r"^(community|jurisdiction):[a-z0-9][a-z0-9.-]{0,63}$"), Names("stream")
]


class CodePeriod(BaseModel):
    """Days on which a code is held; `effective_until` is the first day it no longer is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective_from: date
    effective_until: date | None = None


class CodeClaimed(Event):
    """The bearer holds the code in exactly these periods; with none, it gives the code up.

    Recorded after a change of the bearer's code or lifetime. It replaces the earlier claim.
    """

    sentence = Bilingual(
        zh="此代码属于{bearer}，期间：{periods}。",
        en="The code belongs to {bearer} in these periods: {periods}.",
    )

    bearer: BearerStream
    periods: tuple[CodePeriod, ...]

    @classmethod
    def of(cls, bearer: str, spans: Iterable[DateSpan]) -> "CodeClaimed":
        """The claim of a bearer to these days."""
        periods = (CodePeriod(effective_from=begin, effective_until=end) for begin, end in spans)
        return cls(bearer=bearer, periods=tuple(periods))


CodeEvent = CodeClaimed
