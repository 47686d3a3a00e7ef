"""The parts of a policy file about partners, check-ins, exemplars and honours."""

from pydantic import Field

from domain.policy.parts import CalendarSpan, Roles
from domain.policy.term import Sourced, Term


class Partnerships(Sourced):
    """Who keeps partnerships with resident units, how they are rated, and what units may open.

    In each calendar period of `appraised_per` either side appraises the other once.
    """

    may_record: Roles
    may_evaluate: Roles
    appraised_per: CalendarSpan
    ratings: tuple[Term, ...] = Field(min_length=1, max_length=20)
    facilities: tuple[Term, ...] = Field(min_length=1, max_length=50)


class CheckIns(Sourced):
    """Who keeps check-ins, how often the work unit hears of them, and what a community is asked.

    An opinion is due so many days after it was asked for.
    """

    may_record: Roles
    may_ask: Roles
    may_answer: Roles
    feedback_per: CalendarSpan
    opinion_days: int = Field(ge=1, le=365)
    opinions: tuple[Term, ...] = Field(min_length=1, max_length=20)


class Exemplars(Sourced):
    """Who nominates and who designates exemplars, and what an exemplar has to show."""

    may_nominate: Roles
    may_designate: Roles
    criteria: tuple[Term, ...] = Field(min_length=1, max_length=20)


class HonourTitle(Term):
    """A title that households are awarded; `stars_max` where it comes in stars."""

    stars_max: int | None = Field(default=None, ge=1, le=10)


class Board(Term):
    """A public board: who posts on it, what an entry needs, and how long it is posted at most."""

    may_post: Roles
    needs_legal_basis: bool = False
    needs_end: bool = False
    rectifiable: bool = False
    days_max: int | None = Field(default=None, ge=1, le=3660)


class Honours(Sourced):
    """Who awards titles to households, which there are, and the public boards."""

    may_award: Roles
    titles: tuple[HonourTitle, ...] = Field(min_length=1, max_length=20)
    boards: tuple[Board, ...] = Field(min_length=1, max_length=20)
