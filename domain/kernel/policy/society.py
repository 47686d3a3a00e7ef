"""The parts of a policy file about offices, people, partners, check-ins, exemplars and honours."""

from pydantic import Field

from domain.kernel.policy.parts import CalendarSpan, Roles
from domain.kernel.policy.term import Sourced, Term


class Units(Sourced):
    """Roles for the register of offices and organisations, and their kinds."""

    may_record: Roles
    kinds: tuple[Term, ...] = Field(min_length=1, max_length=50)


class People(Sourced):
    """Roles for the register of officials."""

    may_record: Roles


class Partnerships(Sourced):
    """Roles for partnerships with resident units, their ratings, and the kinds of facilities.

    In each calendar period of `appraised_per` each side appraises the other once.
    """

    may_record: Roles
    may_evaluate: Roles
    appraised_per: CalendarSpan
    ratings: tuple[Term, ...] = Field(min_length=1, max_length=20)
    facilities: tuple[Term, ...] = Field(min_length=1, max_length=50)


class CheckIns(Sourced):
    """Roles for check-ins, how often the work unit gets feedback, and the matters of opinion.

    An opinion is due a fixed number of days after it was asked for.
    """

    may_record: Roles
    may_ask: Roles
    may_answer: Roles
    feedback_per: CalendarSpan
    opinion_days: int = Field(ge=1, le=365)
    opinions: tuple[Term, ...] = Field(min_length=1, max_length=20)


class Exemplars(Sourced):
    """The roles that nominate and designate exemplars, and the criteria for one."""

    may_nominate: Roles
    may_designate: Roles
    criteria: tuple[Term, ...] = Field(min_length=1, max_length=20)


class HonourTitle(Term):
    """A title for households; `stars_max` if it has stars."""

    stars_max: int | None = Field(default=None, ge=1, le=10)


class Board(Term):
    """A public board: who posts on it, what an entry needs, and how long it may stay."""

    may_post: Roles
    needs_legal_basis: bool = False
    needs_end: bool = False
    rectifiable: bool = False
    days_max: int | None = Field(default=None, ge=1, le=3660)


class Honours(Sourced):
    """The roles that award titles to households, the titles, and the public boards."""

    may_award: Roles
    titles: tuple[HonourTitle, ...] = Field(min_length=1, max_length=20)
    boards: tuple[Board, ...] = Field(min_length=1, max_length=20)
