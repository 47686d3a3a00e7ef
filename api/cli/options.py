"""The options of `annals call`: those of each operation, and our own."""

import inspect
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_type_hints

import typer

from api.cli.openapi import KEY, VERSION, Field, Operation, OptionValues
from api.cli.terminal import Json, Lang
from api.cli.wording import help_of, metavar_of, option_of


class Ours(NamedTuple):
    """The values of our own options."""

    authority: Annotated[
        str | None,
        typer.Option(
            "--authority",
            envvar="ANNALS_AUTHORITY",
            metavar="GRANT",
            help="以哪项授权办理；有多项时须指明 · Under which grant; needed if you hold several.",
        ),
    ] = None
    key_file: Annotated[
        Path | None,
        typer.Option(
            "--key-file",
            envvar="ANNALS_KEY_FILE",
            metavar="FILE",
            help="密钥所在文件；也可用 ANNALS_KEY，或先 annals sign-in · A file with a key; or set "
            "ANNALS_KEY, or sign in with annals sign-in.",
        ),
    ] = None
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            metavar="TEXT",
            help="幂等键，默认新生成 · The idempotency key; by default a new one.",
        ),
    ] = None
    if_version: Annotated[
        int | None,
        typer.Option(
            "--if-version",
            metavar="NUMBER",
            help="仅当仍为此版本时办理 · Only if the subject is at this version.",
        ),
    ] = None
    body: Annotated[
        str | None,
        typer.Option(
            "--body",
            metavar="FILE|-",
            help="请求正文；同时给出的选项优先 · The body; options override its fields.",
        ),
    ] = None
    every: Annotated[
        bool,
        typer.Option("--all", help="列出全部各页 · All pages of a list."),
    ] = False
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="FILE", help="答复写入文件 · Write the answer to a file."),
    ] = None
    as_json: Json = False
    lang: Lang = "zh"


OPTIONS: dict[str, Any] = get_type_hints(Ours, include_extras=True)


def before_operation() -> list[inspect.Parameter]:
    """Our options before an operation's name."""
    return [
        _parameter(name, annotated, Ours._field_defaults[name])
        for name, annotated in OPTIONS.items()
    ]


def behind_operation(operation: Operation) -> list[inspect.Parameter]:
    """Our options after an operation that has none of the same name. There they have no default
    values."""
    taken = {option_of(field, operation) for field in operation.fields}
    return [
        _parameter(name, _silent(annotated), None)
        for name, annotated in OPTIONS.items()
        if _spelt(annotated) not in taken and _is_of_use(operation, name)
    ]


def own_options(operation: Operation) -> list[inspect.Parameter]:
    """An operation's fields as options, under names that differ from ours."""
    return [
        _own(operation, field, f"field_{number}") for number, field in enumerate(operation.fields)
    ]


def option_values_of(operation: Operation, given: Mapping[str, Any]) -> OptionValues:
    """The fields that were given, with their values."""
    values = (given[f"field_{number}"] for number in range(len(operation.fields)))
    return [
        (field, value)
        for field, value in zip(operation.fields, values, strict=True)
        if value not in (None, [], ())
    ]


def _own(operation: Operation, field: Field, name: str) -> inspect.Parameter:
    spelt = option_of(field, operation)
    kind: Any = bool if field.flag else list[str] if field.many else str
    option = typer.Option(
        f"--{spelt}/--no-{spelt}" if field.flag else f"--{spelt}",
        metavar=None if field.flag else metavar_of(field),
        help=help_of(field),
    )
    if field.place == "path":
        return _parameter(name, Annotated[kind, option], inspect.Parameter.empty)
    return _parameter(name, Annotated[kind | None, option], None)


def _parameter(name: str, annotated: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=annotated, default=default
    )


def _silent(annotated: Any) -> Any:
    option = copy(annotated.__metadata__[0])
    option.envvar = None
    return Annotated[annotated.__origin__ | None, option]


def _spelt(annotated: Any) -> str:
    """An option's name, without its dashes."""
    return str(annotated.__metadata__[0].default).removeprefix("--")


def _is_of_use(operation: Operation, name: str) -> bool:
    """Whether one of our options applies to an operation."""
    match name:
        case "key":
            return KEY in operation.headers
        case "if_version":
            return VERSION in operation.headers
        case "body":
            return bool(operation.content)
        case "every":
            return operation.is_list
        case "authority":
            return operation.takes_grant
    return True
