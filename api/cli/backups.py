"""`annals backup` and `annals restore`."""

from pathlib import Path
from typing import Annotated

import typer

from access.backup import back_up as back_up_access
from access.backup import restore as restore_access
from access.operation_log import note_export
from api.cli.acting import person_of
from api.cli.database import database, settings_of
from api.cli.terminal import Json, Lang, Terminal, answering
from domain.kernel.text import Number
from projections.all import PROJECTIONS
from projections.engine.rebuild import rebuild
from record.backup.backup import back_up
from record.backup.parts import BackedUp
from record.backup.restore import check
from record.backup.restore import restore as bring_back

Accounts = Annotated[
    Path | None,
    typer.Option(
        "--accounts",
        dir_okay=False,
        help="另一文件，存放账号、密钥与操作日志（含密码摘要，须单独保管）"
        " · A file apart for accounts, keys and the operation log; it has the hashes of passwords.",
    ),
]


def backup(
    target: Annotated[
        Path,
        typer.Argument(help="新文件，或已有的目录 · A new file, or a folder that exists."),
    ],
    accounts: Accounts = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """备份编年、附件与政策文件，期间照常服务；备份为同一位置的完整内容。
    · Back up the record, its documents and policy files, while it serves: all at one position."""
    with answering(lang) as terminal, database(settings_of()) as where:
        note_export(where.logins.auditor, "annals backup", person=person_of(None))
        if accounts:
            _tell(terminal, accounts, back_up_access(where.logins.server, accounts))
        with terminal.progress("备份编年", "Backing up the record") as on_progress:
            made = back_up(where.logins.auditor, target, on_progress=on_progress)
        _show(terminal, made, as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="备份文件 · The backup.")],
    checking: Annotated[
        bool,
        typer.Option("--check", help="只核验，不需要数据库 · Only verify it; needs no database."),
    ] = False,
    accounts: Accounts = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """核验备份并恢复到没有编年的数据库，然后重建读模型；绝不覆盖已有编年。
    · Verify a backup and restore it where there is no record, then rebuild the read models."""
    with answering(lang) as terminal:
        if checking:
            with terminal.progress("核验备份", "Verifying the backup") as on_progress:
                _show(terminal, check(file, on_progress=on_progress), as_json=as_json)
            return
        with database(settings_of(), begins=True) as where:
            with terminal.progress("恢复编年", "Restoring the record") as on_progress:
                restored = bring_back(where.logins.owner, file, on_progress=on_progress)
            with terminal.progress("重建读模型", "Rebuilding the read models") as on_progress:
                rebuild(where.logins.worker, PROJECTIONS, on_progress=on_progress)
            if accounts:
                _tell(terminal, accounts, restore_access(where.logins.owner, accounts))
        _show(terminal, restored, as_json=as_json)


def _tell(terminal: Terminal, file: Path, rows: int) -> None:
    terminal.remark(
        f"{file}：账号、密钥与操作日志共 {rows} 行",
        f"{file}: {Number(rows):row|rows} of accounts, keys and the operation log",
    )


def _show(terminal: Terminal, found: BackedUp, *, as_json: bool) -> None:
    if as_json:
        terminal.json(found._asdict())
        return
    terminal.say(
        f"{found.file}：{found.city}，止于位置 {found.position}，附件 {found.attachments} 份，"
        f"全部条目的摘要为 {found.chain}",
        f"{found.file}: {found.city}, up to position {found.position}, "
        f"{Number(found.attachments):document|documents}; the digest of all entries is "
        f"{found.chain}",
    )
