"""The command line. It contains no rule and no SQL.

A command's module is imported only when the command is chosen.
"""

from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup


class Place(NamedTuple):
    """Where a command is: a function, or a group of commands; with a line of help."""

    module: str
    name: str
    short_help: str


COMMANDS = {
    "demo": Place("demo", "demo", "演示 · Record a fictional city and serve it."),
    "serve": Place("serving", "serve", "服务 · Serve the pages and the API."),
    "work": Place("serving", "work", "读模型 · Keep the read models up to date."),
    "found": Place("founding", "found", "创立编年 · Found a city's record."),
    "migrate": Place("founding", "migrate", "更新数据库结构 · Migrate the database."),
    "sign-in": Place("proving", "sign_in", "登录 · Sign in, for annals call."),
    "sign-out": Place("proving", "sign_out", "退出 · Sign out."),
    "user": Place("accounts", "users", "账号 · Accounts of people."),
    "key": Place("accounts", "keys", "密钥 · Keys of programs."),
    "log": Place("operations_log", "app", "操作日志 · Check or export the operation log."),
    "grant": Place("granting", "grant", "授予职责 · Grant authority, as the owner of the server."),
    "revoke": Place("granting", "revoke", "收回职责 · Revoke authority, likewise."),
    "rebuild": Place("rebuilding", "rebuild", "重建读模型 · Rebuild the read models."),
    "policy": Place("policies", "app", "政策 · Check, compare, try and adopt policy files."),
    "backup": Place("backups", "backup", "备份 · Back up the record."),
    "restore": Place("backups", "restore", "恢复 · Verify and restore a backup."),
    "replay": Place("replaying", "replay", "重放历史 · Replay a community's history."),
    "status": Place("status", "status", "现状 · The state of the record."),
    "import": Place("importing", "app", "导入 · Import."),
    "export": Place("exporting", "app", "导出 · Export."),
    "call": Place("calling", "app", "命令与查询 · Any command or read of the HTTP API."),
}


class Commands(TyperGroup):
    """All commands, each loaded only when it is chosen."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands, in the order in which they are shown."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, or None."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        chosen = getattr(import_module(f"api.cli.{place.module}"), place.name)
        if isinstance(chosen, typer.Typer):
            return typer.main.get_command(chosen)
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(cmd_name)(chosen)
        return typer.main.get_command(alone)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands, each with its line of help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.short_help) for name, place in COMMANDS.items()])


app = typer.Typer(
    name="annals",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its boxes cut lines with Chinese in them
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def annals() -> None:
    """社区治理编年 · Annals: the record of how a city's communities are governed."""
