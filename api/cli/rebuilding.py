"""`annals rebuild`: rebuild all read models from the record, compare them, and put them to use."""

from contextlib import suppress
from typing import Annotated

import typer

from api.cli.database import database, settings_of
from api.cli.models import condition_of
from api.cli.terminal import Json, Lang, Terminal, answering
from domain.kernel.refusal import Stopped
from domain.kernel.text import Number
from projections.all import PROJECTIONS
from projections.engine.following import RecordRestored
from projections.engine.rebuild import Rebuilt, cancel, roll_back
from projections.engine.rebuild import rebuild as rebuild_all
from projections.engine.worker import catch_up


def rebuild(
    cancelling: Annotated[
        bool,
        typer.Option("--cancel", help="放弃未完成的重建 · Drop an unfinished rebuild."),
    ] = False,
    rolling_back: Annotated[
        bool,
        typer.Option(
            "--roll-back",
            help="恢复上次重建前的读模型 · Restore the read models from before the last rebuild.",
        ),
    ] = False,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """由编年重建全部读模型，期间照常服务；中断后再次运行即可继续。
    · Rebuild all read models while they serve; run it again to continue after an interruption."""
    if cancelling and rolling_back:
        raise typer.BadParameter("--cancel | --roll-back")
    with answering(lang) as terminal, database(settings_of()) as where:
        if cancelling:
            _cancel(where.logins.worker, terminal)
        elif rolling_back:
            _roll_back(where.logins.worker, terminal)
        else:
            _rebuild(where.logins.worker, terminal, as_json=as_json)


def _cancel(url: str, terminal: Terminal) -> None:
    if condition_of(url).rebuilding is None:
        terminal.say(
            "没有未完成的重建，无需放弃。", "There is no unfinished rebuild; nothing to drop."
        )
        return
    cancel(url)
    terminal.say(
        "已放弃未完成的重建；现有读模型未受影响。",
        "The unfinished rebuild is dropped; the live read models are untouched.",
    )


def _roll_back(url: str, terminal: Terminal) -> None:
    if condition_of(url).previous is None:
        raise Stopped("read-models.no-earlier")
    roll_back(url)
    terminal.say(
        "已恢复上次重建前的读模型；再次运行 --roll-back 即可换回。",
        "The read models from before the last rebuild are restored; --roll-back again undoes that.",
    )


def _rebuild(url: str, terminal: Terminal, *, as_json: bool) -> None:
    before = condition_of(url)
    if before.rebuilding:
        terminal.remark(
            f"从位置 {before.rebuilding} 继续上次未完成的重建。",
            f"Continuing an unfinished rebuild from position {before.rebuilding}.",
        )
    if before.standings and not before.outdated and not before.parked:
        with suppress(RecordRestored):
            catch_up(url, PROJECTIONS)  # so that all of it can be compared
    with terminal.progress("重建读模型", "Rebuilding the read models") as on_progress:
        rebuilt = rebuild_all(url, PROJECTIONS, on_progress=on_progress)
    comparable = bool(before.standings and rebuilt.compared)
    if as_json:
        terminal.json(
            {
                "position": rebuilt.position,
                "entries": rebuilt.entries,
                "compared": comparable,
                "differences": [each._asdict() for each in rebuilt.differences],
            }
        )
        return
    terminal.say(
        f"已重建至位置 {rebuilt.position}，本次处理 {rebuilt.entries} 条，并已启用。",
        f"Rebuilt up to position {rebuilt.position}, {Number(rebuilt.entries):entry|entries} this "
        "time, and in use.",
    )
    _show_comparison(rebuilt, terminal, comparable=comparable)


def _show_comparison(rebuilt: Rebuilt, terminal: Terminal, *, comparable: bool) -> None:
    if rebuilt.differences:
        terminal.say(
            "重建结果与原读模型不一致（以编年为准，已采用重建结果）：",
            "The rebuilt rows differ from the earlier ones and replace them: the record is right.",
        )
        table = terminal.table(("表", "table"), ("原有", "before"), ("重建", "rebuilt"))
        for difference in rebuilt.differences:
            table.add_row(*difference)
        terminal.show(table)
    elif comparable:
        terminal.say(
            "摘要比对：与原读模型逐表一致。", "Digests compared: every table is as it was before."
        )
    else:
        terminal.say(
            "原读模型缺失或版本不同，未作比对。",
            "There were no earlier read models of this version: not compared.",
        )
