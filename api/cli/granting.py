"""`annals grant` and `annals revoke`: break-glass, for a record without a steward who can.

Whoever runs the server grants as the system, which the entry shows for ever. See SECURITY.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NamedTuple

import typer

from access.access import Access
from api.cli.acting import ActorOption, founded_as, person_of
from api.cli.database import database, settings_of
from api.cli.models import caught_up, viewed
from api.cli.naming import community_meant, person_meant, place_meant
from api.cli.shapes import checked
from api.cli.terminal import Json, Lang, Terminal, answering
from domain.authority.granting import GrantAuthority, RevokeAuthority
from domain.authority.state import Authorities
from domain.kernel.command import Command
from domain.kernel.context import ROLES, Acting, Actor, Authority
from domain.kernel.refusal import NotOnRecord, Refused
from projections.engine.view import View
from record.logins import Logins
from record.store.entry import Receipt
from record.store.record import Record

PersonArgument = Annotated[
    str, typer.Argument(metavar="PERSON", help="人员：姓名、首字母或编号 · Name, initials or id.")
]
GrantArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="GRANT",
        help="授权编号；只有一项时可不填 · The grant's id; not needed if there is only one.",
    ),
]
RoleOption = Annotated[
    str, typer.Option("--role", help="何种职责，默认为授权管理人 · Which role; by default steward.")
]
JurisdictionOption = Annotated[
    str | None,
    typer.Option(
        "--jurisdiction",
        metavar="PLACE",
        help="辖区（名称、代码或编号），默认为全市 · Name, code or id; by default the city.",
    ),
]
CommunityOption = Annotated[
    str | None,
    typer.Option(
        "--community",
        metavar="COMMUNITY",
        help="只在一个社区（代码、编号或 街道/社区） · In one community only.",
    ),
]
UntilOption = Annotated[
    str | None,
    typer.Option("--until", metavar="DAY", help="至某日前止 · The first day without it."),
]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由 · The reason.")]


def grant(
    person: PersonArgument,
    reason: ReasonOption,
    role: RoleOption = "steward",
    jurisdiction: JurisdictionOption = None,
    community: CommunityOption = None,
    until: UntilOption = None,
    actor: ActorOption = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """以系统名义授予职责，自今日起，条目中永久标明。
    · Grant authority as the system from today on; the entry shows it for ever."""
    with _desk(lang, actor) as desk:
        city, today = desk.city, desk.record.today()
        with desk.viewed() as view:
            place = place_meant(view, jurisdiction, today) if jurisdiction else city
            fields: dict[str, Any] = {
                "role": role,
                "jurisdiction": None if community else place,
                "community": community and community_meant(view, community, today),
                "effective_from": today.isoformat(),
                "effective_until": until,
                "reason": reason,
            }
        command = checked(GrantAuthority, fields, desk.terminal.language)
        desk.carry_out(desk.person(person), command, as_json=as_json)


def revoke(
    person: PersonArgument,
    reason: ReasonOption,
    grant: GrantArgument = None,
    actor: ActorOption = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """以系统名义收回职责。 · Revoke authority as the system."""
    with _desk(lang, actor) as desk:
        official = desk.person(person)
        held: Authorities = desk.record.state(f"authority:{official}")
        fields = {"grant": grant or _only(held), "reason": reason}
        command = checked(RevokeAuthority, fields, desk.terminal.language)
        desk.carry_out(official, command, as_json=as_json)


class _Desk(NamedTuple):
    """What a command here works on, and by whom."""

    terminal: Terminal
    record: Record
    logins: Logins
    city: str
    actor: str

    def person(self, named: str) -> str:
        """The id of the official who is meant."""
        return person_meant(self.record, self.logins, named)

    @contextmanager
    def viewed(self) -> Iterator[View]:
        """The read models, in which places have names."""
        with caught_up(self.logins, self.record) as models, viewed(models, self.record) as view:
            yield view

    def carry_out(self, person: str, command: Command[Any], *, as_json: bool) -> None:
        """Record it as the system, note it in the operation log, and say so."""
        by = Acting(
            actor=Actor(person=self.actor, unit=self.city),
            authority=Authority(role="system", jurisdiction=self.city),
        )
        receipt: Receipt = self.record.carry_out(f"authority:{person}", command, by=by)
        Access(self.record.recorder.datastore).log.note(
            "rights", person=self.actor, operation="annals", subject=f"authority:{person}"
        )
        if as_json:
            self.terminal.json(receipt.model_dump(mode="json"))
            return
        self.terminal.say(
            f"已记录（位置 {receipt.position}）。", f"Recorded at {receipt.position}."
        )


def _only(held: Authorities) -> str:
    """The only grant of a person; Refused if there is none, or several."""
    standing = [*held.standing()]
    if not standing:
        raise NotOnRecord("command-line.no-grant", person=held.id)
    if len(standing) > 1:
        raise Refused(
            "command-line.several-grants",
            person=held.id,
            roles=[ROLES[each.role] for each in standing],
            grants=[each.grant for each in standing],
        )
    return standing[0].grant


@contextmanager
def _desk(lang: Lang, actor: str | None) -> Iterator[_Desk]:
    with (
        answering(lang) as terminal,
        database(settings_of()) as where,
        Record(where.url) as record,
    ):
        city = founded_as(record).city
        yield _Desk(terminal, record, where.logins, city, person_of(actor))
