"""Councils that a community's type requires and that it lacks. No table: a statement over what the
read models of communities and councils publish."""

from datetime import date

from domain.kernel.policy import Policy
from projections.engine.shape import Shape
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


class LackingView(Shape):
    """A community whose type requires a kind of council that it lacks."""

    community: str
    community_name: str | None
    code: str | None
    district: str | None
    district_name: str | None
    type: str
    council_kind: str


def lacking(
    view: View,
    policy: Policy,
    *,
    effective: date,
    district: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[LackingView]:
    """The councils that the policy requires and communities lack, by (code, community/kind)."""
    wanted = [(each.code, type) for each in policy.councils for type in each.types]
    rows = view.rows(
        SQL["lacking"],
        effective=effective,
        kinds=[kind for kind, _ in wanted],
        types=[type for _, type in wanted],
        district=district,
        after_code=after and after[0],
        after_id=after and after[1],
        limit=limit,
    )
    return [LackingView.of(row) for row in rows]
