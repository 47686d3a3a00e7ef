"""Grant and revoke authority. Who grants does not govern, and nobody grants to themselves."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.authority.events import AuthorityGranted, AuthorityRevoked, RoleName
from domain.authority.state import Authorities, place_of
from domain.kernel.apart import Apart
from domain.kernel.command import Command
from domain.kernel.context import ROLES, DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import CommunityId, Id, JurisdictionId, PersonId, Reason, derive_id
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan
from domain.person.state import Person

GRANT = Permission(
    "authorities.may_grant",
    doing=Bilingual(zh="授予或收回职责", en="grant or revoke authority"),
    always=("system",),
    governs=False,
)
OWN = Apart(
    "authority.granted-to-oneself",
    Bilingual(zh="即为被授权人本人", en="are the person whose authority it is"),
    lambda _command, state, _context: (state.id,),
)
GRANTS_MAX = 100


class GrantAuthority(Command[Authorities]):
    """Let a person act in a role, in a jurisdiction or for a community, from a day on.

    `acting_for` names the person in whose place they act until a day (代理), with no more authority
    than that person holds. `effective_until` is the first day on which it no longer holds.
    """

    begins: ClassVar[bool | None] = None
    permission: ClassVar[Permission] = GRANT
    apart_from: ClassVar[tuple[Apart, ...]] = (OWN,)

    role: RoleName
    jurisdiction: JurisdictionId | None = None
    community: CommunityId | None = None
    effective_from: date
    effective_until: date | None = None
    acting_for: PersonId | None = None
    reason: Reason | None = None

    def places(self, state: Authorities) -> Iterable[str]:
        """Where the authority holds."""
        return (self.place,)

    def consults(self, state: Authorities) -> Iterable[str]:
        """The person, and the authorities of the one in whose place they act."""
        yield f"person:{state.id}"
        if self.acting_for:
            yield f"authority:{self.acting_for}"

    def decide(self, state: Authorities, context: DecisionContext) -> list[Event | StreamEvent]:
        if bool(self.jurisdiction) == bool(self.community):
            raise Refused("authority.not-in-one-place")
        if self.role == "system":
            raise Refused("authority.of-the-system")
        context.state(Person, state.id).require_registered()
        self._require_days(context.today)
        self._require_held_by_the_absent(state, context)
        self._require_apart(state)
        if len(state.grants) >= GRANTS_MAX:
            raise Refused("subject.full", subject=state.called, entries_max=GRANTS_MAX)
        return [
            AuthorityGranted(
                **vars(self),
                grant=derive_id(context.command_id, state.id, len(state.grants)),
                granted_by=context.by.actor.person,
            )
        ]

    @property
    def place(self) -> str:
        """The stream of where it holds."""
        return place_of(self.jurisdiction, self.community)

    @property
    def span(self) -> DateSpan:
        """The days on which it holds."""
        return DateSpan(self.effective_from, self.effective_until)

    def _require_days(self, today: date) -> None:
        if self.effective_from < today:
            raise Refused("authority.in-the-past", day=self.effective_from, today=today)
        if self.effective_until and self.effective_until <= self.effective_from:
            raise Refused(
                "period.empty",
                what=Authorities.what,
                begin=self.effective_from,
                until=self.effective_until,
            )

    def _require_held_by_the_absent(self, state: Authorities, context: DecisionContext) -> None:
        """Refused unless whoever acts for another does so for a time, under what they hold."""
        if self.acting_for is None:
            return
        if self.acting_for == state.id:
            raise Refused("authority.acting-for-oneself")
        if self.effective_until is None:
            raise Refused("authority.acting-without-end")
        held = context.state(Authorities, self.acting_for).standing()
        if not any(each.covers(self.role, self.place, self.span) for each in held):
            raise Refused(
                "authority.not-held-by-the-absent", person=self.acting_for, role=ROLES[self.role]
            )

    def _require_apart(self, state: Authorities) -> None:
        """Refused for the same authority twice, and for one who would both grant and govern."""
        for each in state.standing():
            if not each.span.shared(self.span):
                continue
            if (each.role, each.place) == (self.role, self.place):
                raise Refused("authority.granted-already", grant=each.grant, role=ROLES[each.role])
            if (each.role == "steward") != (self.role == "steward"):
                raise Refused(
                    "authority.grants-and-governs", role=ROLES[each.role], grant=each.grant
                )


class RevokeAuthority(Command[Authorities]):
    """End a grant at once. Whatever was recorded under it stays as it is."""

    permission: ClassVar[Permission] = GRANT
    apart_from: ClassVar[tuple[Apart, ...]] = (OWN,)

    grant: Id
    reason: Reason

    def places(self, state: Authorities) -> Iterable[str]:
        """Where the authority holds; the city's, if there is no such grant."""
        held = state.grants.get(self.grant)
        return (held.place,) if held else (state.stream,)

    def decide(self, state: Authorities, context: DecisionContext) -> list[Event | StreamEvent]:
        held = state.grant(self.grant)
        if held.revoked_on:
            raise Refused("authority.revoked-already", revoked_on=held.revoked_on)
        return [
            AuthorityRevoked(
                grant=held.grant,
                role=held.role,
                revoked_on=context.today,
                reason=self.reason,
                revoked_by=context.by.actor.person,
            )
        ]
