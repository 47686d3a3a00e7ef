"""Check-ins: who is there, what they pledged and did, which feedback to their unit is due, and what
the community was asked, on any day, as known at any moment."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple, get_args

from domain.checkin.events import CheckInEvent, ServiceGiven
from domain.checkin.state import CheckIn
from domain.policy.calendar_periods import next_period, periods
from domain.policy.parts import CalendarSpan
from projections.engine.row import row
from projections.engine.staged_subjects import Dossiers, Fact, Stretch, listed
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


@row(key=("checkin", "effective_from"), indexes=("community",))
class CheckinLine(NamedTuple):
    """A check-in over the days on which it was at one stage."""

    checkin: str
    effective_from: date
    effective_until: date | None
    stage: str
    community: str
    participant: str
    unit_name: str
    unit_code: str | None
    person: str | None
    checked_in_on: date
    position: int


@row(key=("checkin", "kind", "item", "effective_from"))
class CheckinItem(NamedTuple):
    """A pledge, service, feedback or opinion over the days of one stage."""

    checkin: str
    kind: str
    item: str
    effective_from: date
    effective_until: date | None
    stage: str
    community: str
    text: str | None
    about: str | None
    stance: str | None
    hours: int | None
    period_from: date | None
    due_on: date | None
    begun_on: date
    position: int


@row(key=("subject", "version"))
class CheckinFact(Fact):
    """What one entry of a check-in states."""

    __slots__ = ()


class Checkins(Dossiers):
    """Check-ins and what those who checked in do."""

    name = "checkins"
    subject = CheckIn
    fact = CheckinFact
    kinds = (CheckinLine, CheckinItem, CheckinFact)
    events = get_args(CheckInEvent)
    module_file = __file__

    def lines(self, state: CheckIn, stretches: list[Stretch]) -> Iterator[Any]:
        """The stages of the stay, or of an item."""
        for each in stretches:
            yield _item(state.id, each) if each.kind else _line(state.id, each)


def _line(id: str, stretch: Stretch) -> CheckinLine:
    opening = stretch.steps[0]
    return CheckinLine(
        checkin=id,
        effective_from=stretch.effective_from,
        effective_until=stretch.effective_until,
        stage=stretch.stage,
        community=opening.community,
        participant=opening.participant,
        unit_name=opening.unit_name,
        unit_code=opening.unit_code,
        person=opening.person,
        checked_in_on=opening.checked_in_on,
        position=stretch.position,
    )


def _item(id: str, stretch: Stretch) -> CheckinItem:
    first = stretch.steps[0]
    kind = stretch.kind
    if kind == "entry":
        kind = "service" if isinstance(first, ServiceGiven) else "feedback"
    return CheckinItem(
        checkin=id,
        kind=kind,
        item=stretch.item,
        effective_from=stretch.effective_from,
        effective_until=stretch.effective_until,
        stage=stretch.stage,
        community=first.community,
        text=first.subject if kind == "opinion" else first.content,
        about=stretch.value("about"),
        stance=stretch.value("stance"),
        hours=stretch.value("hours"),
        period_from=stretch.value("period_from"),
        due_on=stretch.value("due_on"),
        begun_on=stretch.begun_on,
        position=stretch.position,
    )


class CheckInView(NamedTuple):
    """A check-in on the asked day."""

    checkin: str
    effective_from: date
    effective_until: date | None
    stage: str
    community: str
    participant: str
    unit_name: str
    unit_code: str | None
    person: str | None
    checked_in_on: date
    position: int
    community_name: str | None


class CheckInItemView(NamedTuple):
    """An item of a check-in on the asked day, with whose it is; late when its day has passed."""

    checkin: str
    kind: str
    item: str
    effective_from: date
    effective_until: date | None
    stage: str
    community: str
    text: str | None
    about: str | None
    stance: str | None
    hours: int | None
    period_from: date | None
    due_on: date | None
    begun_on: date
    position: int
    unit_name: str
    participant: str
    overdue: bool
    community_name: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Its place in a list: the day it began, and its name."""
        return self.begun_on.isoformat(), f"{self.checkin}/{self.kind}/{self.item}"


class FeedbackPeriod(NamedTuple):
    """A calendar period for which the work unit is to hear: sent, due, or overdue when past."""

    checkin: str
    community: str
    community_name: str | None
    unit_name: str
    period_from: date
    period_until: date
    state: str
    sent_on: date | None

    @property
    def key(self) -> tuple[str, str]:
        """Its place in a list."""
        return self.period_from.isoformat(), self.checkin


class Filter(NamedTuple):
    """What a list of check-ins, or of their items, is narrowed to."""

    community: str | None = None
    participant: str | None = None
    unit_code: str | None = None
    unit_name: str | None = None
    stage: str | None = None
    checkin: str | None = None


EVERY = Filter()


def check_ins(
    view: View,
    *,
    effective: date,
    where: Filter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[CheckInView]:
    """Check-ins on a day in the order of (unit's name, id), behind `after` for the next page."""
    return listed(
        view,
        SQL["list"],
        CheckInView,
        effective=effective,
        after=after,
        limit=limit,
        **where._asdict(),
    )


def check_in(view: View, id: str, *, effective: date) -> CheckInView | None:
    """One check-in on a day; None when there is none yet."""
    found = check_ins(view, effective=effective, where=Filter(checkin=id))
    return found[0] if found else None


def items(
    view: View,
    *,
    effective: date,
    kind: str | None = None,
    item_stage: str | None = None,
    overdue: bool | None = None,
    where: Filter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[CheckInItemView]:
    """Items on a day in the order in which they began, behind `after` for the next page."""
    return listed(
        view,
        SQL["items"],
        CheckInItemView,
        effective=effective,
        kind=kind,
        item_stage=item_stage,
        overdue=overdue,
        after=after,
        limit=limit,
        **where._asdict(),
    )


def feedback(
    view: View,
    span: CalendarSpan,
    *,
    effective: date,
    state: str | None = None,
    where: Filter = EVERY,
) -> list[FeedbackPeriod]:
    """Every calendar period of every check-in until a day, with whether the unit has heard.

    Nothing of it is recorded but the feedback itself: what is due follows from the calendar.
    """
    found = []
    for stay in view.rows(SQL["feedback"], effective=effective, **where._asdict()):
        sent = dict(zip(stay["periods"] or (), stay["days"] or (), strict=True))
        last = min(effective, stay["left_on"] or effective)
        for first in periods(stay["checked_in_on"], last, span):
            until = next_period(first, span)
            missing = "due" if effective < until else "overdue"
            found.append(
                FeedbackPeriod(
                    stay["checkin"],
                    stay["community"],
                    stay["community_name"],
                    stay["unit_name"],
                    first,
                    until - timedelta(days=1),
                    "sent" if first in sent else missing,
                    sent.get(first),
                )
            )
    return sorted((p for p in found if state in (None, p.state)), key=lambda each: each.key)
