"""`annals sign-in` and `annals sign-out`; who somebody is who uses the API at the command line.

A password and a key are never an argument, which others on the machine could read. The token of a
session is in a file that only its user may read.
"""

import os
from pathlib import Path
from typing import Annotated

import typer

from access.access import Access
from access.refusing import NotSignedIn
from api.cli.acting import founded_as
from api.cli.database import database, settings_of
from api.cli.sealing import seal_of
from api.cli.terminal import Lang, Terminal, answering
from api.http.kernel.signed_in import COOKIE
from api.settings import Settings
from record.store.record import Record

AGENT = "annals sign-in"

LoginArgument = Annotated[str, typer.Argument(metavar="LOGIN", help="登录名 · The login.")]


def proof(record: Record, settings: Settings, key_file: Path | None) -> tuple[str, str] | None:
    """The header that says who sends a request: the key that is named, or else the session."""
    if file := key_file or settings.key_file:
        return "Authorization", f"Bearer {file.read_text(encoding='ascii').strip()}"
    if settings.key:
        return "Authorization", f"Bearer {settings.key.get_secret_value()}"
    kept = _file(record, settings)
    return ("Cookie", f"{COOKIE}={kept.read_text(encoding='ascii')}") if kept.exists() else None


def sign_in(login: LoginArgument, lang: Lang = "zh") -> None:
    """登录，此后 annals call 以本人身份办理。 · Sign in; annals call then acts as this person."""
    with (
        answering(lang) as terminal,
        database(settings := settings_of()) as where,
        Record(where.url) as record,
    ):
        founded_as(record)
        access = Access(record.recorder.datastore, seal=seal_of(settings, where))
        person, password = _checked(access, terminal, login)
        token = access.sessions.begin(person, address=None, agent=AGENT)
        if access.sessions.find(token).password_due:
            new = _asked(terminal, "新密码（初始密码须更换）", "New password, in place of this one")
            access.sign_in.change_password(login, old=password, new=new)
            token = access.sessions.begin(person, address=None, agent=AGENT)
        access.log.note("sign-in", person=person, login=login, operation=AGENT)
        file = _file(record, settings)
        _forget(access, file)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
            kept.write(token)
        terminal.say(f"{login} 已登录。", f"{login} is signed in.")


def sign_out(lang: Lang = "zh") -> None:
    """退出 annals sign-in 的登录。 · End the session of annals sign-in."""
    with (
        answering(lang) as terminal,
        database(settings := settings_of()) as where,
        Record(where.url) as record,
    ):
        _forget(Access(record.recorder.datastore), _file(record, settings))
        terminal.say("已退出。", "Signed out.")


def _checked(access: Access, terminal: Terminal, login: str) -> tuple[str, str]:
    """The person with this login, once they have proven it, and their password."""
    password, code = _asked(terminal, "密码", "Password"), None
    while True:
        try:
            return access.sign_in.check(login, password, code), password
        except NotSignedIn as refusal:
            access.log.note(
                "sign-in", succeeded=False, login=login, operation=AGENT, code=refusal.code
            )
            if refusal.code != "sign-in.code-needed":
                raise
            code = _asked(terminal, "验证码", "Code")


def _asked(terminal: Terminal, zh: str, en: str) -> str:
    said: str = typer.prompt(terminal.text(zh, en), hide_input=True, err=True)
    return said


def _file(record: Record, settings: Settings) -> Path:
    """Where the token of a session on this record is kept."""
    return settings.state / f"session-{record.state('record').city}"


def _forget(access: Access, file: Path) -> None:
    if file.exists():
        access.sessions.forget(file.read_text(encoding="ascii"))
        file.unlink()
