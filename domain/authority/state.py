"""The authority of a person: every grant, with its days. Decides nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, NamedTuple, Self, assert_never

from domain.authority.events import AuthorityEvent, AuthorityGranted, AuthorityRevoked
from domain.kernel.context import Authority, Role
from domain.kernel.ids import id_of
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.kernel.scope import Grantee
from domain.kernel.subject import changed
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan


class Grant(NamedTuple):
    """One grant: the role, the stream of the jurisdiction or community, and the days."""

    grant: str
    role: Role
    place: str
    effective_from: date
    effective_until: date | None
    acting_for: str | None
    revoked_on: date | None = None

    @property
    def span(self) -> DateSpan:
        """The days on which it was granted."""
        return DateSpan(self.effective_from, self.effective_until)

    def allows(self, authority: Authority, day: date) -> bool:
        """Whether somebody may act under it on a day, in this role and place."""
        same = (self.role, id_of(self.place)) == (authority.role, authority.jurisdiction)
        return same and self.revoked_on is None and self.span.holds(day)

    def covers(self, role: Role, place: str, span: DateSpan) -> bool:
        """Whether it holds in this role and place on all of these days."""
        return (self.role, self.place) == (role, place) and self.span.shared(span) == span


def place_of(jurisdiction: str | None, community: str | None) -> str:
    """The stream of where an authority holds."""
    return f"community:{community}" if community else f"jurisdiction:{jurisdiction}"


@dataclass(frozen=True, kw_only=True)
class Authorities(Grantee):
    """All authorities of one person, whose id it has."""

    kind: ClassVar[str] = "authority"
    what: ClassVar[Bilingual] = Bilingual(zh="授权", en="authority")

    grants: Mapping[str, Grant] = field(default_factory=dict)

    def grant(self, id: str) -> Grant:
        """The grant with this id; NotOnRecord if there is none."""
        if id not in self.grants:
            raise NotOnRecord("authority.no-such-grant", grant=id, person=self.id)
        return self.grants[id]

    def standing(self) -> Iterator[Grant]:
        """The grants that were not revoked."""
        return (grant for grant in self.grants.values() if grant.revoked_on is None)

    def require_held(self, authority: Authority, day: date) -> None:
        """NotAuthorised unless this authority is granted, and in force on that day."""
        grant = self.grants.get(authority.grant or "")
        if grant is None or not grant.allows(authority, day):
            raise NotAuthorised(
                "authority.not-in-force",
                until=grant.effective_until if grant and not grant.revoked_on else None,
                revoked_on=grant.revoked_on if grant else None,
            )

    def in_place_of(self, authority: Authority) -> str | None:
        """The person in whose place they act under this authority."""
        grant = self.grants.get(authority.grant or "")
        return grant.acting_for if grant else None

    def evolve(self, event: AuthorityEvent) -> Self:
        """The state after one more event of this person's authority."""
        match event:
            case AuthorityGranted():
                granted = Grant(
                    grant=event.grant,
                    role=event.role,
                    place=place_of(event.jurisdiction, event.community),
                    effective_from=event.effective_from,
                    effective_until=event.effective_until,
                    acting_for=event.acting_for,
                )
                return changed(self, grants={**self.grants, event.grant: granted})
            case AuthorityRevoked():
                revoked = self.grants[event.grant]._replace(revoked_on=event.revoked_on)
                return changed(self, grants={**self.grants, event.grant: revoked})
            case _:
                assert_never(event)
