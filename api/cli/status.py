"""`annals status`: the positions of the record and the read models, and problems."""

from typing import Any

import psycopg

from api.cli.database import Database, raw_database, settings_of
from api.cli.models import condition_of
from api.cli.terminal import Json, Lang, Terminal, answering
from api.http.operations import status_of
from domain.founding.state import Founded
from record.store.record import Record


def status(as_json: Json = False, lang: Lang = "zh") -> None:
    """编年与读模型的现状；只读取，不改变任何内容。
    · The state of the record and its read models; changes nothing."""
    with answering(lang) as terminal, raw_database(settings_of(), begins=False) as where:
        found = _found(where)
        if as_json:
            terminal.json(found)
        else:
            _show(terminal, found)


def _found(where: Database) -> dict[str, Any]:
    """The content of `GET /api/v1/status`, and what only operators of the database need."""
    version = _version(where.url)  # first, as it fails at once if the database is unavailable
    with Record(where.url) as record:
        found = status_of(record).model_dump(mode="json")
        migrated = not found["migrations_pending"]
        head: int = found["head"]
        founded: Founded | None = record.state("record") if migrated else None
        last = record.entries(after=head - 1, limit=1) if head else []
    condition = condition_of(where.url) if migrated else None
    return {
        "city": founded.city_name if founded and founded.version else None,
        "simulation": bool(founded and founded.simulation),
        "recorded_at": last[0].recorded_at.isoformat() if last else None,
        **found,
        "rebuild_needed": bool(condition and (condition.outdated or condition.parked)),
        "rebuilding": condition.rebuilding if condition else None,
        "database": {"version": version, "embedded": where.embedded},
    }


def _version(url: str) -> str:
    with psycopg.connect(url) as connection:
        version = connection.info.server_version
    return f"{version // 10_000}.{version % 10_000}"


def _show(terminal: Terminal, found: dict[str, Any]) -> None:
    base = found["database"]
    terminal.say(
        f"数据库：PostgreSQL {base['version']}{'（自带）' if base['embedded'] else ''}",
        f"Database: PostgreSQL {base['version']}{' (our own)' if base['embedded'] else ''}",
    )
    if found["migrations_pending"]:
        names = "、".join(found["migrations_pending"])
        terminal.say(
            f"数据库结构待更新：{names}；请运行 annals migrate。",
            f"Migrations pending: {names}; run annals migrate.",
        )
        return
    _show_record(terminal, found)
    _show_read_models(terminal, found)


def _show_record(terminal: Terminal, found: dict[str, Any]) -> None:
    if not found["city"]:
        terminal.say(
            "编年：尚未创立；请运行 annals found。", "Record: not founded yet; run annals found."
        )
        return
    mark = terminal.text("（演示）", " (a simulation)") if found["simulation"] else ""
    terminal.say(
        f"编年：{found['city']}{mark}，止于位置 {found['head']}，记录于 {found['recorded_at']}",
        f"Record: {found['city']}{mark}, ends at position {found['head']}, recorded at "
        f"{found['recorded_at']}",
    )


def _show_read_models(terminal: Terminal, found: dict[str, Any]) -> None:
    if not found["projections"]:
        terminal.say(
            "读模型：尚未建立；annals work 或 annals serve 会建立。",
            "Read models: not built yet; annals work or annals serve builds them.",
        )
        return
    table = terminal.table(
        ("读模型", "read model"), ("位置", "position"), ("落后", "lag"), ("状况", "condition")
    )
    for each in found["projections"]:
        parked = each["parked_position"] and terminal.text(
            f"停在位置 {each['parked_position']}：{each['error']}",
            f"parked at position {each['parked_position']}: {each['error']}",
        )
        fine = terminal.text("正常", "fine")
        table.add_row(each["name"], str(each["position"]), str(each["lag"]), parked or fine)
    terminal.show(table)
    if found["rebuilding"] is not None:
        terminal.say(
            f"有一次未完成的重建（已至位置 {found['rebuilding']}）；"
            "annals rebuild 继续，--cancel 放弃。",
            f"A rebuild is unfinished (at position {found['rebuilding']}): annals rebuild "
            "continues it, --cancel drops it.",
        )
    if found["rebuild_needed"]:
        terminal.say(
            "读模型需要重建；请运行 annals rebuild。",
            "The read models need a rebuild; run annals rebuild.",
        )
