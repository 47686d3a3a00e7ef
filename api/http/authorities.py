"""Authority over HTTP: who may act, in which role and place; granted and revoked."""

from typing import Annotated

from fastapi import Query

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import READ_PROBLEMS, Limit, Listing, TheKey, TheReading
from api.http.timelines import add_timeline
from domain.authority.granting import GrantAuthority, RevokeAuthority
from domain.authority.state import Authorities
from domain.kernel.context import Role
from domain.kernel.ids import CommunityId, JurisdictionId, PersonId
from projections import authorities
from projections.authorities import AuthorityView, Filter

COMMANDS = (
    CommandRoute(
        "/{person}/grants", "authorities.grant", GrantAuthority, "授予职责 · Grant authority"
    ),
    CommandRoute(
        "/{person}/revocations",
        "authorities.revoke",
        RevokeAuthority,
        "收回职责 · Revoke authority",
    ),
)
router = command_router("/api/v1/authorities", "职责 Authorities", COMMANDS)


@router.get(
    "",
    operation_id="authorities.list",
    summary="谁有何职责 · Who may act",
    responses=READ_PROBLEMS,
)
def list_authorities(
    reading: TheReading,
    key: TheKey,
    person: Annotated[PersonId | None, Query()] = None,
    role: Annotated[Role | None, Query()] = None,
    jurisdiction: Annotated[JurisdictionId | None, Query()] = None,
    community: Annotated[CommunityId | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[AuthorityView]:
    """The authorities in force on the day, by person."""
    with reading.view() as view:
        found = authorities.authorities(
            view,
            effective=reading.effective,
            where=Filter(person, role, jurisdiction, community),
            after=key,
            limit=limit + 1,
        )
        return reading.page(view, found, limit, key=lambda each: (each.person, each.grant))


add_timeline(
    router,
    "/{person}/timeline",
    "authorities.timeline",
    Authorities,
    "职责变动 · A person's authority",
)
