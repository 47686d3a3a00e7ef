"""`annals call`: any operation of our own HTTP description, asked in this process.

It has no door of its own: it makes the request that a client would send and shows what the API
answers, so that the two can never differ.
"""

import inspect
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from difflib import get_close_matches
from itertools import groupby
from logging import NullHandler, getLogger
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import typer
from typer.core import TyperCommand, TyperGroup

from api.cli.acting import founded_as, person_of
from api.cli.answers import show, tell_problem
from api.cli.client import Answer, Asked, ask
from api.cli.database import Database, database, settings_of
from api.cli.models import caught_up
from api.cli.openapi import KEY, Operation, Said, operations
from api.cli.options import Ours, before_operation, behind_operation, own_options, said_of
from api.cli.refusals import Stopped
from api.cli.sending import following, request_of
from api.cli.terminal import Terminal, answering
from api.cli.wording import example_words
from api.http.app import create_app
from projections.engine.view import ReadModels
from record.store.record import Record

LIKE_MAX = 8


class OperationCommand(TyperCommand):
    """One operation as a command; its help ends with the example of its body."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the names as the API writes them, too: `--effective_from`."""
        known = {name for parameter in self.params for name in parameter.opts}
        return super().parse_args(ctx, [_as_known(each, known) for each in args])

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """The example as it is typed; nothing in it may be wrapped."""
        words = example_words(operations()[self.name or ""])
        formatter.write(f"\n示例 · Example:\n  annals call {' '.join(map(_quoted, words))}\n")


class OperationGroup(TyperGroup):
    """All operations as commands, made only when one is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The operations' names, subject by subject."""
        return list(operations())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of one operation."""
        operation = operations().get(cmd_name)
        return operation and _command(operation)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is meant; a usage error names what comes near it."""
        if (name := args[0]) not in operations():
            like = [each for each in operations() if name in each][:LIKE_MAX]
            like = like or get_close_matches(name, operations(), LIKE_MAX)
            near = f"\n  {' '.join(like)}" if like else ""
            ctx.fail(f"没有操作 {name!r} · There is no operation {name!r}.{near}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The operations under their subjects."""
        for tag, found in groupby(operations().values(), lambda operation: operation.tag):
            with formatter.section(tag):
                formatter.write_dl([(each.name, each.summary) for each in found])


app = typer.Typer(
    cls=OperationGroup,
    short_help="命令与查询 · Any command or read of the HTTP API.",
    rich_markup_mode=None,
    subcommand_metavar="OPERATION [OPTIONS]",
)


def _listed(ctx: typer.Context, **_: Any) -> None:
    """在本机对编年执行 HTTP 接口的任一操作；不带参数则列出全部操作。
    · Carry out any operation of the HTTP API on the record; alone, it lists them all.

    以下选项也可写在操作名之后；与操作自身的选项同名时须写在操作名之前。
    · These options may stand behind the operation, too; where it has one of the same name, they
    must stand before it."""
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def _taking(run: Callable[..., None], parameters: list[inspect.Parameter]) -> Callable[..., None]:
    """The function, as one that takes these options."""
    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    run.__signature__ = inspect.Signature([context, *parameters])  # type: ignore[attr-defined]
    return run


app.callback(invoke_without_command=True)(_taking(_listed, before_operation()))


def _command(operation: Operation) -> Any:
    """The command of an operation: its fields as options, and ours where it leaves them free."""
    own, ours = own_options(operation), behind_operation(operation)

    def run(ctx: typer.Context, **given: Any) -> None:
        assert ctx.parent is not None
        behind = {each.name: given[each.name] for each in ours if given[each.name] is not None}
        _call(operation, said_of(operation, given), Ours(**{**ctx.parent.params, **behind}))

    alone = typer.Typer(rich_markup_mode=None, add_completion=False)
    told = f"{operation.summary}\n\n{operation.description}"
    alone.command(operation.name, cls=OperationCommand, help=told)(_taking(run, own + ours))
    return typer.main.get_command(alone)


def _as_known(word: str, known: set[str]) -> str:
    name, equals, value = word.partition("=")
    plain = name.replace("_", "-")
    return f"{plain}{equals}{value}" if name.startswith("--") and plain in known else word


def _quoted(word: str) -> str:
    """The word as a shell takes it; Chinese needs no quotes."""
    if word and all(c.isalnum() or c in "-_./,:@%+=" for c in word):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"


def _call(operation: Operation, said: Said, ours: Ours) -> None:
    # What a person has to know is in the answer: a line of the log beside it would say it twice.
    getLogger("annals").addHandler(NullHandler())
    with answering(ours.lang) as terminal, ExitStack() as stack:
        where = stack.enter_context(database(settings_of()))
        record = stack.enter_context(Record(where.url))
        models = stack.enter_context(_models(operation, where, record))
        key = (ours.key or uuid4().hex) if KEY in operation.headers else None
        asked = request_of(
            operation,
            _longest_pages(operation, said) if ours.every else said,
            language=terminal.language,
            by=_acting(record, ours) if operation.acts else None,
            key=key,
            if_version=ours.if_version,
            body=ours.body,
        )
        door = create_app(record, models)

        def asking(asked: Asked) -> Answer:
            answer = ask(door, asked, lambda headers: _opened(stack, headers, ours.out))
            if answer.status >= 400:
                _tell_no(terminal, answer, key, as_json=ours.as_json)
                raise typer.Exit(1)
            return answer

        answer = asking(asked)
        if ours.every and operation.is_list and answer.is_json:
            answer = _with_all_pages(operation, asked, answer, asking)
        _show(terminal, answer, ours)


def _longest_pages(operation: Operation, said: Said) -> Said:
    """What was said, and pages as long as they may be unless that was said too."""
    limit = operation.field("limit", "query")
    if limit is None or any(field is limit for field, _ in said):
        return said
    return [*said, (limit, str(limit.schema.get("maximum", 1)))]


def _with_all_pages(
    operation: Operation, asked: Asked, answer: Answer, asking: Callable[[Asked], Answer]
) -> Answer:
    """The first page with the items of all that follow, as known at its position."""
    whole = answer.json
    known = whole["position"] if operation.field("known", "query") else None
    while (link := answer.headers.get("link")) and (behind := following(asked, link, known)):
        answer = asking(behind)
        whole["items"] += answer.json["items"]
        whole["next"] = answer.json["next"]
    return answer._replace(content=json.dumps(whole, ensure_ascii=False).encode())


@contextmanager
def _models(operation: Operation, where: Database, record: Record) -> Iterator[ReadModels]:
    """The read models; at the record's end where the operation is answered from them."""
    if operation.reads_models:
        with caught_up(where.url, record) as models:
            yield models
        return
    models = ReadModels(where.url, connections_max=2)
    models.open()
    try:
        yield models
    finally:
        models.close()


def _acting(record: Record, ours: Ours) -> str:
    """The Annals-Actor header: what was said, and a steward of the city where nothing was."""
    unit = ours.unit or founded_as(record).city
    parts = {
        "person": person_of(ours.actor),
        "unit": unit,
        "role": ours.role or "steward",
        "jurisdiction": ours.jurisdiction or unit,
    }
    return "; ".join(f"{name}={value}" for name, value in parts.items())


def _opened(stack: ExitStack, headers: dict[str, str], out: str | None) -> BinaryIO:
    """Where an answer goes that is not JSON."""
    if out:
        return stack.enter_context(Path(out).open("wb"))
    kind = headers.get("content-type", "")
    if sys.stdout.isatty() and not kind.startswith("text/"):
        raise Stopped(
            f"答复为 {kind}，不宜显示在终端；请以 --out 指定文件。",
            f"The answer is {kind}, nothing for a terminal; name a file with --out.",
        )
    return sys.stdout.buffer


def _tell_no(terminal: Terminal, answer: Answer, key: str | None, *, as_json: bool) -> None:
    """What the API answers when it does not do what was asked."""
    if as_json:
        terminal.err.print_json(data=answer.json)
    else:
        tell_problem(terminal, answer.json)
    if key and answer.status >= 500:
        terminal.remark(f"本次的幂等键：--key {key}", f"The key of this command: --key {key}")


def _show(terminal: Terminal, answer: Answer, ours: Ours) -> None:
    if answer.is_json and answer.content:
        if ours.out:
            Path(ours.out).write_bytes(answer.content)
        elif ours.as_json:
            terminal.json(answer.json)
        else:
            show(terminal, answer.json)
    if location := answer.headers.get("location"):
        terminal.remark(f"地址：{location}", f"Address: {location}")
