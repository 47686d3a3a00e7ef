"""The partnership board: who works together since when, and how far needs, resources, projects and
appraisals have come, on any day, as known at any moment."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, get_args

from domain.partnership.events import FeedbackGiven, PartnershipEvent
from domain.partnership.state import Partnership
from projections.engine.projection import RowClass
from projections.engine.staged_subjects import Dossiers, Fact, Stretch, listed
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


class PartnershipLine(NamedTuple):
    """A partnership over the days on which it was at one stage."""

    partnership: str
    effective_from: date
    effective_until: date | None
    stage: str
    community: str | None
    subdistrict: str | None
    unit_name: str
    unit_code: str | None
    title: str
    aims: str | None
    position: int


class PartnershipSpan(NamedTuple):
    """Days on which the agreement holds."""

    partnership: str
    effective_from: date
    effective_until: date | None


class PartnershipItem(NamedTuple):
    """A need, resource, project, facility, feedback or appraisal over the days of one stage."""

    partnership: str
    kind: str
    item: str
    effective_from: date
    effective_until: date | None
    stage: str
    by_side: str | None
    text: str | None
    need: str | None
    facility_kind: str | None
    person: str | None
    due_on: date | None
    rating: str | None
    begun_on: date
    position: int


class PartnershipFact(Fact):
    """What one entry of a partnership states."""

    __slots__ = ()


TEXTS = ("title", "description", "name", "content", "comment")


class Partnerships(Dossiers):
    """Partnerships and what goes on in them."""

    name = "partnerships"
    subject = Partnership
    fact = PartnershipFact
    kinds = (PartnershipLine, PartnershipSpan, PartnershipItem, PartnershipFact)
    events = get_args(PartnershipEvent)
    module_file = __file__

    def lines(
        self, state: Partnership, stretches: list[Stretch]
    ) -> Mapping[RowClass, Iterable[Any]]:
        """The agreement's stages and spans, and the items'."""
        return {
            PartnershipLine: [_line(state.id, each) for each in stretches if not each.kind],
            PartnershipSpan: [PartnershipSpan(state.id, *span) for span in state.spans()],
            PartnershipItem: [_item(state.id, each) for each in stretches if each.kind],
        }


def _line(id: str, stretch: Stretch) -> PartnershipLine:
    opening = stretch.steps[0]
    return PartnershipLine(
        id,
        stretch.effective_from,
        stretch.effective_until,
        stretch.stage,
        opening.community,
        opening.subdistrict,
        opening.unit_name,
        opening.unit_code,
        opening.title,
        opening.aims,
        stretch.position,
    )


def _item(id: str, stretch: Stretch) -> PartnershipItem:
    first = stretch.steps[0]
    kind = stretch.kind
    if kind == "entry":
        kind = "feedback" if isinstance(first, FeedbackGiven) else "mutual-appraisal"
    texts = (getattr(first, name, None) for name in TEXTS)
    return PartnershipItem(
        id,
        kind,
        stretch.item,
        stretch.effective_from,
        stretch.effective_until,
        stretch.stage,
        stretch.value("by"),
        next((text for text in texts if text), None),
        stretch.value("need") if kind == "project" else None,
        stretch.value("facility_kind"),
        stretch.value("person"),
        stretch.value("due_on"),
        stretch.value("rating"),
        stretch.begun_on,
        stretch.position,
    )


class PartnershipView(NamedTuple):
    """A partnership on the asked day: `holds_until` is null while it holds with no set end."""

    partnership: str
    effective_from: date
    effective_until: date | None
    stage: str
    community: str | None
    subdistrict: str | None
    unit_name: str
    unit_code: str | None
    title: str
    aims: str | None
    position: int
    community_name: str | None
    holds: bool
    holds_until: date | None


class PartnershipItemView(NamedTuple):
    """An item on the asked day, with whose it is."""

    partnership: str
    kind: str
    item: str
    effective_from: date
    effective_until: date | None
    stage: str
    by_side: str | None
    text: str | None
    need: str | None
    facility_kind: str | None
    person: str | None
    due_on: date | None
    rating: str | None
    begun_on: date
    position: int
    community: str | None
    unit_name: str
    overdue: bool
    community_name: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Its place in a list: the day it began, and its name."""
        return self.begun_on.isoformat(), f"{self.partnership}/{self.kind}/{self.item}"


class Exchange(NamedTuple):
    """How many of one kind one side contributed in a year: one cell of the four exchanges."""

    kind: str
    by_side: str
    items: int


class Filter(NamedTuple):
    """What a list of partnerships, or of their items, is narrowed to."""

    community: str | None = None
    subdistrict: str | None = None
    unit_code: str | None = None
    unit_name: str | None = None
    holds: bool | None = None
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
    """Partnerships on a day in the order of (unit's name, id), behind `after` for the next page.

    `subdistrict` also finds the partnerships of its communities; `unit_name` what contains it.
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
    """One partnership on a day; None when there is none yet."""
    found = partnerships(view, effective=effective, where=Filter(partnership=id))
    return found[0] if found else None


def titles(view: View, ids: Iterable[str]) -> dict[tuple[str, str, str], str]:
    """What the needs, resources, projects and facilities of these partnerships are called: each by
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
    stage: str | None = None,
    by_side: str | None = None,
    overdue: bool | None = None,
    where: Filter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[PartnershipItemView]:
    """Items on a day in the order in which they began, behind `after` for the next page."""
    return listed(
        view,
        SQL["items"],
        PartnershipItemView,
        effective=effective,
        kind=kind,
        stage=stage,
        by_side=by_side,
        overdue=overdue,
        after=after,
        limit=limit,
        **where._asdict(),
    )


def exchanges(view: View, id: str, *, effective: date) -> list[Exchange]:
    """The four exchanges of one partnership in the calendar year of a day, in both directions."""
    rows = view.rows(SQL["exchanges"], partnership=id, effective=effective)
    return [Exchange(**row) for row in rows]
