"""`annals grant` and `annals revoke`: break-glass, for a record without a steward who can.

Whoever runs the server grants as the system, which the entry shows for ever. See SECURITY.md.
"""

from typing import Annotated, Any

import typer

from access.access import Access
from api.cli.acting import ActorOption, founded_as, person_of
from api.cli.database import database, settings_of
from api.cli.shapes import checked
from api.cli.terminal import Json, Lang, Terminal, answering
from domain.authority.granting import GrantAuthority, RevokeAuthority
from domain.kernel.command import Command
from domain.kernel.context import Acting, Actor, Authority
from record.store.entry import Receipt
from record.store.record import Record

PersonArgument = Annotated[
    str, typer.Argument(metavar="PERSON", help="人员编号 · The person's id.")
]
GrantArgument = Annotated[str, typer.Argument(metavar="GRANT", help="授权编号 · The grant's id.")]
RoleOption = Annotated[
    str, typer.Option("--role", help="何种职责，默认为授权管理人 · Which role; by default steward.")
]
JurisdictionOption = Annotated[
    str | None,
    typer.Option("--jurisdiction", metavar="ID", help="辖区，默认为全市 · By default the city."),
]
CommunityOption = Annotated[
    str | None,
    typer.Option("--community", metavar="ID", help="只在一个社区 · In one community only."),
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
    with (
        answering(lang) as terminal,
        database(settings_of()) as where,
        Record(where.url) as record,
    ):
        city = founded_as(record).city
        fields: dict[str, Any] = {
            "role": role,
            "jurisdiction": jurisdiction or (None if community else city),
            "community": community,
            "effective_from": record.today().isoformat(),
            "effective_until": until,
            "reason": reason,
        }
        command = checked(GrantAuthority, fields, terminal.language)
        _carry_out(terminal, record, person, command, actor, as_json=as_json)


def revoke(
    person: PersonArgument,
    grant: GrantArgument,
    reason: ReasonOption,
    actor: ActorOption = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """以系统名义收回职责。 · Revoke authority as the system."""
    with (
        answering(lang) as terminal,
        database(settings_of()) as where,
        Record(where.url) as record,
    ):
        fields = {"grant": grant, "reason": reason}
        command = checked(RevokeAuthority, fields, terminal.language)
        _carry_out(terminal, record, person, command, actor, as_json=as_json)


def _carry_out(
    terminal: Terminal,
    record: Record,
    person: str,
    command: Command[Any],
    actor: str | None,
    *,
    as_json: bool,
) -> None:
    city = founded_as(record).city
    by = Acting(
        actor=Actor(person=person_of(actor), unit=city),
        authority=Authority(role="system", jurisdiction=city),
    )
    receipt: Receipt = record.carry_out(f"authority:{person}", command, by=by)
    Access(record.recorder.datastore).log.note(
        "rights", person=by.actor.person, operation="annals", subject=f"authority:{person}"
    )
    if as_json:
        terminal.json(receipt.model_dump(mode="json"))
        return
    terminal.say(f"已记录（位置 {receipt.position}）。", f"Recorded at {receipt.position}.")
