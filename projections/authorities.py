"""Who may act: roles in places, granted and revoked, as of any day, as known at any moment."""

from datetime import date
from typing import NamedTuple, cast, get_args

from pydantic import Field

from domain.authority.events import AuthorityEvent
from domain.authority.state import Authorities, Grant
from domain.kernel.context import Role
from domain.kernel.event import Event
from projections.engine.page import Page
from projections.engine.row import row
from projections.engine.scope import lies_in_stream
from projections.engine.shape import Shape
from projections.engine.subjects import Parts, Subjects, held
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


@row(key=("person", "grant"), indexes=("place",), scope=lies_in_stream("place"))
class AuthorityGrant(NamedTuple):
    """An authority of a person. `place` is the stream of its jurisdiction or community."""

    person: str
    grant: str
    role: str
    place: str
    effective_from: date
    effective_until: date | None
    acting_for: str | None
    revoked_on: date | None
    granted_by: str
    reason: str | None
    position: int


class AuthorityGrants(Subjects):
    """The authorities of all people."""

    name = "authorities"
    subject = Authorities
    kinds = (AuthorityGrant,)
    parts = (Parts(AuthorityGrant, "grants"),)
    events = cast(tuple[type[Event], ...], get_args(AuthorityEvent))
    module_file = __file__

    def state(self, id: str, page: Page) -> Authorities:
        """The person's grants."""
        grants = {row.grant: held(Grant, row) for row in page.of(AuthorityGrant)}
        return Authorities(id=id, grants=grants)


class AuthorityView(Shape):
    """An authority on the requested day, with the entry that granted it."""

    person: str
    person_name: str | None
    grant: str
    role: Role
    jurisdiction: str | None
    jurisdiction_name: str | None
    community: str | None
    community_name: str | None
    effective_from: date
    effective_until: date | None = Field(description="The first day on which it does not hold.")
    acting_for: str | None = Field(description="The person in whose place they act (代理).")
    acting_for_name: str | None
    granted_by: str
    granted_by_name: str | None
    reason: str | None
    position: int


class Filter(NamedTuple):
    """The filters of a list of authorities."""

    person: str | None = None
    role: str | None = None
    jurisdiction: str | None = None
    community: str | None = None


EVERY = Filter()


def authorities(
    view: View,
    *,
    effective: date,
    where: Filter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[AuthorityView]:
    """The authorities in force on a day, by person and grant."""
    after_person, after_grant = after or (None, None)
    rows = view.rows(
        SQL["list"],
        effective=effective,
        after_person=after_person,
        after_grant=after_grant,
        limit=limit,
        **where._asdict(),
    )
    return [AuthorityView.of(row) for row in rows]
