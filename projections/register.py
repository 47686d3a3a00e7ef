"""The register: the type, name, code and place of each community, as of any day, as known at any
moment. The fold is the domain's own, and every value can be traced to its entry."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple, get_args

from pydantic import Field

from domain.community.events import (
    BoundaryDescribed,
    CommunityAbsorbed,
    CommunityEvent,
    LineageContinued,
    LineageJoined,
    ProfileCorrected,
    ProfileSurveyed,
    ReclassificationEndorsed,
    ReclassificationProposed,
    ReclassificationRejected,
    ReclassificationReturned,
    ReclassificationRevised,
    ReclassificationWithdrawn,
    VillageConverted,
)
from domain.community.state import Community
from domain.kernel.ids import CommunityId
from domain.kernel.lifetime import Lifetime
from projections.engine.periods import AttributeChange, Periods, names_on, state_of
from projections.engine.row import row
from projections.engine.scope import lies_in
from projections.engine.shape import Shape
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)

ATTRIBUTES: Mapping[str, str] = {
    "status": "standing",
    "name": "names",
    "code": "codes",
    "subdistrict": "subdistricts",
    "type": "types",
    "subtype": "subtypes",
    "features": "features",
}


@row(
    key=("community", "effective_from"),
    indexes=(
        "code nulls first, community",
        "subdistrict",
    ),
    scope=lies_in("community"),
)
class CommunityLine(NamedTuple):
    """What a community was over a stretch of days on which nothing about it changed."""

    community: str
    effective_from: date
    effective_until: date | None
    status: str
    name: str | None
    code: str | None
    subdistrict: str | None
    type: str | None
    subtype: str | None
    features: tuple[str, ...] | None


@row(key=("subject", "attribute", "version"), scope=lies_in("subject"))
class CommunityChange(AttributeChange):
    """A change of one attribute of a community."""

    __slots__ = ()


# Events of a community that are about none of the register's attributes.
PASSED_OVER = (
    BoundaryDescribed,
    VillageConverted,
    CommunityAbsorbed,
    LineageJoined,
    LineageContinued,
    ProfileSurveyed,
    ProfileCorrected,
    ReclassificationProposed,
    ReclassificationEndorsed,
    ReclassificationReturned,
    ReclassificationRevised,
    ReclassificationRejected,
    ReclassificationWithdrawn,
)


class Register(Periods):
    """The register of communities, bitemporal."""

    name = "register"
    subject = Community
    line = CommunityLine
    change = CommunityChange
    kinds = (CommunityLine, CommunityChange)
    attributes = ATTRIBUTES
    stated = (
        "standing",
        "names",
        "codes",
        "subdistricts",
        "types",
        "subtype_settings",
        "features",
    )
    events = tuple(event for event in get_args(CommunityEvent) if event not in PASSED_OVER)
    module_file = __file__

    def shown(self, column: str, value: Any) -> Any:
        """Features if there are any; everything else as it is."""
        return value or None if column == "features" else value


class CommunityView(Shape):
    """A community as of the requested day, with the names of its place on that day."""

    community: CommunityId
    code: str | None
    name: str | None
    status: Lifetime
    type: str | None
    subtype: str | None
    features: tuple[str, ...]
    subdistrict: str | None
    subdistrict_code: str | None
    subdistrict_name: str | None
    district: str | None
    district_code: str | None
    district_name: str | None
    urban: bool = Field(
        description="Lies under a subdistrict, or the town that is its county's seat."
    )
    effective_from: date = Field(description="The first day of this state.")
    effective_until: date | None = Field(description="The first day of the next state.")


class CommunityPeriodView(Shape):
    """What a community was over a stretch of days on which nothing about it changed."""

    community: CommunityId
    effective_from: date
    effective_until: date | None
    status: Lifetime
    name: str | None
    code: str | None
    subdistrict: str | None
    subdistrict_name: str | None = Field(description="On the period's first day.")
    type: str | None
    subtype: str | None
    features: tuple[str, ...] | None


class ValueReasonView(Shape):
    """Why an attribute has its value: since when and by which entry."""

    attribute: str
    value: Any
    effective_from: date
    version: int
    position: int = Field(description="The entry: /api/v1/entries/<position>.")


class NamedCommunityView(Shape):
    """A community and its name on the relevant day."""

    community: CommunityId
    community_name: str | None


class Filter(NamedTuple):
    """The filters of a list of communities, for the API, the page and the export."""

    status: str | None = "active"
    type: str | None = None
    unclassified: bool = False
    urban: bool | None = None
    district: str | None = None
    subdistrict: str | None = None
    code: str | None = None
    name: str | None = None


EVERY = Filter()


def communities(
    view: View,
    *,
    effective: date,
    where: Filter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[CommunityView]:
    """Communities on a day, ordered by (code, id), from after `after`.

    `code` is the beginning of a code, `name` a part of a name.
    """
    rows = view.rows(
        SQL["list"],
        effective=effective,
        after_code=(after and after[0]) or None,
        after_uncoded=after is not None and not after[0],
        after_id=after and after[1],
        limit=limit,
        **where._asdict(),
    )
    return [CommunityView.of(row) for row in rows]


def community(view: View, id: str, *, effective: date) -> CommunityView | None:
    """One community on a day, whether or not it still exists; None if it did not exist yet."""
    row = view.row(SQL["one"], community=id, effective=effective)
    return CommunityView.of(row) if row else None


def periods(view: View, id: str) -> list[CommunityPeriodView]:
    """All periods of one community, in order."""
    return [CommunityPeriodView.of(row) for row in view.rows(SQL["periods"], community=id)]


def states(view: View) -> list[Community]:
    """The states of all communities on record, as far as the register has them, in order of id."""
    rows = (CommunityChange(**row) for row in view.rows(SQL["changes"]))
    by_subject = groupby(rows, attrgetter("subject"))
    return [state_of(Community(id=id), tuple(changes)) for id, changes in by_subject]


def reasons(view: View, id: str, *, effective: date) -> list[ValueReasonView]:
    """For each attribute of a community, the change that determines its value on a day."""
    rows = tuple(CommunityChange(**row) for row in view.rows(SQL["changes_of_one"], community=id))
    state = state_of(Community(id=id), rows)
    positions = {row.version: row.position for row in rows}
    decided = {
        column: getattr(state, name).change_on(effective) for column, name in ATTRIBUTES.items()
    }
    return [
        ValueReasonView(
            attribute=column,
            value=change.value,
            effective_from=change.effective_from,
            version=change.version,
            position=positions[change.version],
        )
        for column, change in decided.items()
        if change
    ]


def names(view: View, asked: Iterable[tuple[str, date]]) -> dict[tuple[str, date], str]:
    """The names of communities on days, by (id, day); unknown ones are left out.

    For a day before its beginning, a community has its first name.
    """
    asked = set(asked)
    if not asked:
        return {}
    rows = view.rows(SQL["names"], ids=sorted({id for id, _ in asked}))
    return names_on([(r["community"], r["effective_from"], r["name"]) for r in rows], asked)
