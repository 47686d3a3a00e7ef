"""Conversion between options and JSON: given options become the values of a body, and
an example's values become options.

It checks nothing: what does not fit its field is passed on as it is, and the API
answers what is wrong.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from api.cli.openapi import NESTED, Field, Operation

NOTHING = ""  # given for a field that may be null
EMPTY = "[]"  # given for an empty list


def value_of(field: Field, chosen: Any) -> Any:
    """The given value of a field, as JSON."""
    if not field.many:
        return chosen if isinstance(chosen, bool) else _value(field, chosen)
    if chosen == [NOTHING] and field.nullable:
        return None
    values: list[Any] = []
    for each in chosen:
        if each == EMPTY:
            continue
        value = _value(field, each)
        values += value if isinstance(value, list) and "array" not in field.types else [value]
    return values


def _value(field: Field, text: str) -> Any:
    if text == NOTHING and field.nullable:
        return None
    if "string" not in field.types and field.types & NESTED:
        return _nested(field, text)
    if "string" not in field.types or field.types - {"string", "number"}:
        # A decimal may also be text, which is exact.
        found = _json(text)
        if _fits(found, field.types):
            return found
    return text


def _nested(field: Field, text: str) -> Any:
    """JSON from the option itself, or from the named file."""
    found = _json(text)
    if found is not None:
        return found
    if text.lstrip()[:1] in ("{", "["):
        raise typer.BadParameter(
            f"不是有效的 JSON · is not JSON: {text}", param_hint=f"--{field.option}"
        )
    found = _json(text_of(text))
    if found is None:
        raise typer.BadParameter(
            f"文件内容不是有效的 JSON · the file is not JSON: {text}",
            param_hint=f"--{field.option}",
        )
    return found


def _fits(value: Any, types: frozenset[str]) -> bool:
    match value:
        case bool():
            return "boolean" in types
        case int():
            return bool(types & {"integer", "number"})
        case float():
            return "number" in types
        case dict() | list():
            return bool(types & NESTED)
    return False


def _json(text: str) -> Any:
    """The text parsed as JSON; None if it is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def text_of(file: str) -> str:
    """The text of a file, or of stdin for `-`."""
    content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise typer.BadParameter(f"不是 UTF-8 文本 · not UTF-8 text: {file}") from None


def query_of(chosen: Any) -> list[str]:
    """The given value of a parameter, as in an address."""
    values = chosen if isinstance(chosen, list) else [chosen]
    return [str(each).lower() if isinstance(each, bool) else each for each in values]


def example_words(operation: Operation) -> list[str]:
    """What to type after `annals call` for the operation's example."""
    words = [operation.name]
    for field in operation.fields:
        if field.place == "path":
            given = next(iter(field.schema.get("examples", ())), field.name.upper())
            words += _words(field, given, operation)
    if isinstance(operation.example, Mapping):
        for field in operation.fields:
            if field.place == "body" and field.name in operation.example:
                words += _words(field, operation.example[field.name], operation)
    return words


def option_of(field: Field, operation: Operation) -> str:
    """The option of a body's field: its name, unless a parameter has the same name."""
    if field.place == "body" and operation.field(field.name, "path", "query"):
        return f"body-{field.option}"
    return field.option


def _words(field: Field, value: Any, operation: Operation) -> Iterator[str]:
    option = option_of(field, operation)
    if field.flag:
        yield f"--{option}" if value else f"--no-{option}"
        return
    values = value if field.many and value is not None else [value]
    for each in values or [EMPTY]:
        yield from (f"--{option}", _word(each))


def _word(value: Any) -> str:
    if value is None:
        return NOTHING
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def metavar_of(field: Field) -> str:
    """The placeholder for the value in the help: its type, bounds or choices."""
    schema = field.schema
    if field.file:
        return "FILE"
    if field.types & NESTED:
        return "JSON|FILE"
    if choices := schema.get("enum"):
        return "|".join(map(str, choices))
    if schema.get("format") in ("date", "date-time"):
        return "DAY" if schema["format"] == "date" else "INSTANT"
    if "integer" in field.types and "string" not in field.types:
        least, most = schema.get("minimum"), schema.get("maximum")
        few = most is not None and most < 10_000
        return f"{least:g}..{most:g}" if least is not None and few else "NUMBER"
    return "NUMBER" if "number" in field.types else "TEXT"


def help_of(field: Field) -> str:
    """The help of a field."""
    schema = field.schema
    parts = [field.description or schema.get("title", "")]
    if examples := schema.get("examples"):
        parts.append(f"({examples[0]})")
    elif (pattern := schema.get("pattern")) and "\\" not in pattern:
        parts.append(pattern)
    if field.many:
        parts.append("[可重复 · may be repeated]")
    if field.nullable and field.required:
        parts.append("['' = null]")
    if schema.get("default") not in (None, [], False):
        parts.append(f"[{schema['default']}]")
    if field.required and field.place != "path":
        parts.append("[必填 · required]")
    return " ".join(filter(None, parts))
