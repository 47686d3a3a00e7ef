"""`annals user` and `annals key`: accounts and keys, by whoever runs the server.

A password is never an argument, which others on the machine could read: it is made and shown once.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, Any, NamedTuple

import typer

from access.access import Access
from access.accounts import Opening
from access.keys import LASTS_MAX, OPERATION_PATTERN, Key, NewKey
from access.operation_log import What
from access.passwords import initial
from api.cli.acting import ActorOption, founded_as, person_of
from api.cli.database import database, settings_of
from api.cli.naming import person_meant
from api.cli.terminal import Json, Lang, Terminal, answering
from domain.authority.state import Authorities
from domain.kernel.refusal import Stopped
from domain.person.state import Person
from record.logins import Logins
from record.store.record import Record

users = typer.Typer(
    help="账号 · Accounts.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)
keys = typer.Typer(
    help="密钥 · Keys.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)

PersonArgument = Annotated[
    str, typer.Argument(metavar="PERSON", help="人员：姓名、首字母或编号 · Name, initials or id.")
]
PersonsArgument = Annotated[
    list[str],
    typer.Argument(metavar="PERSON...", help="人员：姓名、首字母或编号 · Names, initials or ids."),
]
KeyArgument = Annotated[
    str, typer.Argument(metavar="KEY", help="密钥编号（annals_ 之后 8 位） · Its 8 characters.")
]
LoginOption = Annotated[
    str | None,
    typer.Option("--login", help="登录名，默认为姓名 · The login; by default the person's name."),
]
TitleOption = Annotated[str, typer.Option("--title", help="用途 · What it is for.")]
GrantOption = Annotated[
    str, typer.Option("--grant", help="以哪项授权 · The grant under which it acts.")
]
OperationOption = Annotated[
    list[str],
    typer.Option("--operation", help="可用的操作，可重复 · Operations, such as tasks.*; repeated."),
]
DaysOption = Annotated[
    int,
    typer.Option("--days", min=1, max=LASTS_MAX.days, help="有效天数 · For how many days."),
]
SubjectOption = Annotated[
    str | None,
    typer.Option("--subject", help="其在统一身份认证中的标识（sub） · Their subject there."),
]
ExpectOption = Annotated[
    str | None,
    typer.Option(
        "--expect",
        help="首次登录时 ANNALS_OIDC_CLAIM 所指声明的值 · The value that the claim named by "
        "ANNALS_OIDC_CLAIM has at their first sign-in.",
    ),
]
IssuerOption = Annotated[
    str | None,
    typer.Option("--issuer", help="默认为 ANNALS_OIDC_ISSUER · By default ANNALS_OIDC_ISSUER."),
]
Reopen = Annotated[bool, typer.Option("--open", help="重新启用 · Open it again.")]


class _Opened(NamedTuple):
    """A login, and the password that its person has to change."""

    login: str
    password: str


class _Desk(NamedTuple):
    """What a command here works on."""

    terminal: Terminal
    record: Record
    access: Access
    logins: Logins

    def person(self, named: str) -> str:
        """The id of the official who is meant."""
        return person_meant(self.record, self.logins, named)

    def name(self, person: str) -> str:
        """The name of an official today."""
        official: Person = self.record.state(f"person:{person}")
        return official.names.on(self.record.today()) or person

    def note(self, what: What, operation: str, subject: str) -> None:
        """Note in the operation log who did it, on the server itself."""
        self.access.log.note(
            what, person=person_of(None), operation=f"annals {operation}", subject=subject
        )


@contextmanager
def _desk(lang: Lang) -> Iterator[_Desk]:
    with (
        answering(lang) as terminal,
        database(settings_of()) as where,
        Record(where.url) as record,
    ):
        founded_as(record)
        yield _Desk(terminal, record, Access(record.recorder.datastore), where.logins)


@users.command("add")
def add(
    persons: PersonsArgument, login: LoginOption = None, as_json: Json = False, lang: Lang = "zh"
) -> None:
    """开设账号，并给出须立即更换的初始密码。 · Open accounts; each password has to be changed."""
    if login and len(persons) > 1:
        raise typer.BadParameter("PERSON × 1", param_hint="--login")
    with _desk(lang) as desk:
        officials = [desk.person(each) for each in persons]
        asked = [Opening(each, login or desk.name(each), initial()) for each in officials]
        accounts = desk.access.accounts.add_all(asked)
        for each in officials:
            desk.note("account", "user add", each)
        opened = [
            _Opened(account.login, each.password)
            for account, each in zip(accounts, asked, strict=True)
        ]
        _show_passwords(desk.terminal, opened, as_json=as_json)


@users.command("password")
def new_password(person: PersonArgument, as_json: Json = False, lang: Lang = "zh") -> None:
    """重设密码，停用验证码，并结束其全部登录。
    · Set another password, remove the second factor, and end all sessions."""
    with _desk(lang) as desk:
        person = desk.person(person)
        account, password = desk.access.accounts.account(person), initial()
        desk.access.second_factors.remove(person)
        desk.access.accounts.set_password(person, password)
        desk.note("account", "user password", person)
        _show_passwords(desk.terminal, [_Opened(account.login, password)], as_json=as_json)


@users.command("lock")
def lock(person: PersonArgument, again: Reopen = False, lang: Lang = "zh") -> None:
    """停用账号，结束其全部登录，撤销其密钥。 · Close an account, with its sessions and keys."""
    with _desk(lang) as desk:
        person = desk.person(person)
        name = desk.name(person)
        desk.note("account", "user lock --open" if again else "user lock", person)
        if again:
            desk.access.accounts.reopen(person)
            desk.terminal.say(f"{name}的账号已重新启用。", f"The account of {name} is open.")
            return
        desk.access.accounts.close(person)
        desk.terminal.say(f"{name}的账号已停用。", f"The account of {name} is closed.")


@users.command("link")
def link(
    person: PersonArgument,
    subject: SubjectOption = None,
    expect: ExpectOption = None,
    issuer: IssuerOption = None,
    actor: ActorOption = None,
    lang: Lang = "zh",
) -> None:
    """关联统一身份认证的身份；没有账号的同时开设账号。
    · Link the account to an identity at a provider; open one if there is none."""
    if (subject is None) == (expect is None):
        raise typer.BadParameter("--subject | --expect")
    with _desk(lang) as desk:
        person, at = desk.person(person), _issuer(issuer)
        name = desk.name(person)
        if person not in {each.person for each in desk.access.accounts.all()}:
            # Its password is nobody's: only the provider opens this account.
            desk.access.accounts.add(person=person, login=name, password=initial())
        by = person_of(actor)
        desk.access.identities.link(person, issuer=at, subject=subject, expected=expect, by=by)
        desk.note("account", "user link", person)
        desk.terminal.say(f"{name}可通过 {at} 登录。", f"{name} can sign in through {at}.")


@users.command("unlink")
def unlink(person: PersonArgument, issuer: IssuerOption = None, lang: Lang = "zh") -> None:
    """解除关联，结束由此开始的登录。 · End the link, and the sessions that began through it."""
    with _desk(lang) as desk:
        person, at = desk.person(person), _issuer(issuer)
        name = desk.name(person)
        desk.access.identities.unlink(person, issuer=at)
        desk.note("account", "user unlink", person)
        desk.terminal.say(f"{name}不再通过 {at} 登录。", f"{name} no longer signs in through {at}.")


@users.command("list")
def list_users(as_json: Json = False, lang: Lang = "zh") -> None:
    """列出全部账号。 · List all accounts."""
    with _desk(lang) as desk:
        found = desk.access.accounts.all()
        if as_json:
            desk.terminal.json({"items": [each._asdict() for each in found]})
            return
        table = desk.terminal.table(
            ("登录名", "Login"),
            ("人员", "Person"),
            ("密码到期", "Password due"),
            ("验证码", "Second factor"),
            ("停用", "Closed"),
        )
        for each in found:
            due, closed = each.password_due_at, each.closed_at
            table.add_row(
                each.login,
                desk.name(each.person),
                f"{due:%Y-%m-%d}",
                "✓" if each.second_factor else "",
                f"{closed:%Y-%m-%d}" if closed else "",
            )
        desk.terminal.show(table)


@keys.command("create")
def create_key(
    person: PersonArgument,
    title: TitleOption,
    grant: GrantOption,
    operation: OperationOption,
    days: DaysOption = 90,
    actor: ActorOption = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """新建密钥，只显示一次。 · Create a key, which is shown once."""
    for each in operation:
        if not re.fullmatch(OPERATION_PATTERN, each):
            raise typer.BadParameter(f"{each!r}: tasks.list, tasks.*", param_hint="--operation")
    with _desk(lang) as desk:
        person = desk.person(person)
        held: Authorities = desk.record.state(f"authority:{person}")
        held.grant(grant)
        new = desk.access.keys.create(
            person=person,
            grant=grant,
            title=title,
            operations=tuple(operation),
            lasts=timedelta(days=days),
            by=person_of(actor),
        )
        desk.note("key", "key create", new.key.prefix)
        _show_once(desk, new, as_json=as_json)


@keys.command("rotate")
def rotate_key(
    person: PersonArgument,
    key: KeyArgument,
    actor: ActorOption = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """更换密钥：新密钥只显示一次，旧密钥再有效一周。
    · Another key for the same, shown once; the old one works for a week more."""
    with _desk(lang) as desk:
        new = desk.access.keys.rotate(person, key, by=person_of(actor))
        desk.note("key", "key rotate", new.key.prefix)
        _show_once(desk, new, as_json=as_json)


@keys.command("revoke")
def revoke_key(person: PersonArgument, key: KeyArgument, lang: Lang = "zh") -> None:
    """撤销密钥。 · Revoke a key."""
    with _desk(lang) as desk:
        desk.access.keys.revoke(desk.person(person), key)
        desk.note("key", "key revoke", key)
        desk.terminal.say(f"密钥 {key} 已撤销。", f"The key {key} is revoked.")


@keys.command("list")
def list_keys(as_json: Json = False, lang: Lang = "zh") -> None:
    """列出全部密钥。 · List all keys."""
    with _desk(lang) as desk:
        found = desk.access.keys.of()
        if as_json:
            desk.terminal.json({"items": [_shown(each) for each in found]})
            return
        table = desk.terminal.table(
            ("密钥", "Key"),
            ("用途", "For"),
            ("人员", "Person"),
            ("授权", "Grant"),
            ("有效至", "Until"),
            ("最近使用", "Last used"),
        )
        for each in found:
            name = desk.name(each.person)
            table.add_row(each.prefix, each.title, name, each.grant, *_days(each))
        desk.terminal.show(table)


def _issuer(named: str | None) -> str:
    issuer = named or settings_of().oidc_issuer
    if not issuer:
        raise Stopped("openid.settings-missing", names=["ANNALS_OIDC_ISSUER"])
    return issuer


def _shown(key: Key) -> dict[str, Any]:
    return {name: value for name, value in key._asdict().items() if name != "seen_anew"}


def _days(key: Key) -> tuple[str, str]:
    ends_at, used_at = key.revoked_at or key.expires_at, key.last_used_at
    return f"{ends_at:%Y-%m-%d}", f"{used_at:%Y-%m-%d}" if used_at else ""


def _show_once(desk: _Desk, new: NewKey, *, as_json: bool) -> None:
    if as_json:
        desk.terminal.json({"key": new.key.prefix, "text": new.text})
        return
    desk.terminal.say(f"密钥（只显示这一次）：{new.text}", f"The key, shown this once: {new.text}")


def _show_passwords(terminal: Terminal, opened: Sequence[_Opened], *, as_json: bool) -> None:
    if as_json:
        terminal.json({"items": [each._asdict() for each in opened]})
        return
    for login, password in opened:
        terminal.say(
            f"登录名 {login}，初始密码 {password}（只显示这一次，首次登录须更换）",
            f"Login {login}, password {password} (shown this once, to be changed at the first "
            "sign-in)",
        )
