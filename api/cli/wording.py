"""Options and the JSON that they stand for, both ways: what was said becomes a body's values, and
an example's values become what to say.

It checks nothing: what has not the shape of its field goes through as it was said, and the door
answers with what is wrong.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from api.cli.openapi import NESTED, Field, Operation

NOTHING = ""  # said of a field that may be null
EMPTY = "[]"  # said of a list without items


def value_of(field: Field, said: Any) -> Any:
    """What was said of a field, as JSON has it."""
    if not field.many:
        return said if isinstance(said, bool) else _value(field, said)
    if said == [NOTHING] and field.nullable:
        return None
    values: list[Any] = []
    for each in said:
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
        # A decimal may be text too, and is exact as text.
        found = _json(text)
        if _fits(found, field.types):
            return found
    return text


def _nested(field: Field, text: str) -> Any:
    """JSON as it was written, or from the file that was named."""
    found = _json(text)
    if found is not None:
        return found
    if text.lstrip()[:1] in ("{", "["):
        raise typer.BadParameter(
            f"不是有效的 JSON · is no JSON: {text}", param_hint=f"--{field.option}"
        )
    found = _json(text_of(text))
    if found is None:
        raise typer.BadParameter(
            f"文件内容不是有效的 JSON · the file holds no JSON: {text}",
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
    """The JSON that the text is; None when it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def text_of(file: str) -> str:
    """A file's text, or what stands on stdin for `-`."""
    content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise typer.BadParameter(f"不是 UTF-8 文本 · no text in UTF-8: {file}") from None


def query_of(said: Any) -> list[str]:
    """What was said of a parameter, as an address has it: the door makes of it what it means."""
    values = said if isinstance(said, list) else [said]
    return [str(each).lower() if isinstance(each, bool) else each for each in values]


def example_words(operation: Operation) -> list[str]:
    """What to type for the operation's example, behind `annals call`."""
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
    """The option of a field: its name, unless a parameter beside the body has the same."""
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
    """What stands for the value in the help: its type, its bounds, or what it may be."""
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
    """What the help says of a field."""
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
