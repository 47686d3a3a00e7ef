"""One line of the result: what we took for a piece of work, what the peer took, and the goal."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Sign = Literal["≥", "≤"]
AT_LEAST: Sign = "≥"
AT_MOST: Sign = "≤"


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A bound on the ratio of ours to the peer's, or on our own figure where there is no peer."""

    of: Literal["ratio", "ours"]
    sign: Sign
    bound: float

    def is_met_by(self, compared: float) -> bool:
        """Whether a ratio, or a figure, is within the bound."""
        return compared >= self.bound if self.sign == AT_LEAST else compared <= self.bound

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:,g}" + (" ×" if self.of == "ratio" else "")


def ratio(sign: Sign, bound: float) -> Goal:
    """A goal for ours over the peer's."""
    return Goal(of="ratio", sign=sign, bound=bound)


def figure(sign: Sign, bound: float) -> Goal:
    """A goal for our own figure."""
    return Goal(of="ours", sign=sign, bound=bound)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One piece of work. Both figures are in `unit`; `peer` says whose the second one is.

    A row without a goal only informs.
    """

    work: str
    peer: str
    unit: str
    ours: float
    theirs: float | None = None
    goal: Goal | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over theirs."""
        return self.ours / self.theirs if self.theirs else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none to meet."""
        if self.goal is None:
            return None
        compared = self.ours if self.goal.of == "ours" else self.ratio
        return None if compared is None else self.goal.is_met_by(compared)

    def as_json(self) -> dict[str, Any]:
        """Everything, with what follows from it."""
        found = {
            "goal": str(self.goal) if self.goal else None,
            "ratio": self.ratio,
            "met": self.met,
        }
        return asdict(self) | found
