"""The partnership board: partnerships and the stages of needs, resources, projects and
appraisals, as of any day, as known at any moment."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple, get_args

from pydantic import Field

from domain.partnership.events import FeedbackGiven, PartnershipEvent, Side
from domain.partnership.state import Partnership
from projections.engine.periods import names_on
from projections.engine.row import row
from projections.engine.scope import BelongsTo, lies_in
from projections.engine.shape import Shape
from projections.engine.staged_subjects import Fact, StagedSubjects, Stretch, listed
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


@row(
    key=("partnership", "effective_from"),
    indexes=("community",),
    scope=lies_in("community", "subdistrict"),
)
class PartnershipLine(NamedTuple):
    """A partnership over the days on which it had one status."""

    partnership: str
    effective_from: date
    effective_until: date | None
    status: str
    community: str | None
    subdistrict: str | None
    unit: str
    title: str
    aims: str | None
    position: int


@row(key=("partnership", "effective_from"), scope=BelongsTo("partnership"))
class PartnershipSpan(NamedTuple):
    """Days on which the agreement is in force, and until when by what was settled on them."""

    partnership: str
    effective_from: date
    effective_until: date | None
    in_force_until: date | None


@row(key=("partnership", "kind", "item", "effective_from"), scope=BelongsTo("partnership"))
class PartnershipItem(NamedTuple):
    """A need, resource, project, facility, feedback or appraisal over the days of one status."""

    partnership: str
    kind: str
    item: str
    effective_from: date
    effective_until: date | None
    status: str
    by_side: str | None
    text: str | None
    need: str | None
    facility_kind: str | None
    person: str | None
    due_on: date | None
    rating: str | None
    begun_on: date
    position: int


@row(key=("subject", "version"), scope=BelongsTo("partnership"))
class PartnershipFact(Fact):
    """What one entry of a partnership states."""

    __slots__ = ()


TEXTS = ("title", "description", "name", "content", "comment")


class Partnerships(StagedSubjects):
    """Partnerships and their items."""

    name = "partnerships"
    subject = Partnership
    fact = PartnershipFact
    kinds = (PartnershipLine, PartnershipSpan, PartnershipItem, PartnershipFact)
    events = get_args(PartnershipEvent)
    module_file = __file__

    def line(self, id: str, stretch: Stretch) -> PartnershipLine | PartnershipItem:
        """The agreement's status, or an item's."""
        return _item(id, stretch) if stretch.kind else _line(id, stretch)

    def spans(self, state: Partnership) -> Iterator[PartnershipSpan]:
        """The days on which the agreement holds."""
        return (PartnershipSpan(state.id, *term) for term in state.terms())


def _line(id: str, stretch: Stretch) -> PartnershipLine:
    opening = stretch.opening
    return PartnershipLine(
        partnership=id,
        effective_from=stretch.effective_from,
        effective_until=stretch.effective_until,
        status=stretch.stage,
        community=opening.community,
        subdistrict=opening.subdistrict,
        unit=opening.unit,
        title=opening.title,
        aims=opening.aims,
        position=stretch.position,
    )


def _item(id: str, stretch: Stretch) -> PartnershipItem:
    first = stretch.opening
    kind = stretch.kind
    if kind == "entry":
        kind = "feedback" if isinstance(first, FeedbackGiven) else "mutual-appraisal"
    texts = (vars(first).get(name) for name in TEXTS)
    return PartnershipItem(
        partnership=id,
        kind=kind,
        item=stretch.item,
        effective_from=stretch.effective_from,
        effective_until=stretch.effective_until,
        status=stretch.stage,
        by_side=stretch.value("by"),
        text=next((text for text in texts if text), None),
        need=stretch.value("need") if kind == "project" else None,
        facility_kind=stretch.value("facility_kind"),
        person=stretch.value("person"),
        due_on=stretch.value("due_on"),
        rating=stretch.value("rating"),
        begun_on=stretch.begun_on,
        position=stretch.position,
    )


ItemKind = Literal["need", "resource", "project", "facility", "feedback", "mutual-appraisal"]
ItemStatus = Literal[
    "open", "closed", "offered", "withdrawn", "available", "shut",
    "listed", "claimed", "delivered", "evaluated", "dropped", "given", "appraised",
]  # fmt: skip


class PartnershipView(Shape):
    """A partnership on the requested day."""

    partnership: str
    status: Literal["agreed", "ended"]
    effective_from: date = Field(description="Since when it has this status.")
    effective_until: date | None
    in_force: bool = Field(description="Whether the agreement is in force on the day.")
    in_force_until: date | None = Field(
        description="Its end as settled by the day; null if it is not in force or has no set end."
    )
    community: str | None
    community_name: str | None
    subdistrict: str | None = Field(description="Only for a subdistrict's own partnership.")
    subdistrict_name: str | None
    unit: str
    unit_name: str
    title: str
    aims: str | None
    position: int = Field(description="The position of the entry that brought it to this status.")


class PartnershipItemView(Shape):
    """A need, resource, project, facility, feedback or appraisal on the requested day."""

    partnership: str
    kind: ItemKind
    item: str
    status: ItemStatus
    effective_from: date = Field(description="Since when it has this status.")
    effective_until: date | None
    by_side: Side | None = Field(
        description="The side whose need, offer, claim, feedback or appraisal it is."
    )
    text: str | None
    need: str | None = Field(description="The need that a project answers.")
    facility_kind: str | None
    person: str | None
    person_name: str | None
    due_on: date | None
    overdue: bool = Field(description="Whether a claimed project is past its due day.")
    rating: str | None
    begun_on: date
    community: str | None
    community_name: str | None
    unit: str
    unit_name: str
    position: int

    @property
    def key(self) -> tuple[str, str]:
        """Its place in a list: the day it began, and its name."""
        return self.begun_on.isoformat(), f"{self.partnership}/{self.kind}/{self.item}"


class ExchangeView(Shape):
    """How many items of a kind one side contributed in the calendar year of the requested day."""

    kind: Literal["need", "resource", "project", "feedback", "mutual-appraisal"]
    by_side: Side
    items: int


class Filter(NamedTuple):
    """The filters of a list of partnerships or their items."""

    community: str | None = None
    subdistrict: str | None = None
    unit: str | None = None
    unit_name: str | None = None
    in_force: bool | None = None
    partnership: str | None = None


EVERY = Filter()


def partnerships(
    view: View,
    *,
    effective: date,
    where: Filter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[PartnershipView]:
    """Partnerships on a day, ordered by (unit's name, id), from after `after`.

    `subdistrict` includes the partnerships of its communities; `unit_name` is a part of the name.
    """
    return listed(
        view,
        SQL["list"],
        PartnershipView,
        effective=effective,
        after=after,
        limit=limit,
        **where._asdict(),
    )


def partnership(view: View, id: str, *, effective: date) -> PartnershipView | None:
    """One partnership on a day; None if it did not exist yet."""
    found = partnerships(view, effective=effective, where=Filter(partnership=id))
    return found[0] if found else None


def names(view: View, asked: Iterable[tuple[str, date]]) -> dict[tuple[str, date], str]:
    """The titles of partnerships on days, by (id, day); unknown ones are left out."""
    asked = set(asked)
    if not asked:
        return {}
    rows = view.rows(SQL["names"], ids=sorted({id for id, _ in asked}))
    return names_on([(r["partnership"], r["effective_from"], r["title"]) for r in rows], asked)


def titles(view: View, ids: Iterable[str]) -> dict[tuple[str, str, str], str]:
    """The titles of needs, resources, projects and facilities of these partnerships, each by
    its partnership, kind and id."""
    asked = list(dict.fromkeys(ids))
    if not asked:
        return {}
    rows = view.rows(SQL["titles"], partnerships=asked)
    return {(row["partnership"], row["kind"], row["item"]): row["text"] for row in rows}


def items(
    view: View,
    *,
    effective: date,
    kind: str | None = None,
    status: str | None = None,
    by_side: str | None = None,
    overdue: bool | None = None,
    where: Filter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[PartnershipItemView]:
    """Items on a day, in the order of their beginnings, from after `after`."""
    return listed(
        view,
        SQL["items"],
        PartnershipItemView,
        effective=effective,
        kind=kind,
        status=status,
        by_side=by_side,
        overdue=overdue,
        after=after,
        limit=limit,
        **where._asdict(),
    )


def exchanges(view: View, id: str, *, effective: date) -> list[ExchangeView]:
    """The four exchanges of one partnership in the calendar year of a day, in both directions."""
    rows = view.rows(SQL["exchanges"], partnership=id, effective=effective)
    return [ExchangeView.of(row) for row in rows]
