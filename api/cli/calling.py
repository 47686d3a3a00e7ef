"""`annals call`: any operation of our own HTTP description as a command, with its help.

It knows operations only by their description; `execution` carries out the chosen one.
"""

import inspect
from collections.abc import Callable
from difflib import get_close_matches
from itertools import groupby
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from api.cli.openapi import Operation, operations
from api.cli.options import Ours, before_operation, behind_operation, option_values_of, own_options
from api.cli.wording import example_words

LIKE_MAX = 8


class OperationCommand(TyperCommand):
    """One operation as a command. Its help ends with an example."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Accept names as the API writes them, too: `--effective_from`."""
        known = {name for parameter in self.params for name in parameter.opts}
        return super().parse_args(ctx, [_as_known(each, known) for each in args])

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """The example as it is typed, without wrapping."""
        words = example_words(operations()[self.name or ""])
        formatter.write(f"\n示例 · Example:\n  annals call {' '.join(map(_quoted, words))}\n")


class OperationGroup(TyperGroup):
    """All operations as commands, created on demand."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the operations, by subject."""
        return list(operations())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of one operation."""
        operation = operations().get(cmd_name)
        return operation and _command(operation)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command; a usage error suggests similar names."""
        if (name := args[0]) not in operations():
            like = [each for each in operations() if name in each][:LIKE_MAX]
            like = like or get_close_matches(name, operations(), LIKE_MAX)
            near = f"\n  {' '.join(like)}" if like else ""
            ctx.fail(f"没有操作 {name!r} · There is no operation {name!r}.{near}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the operations by subject."""
        for tag, found in groupby(operations().values(), lambda operation: operation.tag):
            with formatter.section(tag):
                formatter.write_dl([(each.name, each.summary) for each in found])


app = typer.Typer(
    cls=OperationGroup,
    add_completion=False,
    rich_markup_mode=None,
    subcommand_metavar="OPERATION [OPTIONS]",
)


def _listed(ctx: typer.Context, **_: Any) -> None:
    """在本机对编年执行 HTTP 接口的任一操作；不带参数则列出全部操作。
    · Carry out any operation of the HTTP API on the record; without one, list them all.

    以下选项也可写在操作名之后；与操作自身的选项同名时须写在操作名之前。
    · These options may also follow the operation; if it has one of the same name, they
    must precede it."""
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def _taking(run: Callable[..., None], parameters: list[inspect.Parameter]) -> Callable[..., None]:
    """The function with these options as parameters."""
    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    run.__signature__ = inspect.Signature([context, *parameters])  # type: ignore[attr-defined]
    return run


app.callback(invoke_without_command=True)(_taking(_listed, before_operation()))


def _command(operation: Operation) -> Any:
    """The command of an operation: its fields as options, and ours of other names."""
    own, ours = own_options(operation), behind_operation(operation)

    def run(ctx: typer.Context, **given: Any) -> None:
        from api.cli.execution import carry_out

        assert ctx.parent is not None
        own_values = {each.name: given[each.name] for each in ours if given[each.name] is not None}
        carry_out(
            operation,
            option_values_of(operation, given),
            Ours(**{**ctx.parent.params, **own_values}),
        )

    alone = typer.Typer(rich_markup_mode=None, add_completion=False)
    text = f"{operation.summary}\n\n{operation.description}"
    alone.command(operation.name, cls=OperationCommand, help=text)(_taking(run, own + ours))
    return typer.main.get_command(alone)


def _as_known(word: str, known: set[str]) -> str:
    name, equals, value = word.partition("=")
    plain = name.replace("_", "-")
    return f"{plain}{equals}{value}" if name.startswith("--") and plain in known else word


def _quoted(word: str) -> str:
    """The word quoted for a shell, if necessary; Chinese needs no quotes."""
    if word and all(c.isalnum() or c in "-_./,:@%+=" for c in word):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"
