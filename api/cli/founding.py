"""`annals found` and `annals migrate`."""

import time
from typing import Annotated

import psycopg
import typer

from api.cli.acting import ActorOption, first_acting, founded_or_not
from api.cli.database import database, raw_database, settings_of
from api.cli.shapes import checked
from api.cli.terminal import Json, Lang, Terminal, answering
from domain.founding.founding import FoundRecord
from domain.founding.state import Founded
from domain.kernel.ids import derive_id
from domain.kernel.refusal import Stopped
from record.store.migrate import migrate as bring_up
from record.store.record import Record

WAIT_SECONDS_MAX = 60.0
PAUSE_SECONDS = 0.5
POLICY = "2021"

City = Annotated[str, typer.Option("--city", help="城市名称 · The city's name.")]
Code = Annotated[
    str, typer.Option("--code", help="城市的统计代码，4 或 6 位 · The city's statistical code.")
]
Origin = Annotated[
    str | None,
    typer.Option(
        "--origin",
        help="编年日志的名称（主机名/路径），默认由代码得出 · The name of the record's log; "
        "by default derived from the code.",
    ),
]
PolicyOption = Annotated[
    str, typer.Option("--policy", help="依据的政策版本 · The policy under which it starts.")
]
Simulation = Annotated[
    bool,
    typer.Option(
        "--simulation",
        help="演示，并非真实城市，永久标明 · Mark the city as not real, for ever.",
    ),
]


def found(
    city: City,
    code: Code,
    origin: Origin = None,
    policy: PolicyOption = POLICY,
    simulation: Simulation = False,
    actor: ActorOption = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """创立一座城市的编年。 · Found the record of a city."""
    with answering(lang) as terminal:
        fields = {
            "city_name": city,
            "city_code": code,
            "origin": origin or f"annals.local/{code}",
            "policy": policy,
            "simulation": simulation,
        }
        command = checked(FoundRecord, fields, terminal.language)
        by = first_acting(actor, command.city)
        with database(settings_of(), begins=True) as where, Record(where.url) as record:
            _require_room(founded_or_not(record), command)
            # Founding the same record again returns the first receipt.
            command_id = derive_id("found", command.model_dump_json(), by.model_dump_json())
            receipt = record.carry_out("record", command, by=by, command_id=command_id)
        if as_json:
            terminal.json({"city": command.city, **receipt.model_dump(mode="json")})
            return
        terminal.say(
            f"已创立{city}的编年（位置 {receipt.position} 至 {receipt.last_position}，"
            f"城市编号 {command.city}）。",
            f"The record of {city} is founded (positions {receipt.position} to "
            f"{receipt.last_position}; the city's id is {command.city}).",
        )


def _require_room(founded: Founded, command: FoundRecord) -> None:
    """Stopped if the database already holds another record."""
    if founded.version and (founded.origin, founded.city_name) != (
        command.origin,
        command.city_name,
    ):
        raise Stopped("command-line.another-record", city=founded.city_name, origin=founded.origin)


def migrate(
    wait_seconds: Annotated[
        float,
        typer.Option(
            "--wait-seconds",
            min=0,
            help="最多等待数据库多少秒 · How many seconds to wait for the database.",
        ),
    ] = WAIT_SECONDS_MAX,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """将数据库结构更新至最新；重复运行无妨。 · Migrate the database to the newest schema."""
    with answering(lang) as terminal, raw_database(settings_of(), begins=True) as where:
        _wait_for(where.logins.owner, wait_seconds, terminal)
        applied = bring_up(where.logins.owner)
        if as_json:
            terminal.json({"applied": list(applied)})
            return
        for name in applied:
            terminal.say(f"已应用 {name}", f"applied {name}")
        if not applied:
            terminal.say(
                "数据库结构已是最新，无需更新。", "The schema is up to date; nothing to apply."
            )


def _wait_for(url: str, seconds: float, terminal: Terminal) -> None:
    """Wait until the database accepts connections; raises its error if that takes too long."""
    deadline = time.monotonic() + seconds
    waiting = False
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            if time.monotonic() >= deadline:
                raise
        else:
            return
        if not waiting:
            terminal.remark("正在等待数据库……", "Waiting for the database …")
            waiting = True
        time.sleep(PAUSE_SECONDS)
