"""Everything that can happen to the authority of a person.

An authority is a role in a place for a time. The record keeps who could act when, so that every
entry can be checked against the grant that it was made under.
"""

from datetime import date
from typing import Annotated

from domain.kernel.context import Role
from domain.kernel.event import Event
from domain.kernel.ids import CommunityId, Id, JurisdictionId, Names, PersonId, Reason
from domain.kernel.text import Bilingual

RoleName = Annotated[Role, Names("role")]


class AuthorityGranted(Event):
    """The person may act in this role in this place from this day on, until that day.

    `acting_for` is the person in whose place they act meanwhile (代理). The place is a jurisdiction
    or a community.
    """

    sentence = Bilingual(
        zh="授予{role}职责（辖区：{jurisdiction}；社区：{community}），自{effective_from}起，"
        "至{effective_until}前止（代理：{acting_for}；理由：{reason}）。",
        en="May act as {role} (in {jurisdiction}; for the community {community}) from "
        "{effective_from}, until {effective_until} (in the place of {acting_for}; reason: "
        "{reason}).",
    )

    grant: Id
    role: RoleName
    jurisdiction: JurisdictionId | None = None
    community: CommunityId | None = None
    effective_from: date
    effective_until: date | None = None
    acting_for: PersonId | None = None
    reason: Reason | None = None
    granted_by: PersonId


class AuthorityRevoked(Event):
    """The grant ends with this entry: what is recorded after it is no longer under it."""

    sentence = Bilingual(
        zh="收回{role}职责（{revoked_on}；理由：{reason}）。",
        en="May no longer act as {role} ({revoked_on}; reason: {reason}).",
    )

    grant: Id
    role: RoleName
    revoked_on: date
    reason: Reason
    revoked_by: PersonId


AuthorityEvent = AuthorityGranted | AuthorityRevoked
