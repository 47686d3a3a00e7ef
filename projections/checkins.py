"""Check-ins: participants, pledges, services, feedback and opinions, as of any day, as known at
any moment."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple, get_args

from pydantic import Field

from domain.checkin.events import CheckInEvent, ParticipantKind, ServiceGiven, Stance
from domain.checkin.state import CheckIn
from domain.kernel.policy.calendar_periods import next_period, periods
from domain.kernel.policy.parts import CalendarSpan
from projections.engine.row import row
from projections.engine.scope import BelongsTo, lies_in
from projections.engine.shape import Shape
from projections.engine.staged_subjects import Fact, StagedSubjects, Stretch, listed
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


@row(key=("checkin", "effective_from"), indexes=("community",), scope=lies_in("community"))
class CheckinLine(NamedTuple):
    """A check-in over the days on which it had one status."""

    checkin: str
    effective_from: date
    effective_until: date | None
    status: str
    community: str
    participant: str
    unit: str
    person: str | None
    checked_in_on: date
    position: int


@row(key=("checkin", "kind", "item", "effective_from"), scope=lies_in("community"))
class CheckinItem(NamedTuple):
    """A pledge, service, feedback or opinion over the days of one status."""

    checkin: str
    kind: str
    item: str
    effective_from: date
    effective_until: date | None
    status: str
    community: str
    text: str | None
    about: str | None
    stance: str | None
    hours: int | None
    period_from: date | None
    due_on: date | None
    begun_on: date
    position: int


@row(key=("subject", "version"), scope=BelongsTo("checkin"))
class CheckinFact(Fact):
    """What one entry of a check-in states."""

    __slots__ = ()


class Checkins(StagedSubjects):
    """Check-ins and their items."""

    name = "checkins"
    subject = CheckIn
    fact = CheckinFact
    kinds = (CheckinLine, CheckinItem, CheckinFact)
    events = get_args(CheckInEvent)
    module_file = __file__

    def line(self, id: str, stretch: Stretch) -> CheckinLine | CheckinItem:
        """The status of the stay, or of an item."""
        return _item(id, stretch) if stretch.kind else _line(id, stretch)


def _line(id: str, stretch: Stretch) -> CheckinLine:
    opening = stretch.opening
    return CheckinLine(
        checkin=id,
        effective_from=stretch.effective_from,
        effective_until=stretch.effective_until,
        status=stretch.stage,
        community=opening.community,
        participant=opening.participant,
        unit=opening.unit,
        person=opening.person,
        checked_in_on=opening.checked_in_on,
        position=stretch.position,
    )


def _item(id: str, stretch: Stretch) -> CheckinItem:
    first = stretch.opening
    kind = stretch.kind
    if kind == "entry":
        kind = "service" if isinstance(first, ServiceGiven) else "feedback"
    return CheckinItem(
        checkin=id,
        kind=kind,
        item=stretch.item,
        effective_from=stretch.effective_from,
        effective_until=stretch.effective_until,
        status=stretch.stage,
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


Presence = Literal["present", "left"]
ItemKind = Literal["pledge", "service", "feedback", "opinion"]
ItemStatus = Literal["pledged", "fulfilled", "served", "sent", "asked", "given"]
FeedbackStatus = Literal["sent", "due", "overdue"]


class CheckInView(Shape):
    """A check-in on the requested day."""

    checkin: str
    status: Presence
    effective_from: date = Field(description="Since when it has this status.")
    effective_until: date | None
    community: str
    community_name: str | None
    community_ended_on: date | None = Field(
        description="Since when its community does not exist, and nothing more is owed."
    )
    participant: ParticipantKind
    unit: str
    unit_name: str
    person: str | None = Field(description="Only for a member.")
    person_name: str | None
    checked_in_on: date
    position: int = Field(description="The position of the entry that brought it to this status.")


class CheckInItemView(Shape):
    """A pledge, service, feedback or opinion on the requested day."""

    checkin: str
    kind: ItemKind
    item: str
    status: ItemStatus
    effective_from: date = Field(description="Since when it has this status.")
    effective_until: date | None
    text: str | None
    about: str | None = Field(description="The matter of the opinion, by the policy.")
    stance: Stance | None
    hours: int | None
    period_from: date | None
    due_on: date | None
    overdue: bool = Field(description="Whether a pledge or an opinion is overdue.")
    begun_on: date
    community: str
    community_name: str | None
    unit: str
    unit_name: str
    participant: ParticipantKind
    position: int

    @property
    def key(self) -> tuple[str, str]:
        """Its place in a list: the day it began, and its name."""
        return self.begun_on.isoformat(), f"{self.checkin}/{self.kind}/{self.item}"


class FeedbackPeriodView(Shape):
    """A calendar period with its feedback; derived, except for what was sent."""

    checkin: str
    community: str
    community_name: str | None
    unit: str
    unit_name: str
    period_from: date
    due_on: date = Field(description="The period's last day, by which it is to hear.")
    status: FeedbackStatus
    sent_on: date | None

    @property
    def key(self) -> tuple[str, str]:
        """Its place in a list."""
        return self.period_from.isoformat(), self.checkin


class Filter(NamedTuple):
    """The filters of a list of check-ins or their items."""

    community: str | None = None
    participant: str | None = None
    unit: str | None = None
    unit_name: str | None = None
    status: str | None = None
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
    """Check-ins on a day, ordered by (unit's name, id), from after `after`."""
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
    """One check-in on a day; None if it did not exist yet."""
    found = check_ins(view, effective=effective, where=Filter(checkin=id))
    return found[0] if found else None


def items(
    view: View,
    *,
    effective: date,
    kind: str | None = None,
    item_status: str | None = None,
    overdue: bool | None = None,
    where: Filter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[CheckInItemView]:
    """Items on a day, in the order of their beginnings, from after `after`."""
    return listed(
        view,
        SQL["items"],
        CheckInItemView,
        effective=effective,
        kind=kind,
        item_status=item_status,
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
    status: str | None = None,
    sent: bool = True,
    where: Filter = EVERY,
) -> list[FeedbackPeriodView]:
    """The calendar periods of all check-ins up to a day, and whether feedback was sent; without
    `sent`, only those for which it was not.

    Only the feedback itself is recorded: what is due follows from the calendar.
    """
    found = []
    for stay in view.rows(SQL["feedback"], effective=effective, **where._asdict()):
        heard = dict(zip(stay["periods"] or (), stay["days"] or (), strict=True))
        last = min(effective, stay["left_on"] or effective)
        for first in periods(stay["checked_in_on"], last, span):
            until = next_period(first, span)
            if first not in heard and _is_gone(first, until, stay):
                continue
            missing: FeedbackStatus = "due" if effective < until else "overdue"
            shown: FeedbackStatus = "sent" if first in heard else missing
            if status not in (None, shown) or (shown == "sent" and not sent):
                continue
            found.append(
                FeedbackPeriodView(
                    checkin=stay["checkin"],
                    community=stay["community"],
                    community_name=stay["community_name"],
                    unit=stay["unit"],
                    unit_name=stay["unit_name"],
                    period_from=first,
                    due_on=until - timedelta(days=1),
                    status=shown,
                    sent_on=heard.get(first),
                )
            )
    return sorted(found, key=lambda each: each.key)


def _is_gone(begin: date, until: date, stay: Mapping[str, Any]) -> bool:
    """Whether the community did not exist on any day of a period."""
    ended = zip(stay["ended_on"], stay["restored_on"], strict=True)
    return any(end <= begin and (again is None or until <= again) for end, again in ended)
