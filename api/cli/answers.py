"""Shows an answer of the API to a person: lists as tables, objects as names and values, problems
as sentences. Nested values are left out of tables, with a note."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.measure import Measurement
from rich.padding import Padding

from api.cli.terminal import Terminal
from domain.kernel.text import Number

MEMBERS = {"type", "title", "status", "detail", "code", "params", "instance", "errors"}
PAGE = ("effective", "position", "head")
INDENT = "  "


def show(terminal: Terminal, value: Any, *, depth: int = 0) -> None:
    """Show an answer of any shape."""
    match value:
        case {"items": list(items)}:
            show(terminal, items, depth=depth)
            _show_page(terminal, len(items), value)
        case dict() if not _is_words(value):
            _show_members(terminal, value, depth)
        case [dict(), *_] if not _is_words(value[0]):
            _show_rows(terminal, value, depth)
        case list():
            for each in value:
                terminal.line(INDENT * depth + _text(terminal, each))
        case _:
            terminal.line(INDENT * depth + _text(terminal, value))


def show_problem(terminal: Terminal, problem: Any) -> None:
    """Show a problem: its sentence, the malformed places, and its other members."""
    if not isinstance(problem, Mapping) or "detail" not in problem:
        terminal.err.print(json.dumps(problem, ensure_ascii=False), soft_wrap=True)
        return
    terminal.err.print(problem["detail"], soft_wrap=True)
    for error in problem.get("errors", ()):
        where = error.get("pointer", "").removeprefix("#").removeprefix("/")
        cell = " ".join(str(error[each]) for each in ("row", "column") if error.get(each))
        place = where or error.get("parameter") or error.get("header") or cell or "–"
        terminal.err.print(f"{INDENT}{place}: {error['detail']}", soft_wrap=True)
    for name, value in problem.items():
        if name in MEMBERS:
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                each = {key: item for key, item in each.items() if key not in ("code", "params")}
            terminal.err.print(f"{INDENT}{name}: {_line(terminal, each)}", soft_wrap=True)


def _show_page(terminal: Terminal, count: int, rest: Mapping[str, Any]) -> None:
    """Show how many lines there were, as of when, and whether there are more."""
    facts = ", ".join(f"{name} {rest[name]}" for name in PAGE if rest.get(name) is not None)
    terminal.remark(f"共 {count} 项（{facts}）", f"{Number(count):item|items} ({facts})")
    if rest.get("next") is not None:
        terminal.remark("还有更多：加 --all 全部列出。", "There are more: use --all to list them.")


def _show_members(terminal: Terminal, value: Mapping[str, Any], depth: int) -> None:
    width = max((len(name) for name, each in value.items() if not _is_nested(each)), default=0)
    for name, each in value.items():
        if not _is_nested(each):
            terminal.line(f"{INDENT * depth}{name:<{width}}  {_text(terminal, each)}".rstrip())
    for name, each in value.items():
        if _is_nested(each):
            terminal.line(f"{INDENT * depth}{name}:")
            show(terminal, each, depth=depth + 1)


def _show_rows(terminal: Terminal, rows: Sequence[Mapping[str, Any]], depth: int) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    nested = [n for n in names if any(_is_nested(row.get(n)) for row in rows)]
    shown = [n for n in names if n not in nested and any(_has(row.get(n)) for row in rows)]
    if not shown:
        for row in rows:
            _show_members(terminal, row, depth)
        return
    table = terminal.table(*((name, name) for name in shown))
    for row in rows:
        table.add_row(*(_text(terminal, row.get(name)) for name in shown))
    width = Measurement.get(terminal.out, terminal.out.options.update(width=10_000), table).maximum
    width += len(INDENT) * depth
    if width <= terminal.out.width or not terminal.out.is_terminal:
        terminal.out.width = max(terminal.out.width, width)
        terminal.out.print(Padding(table, (0, 0, 0, len(INDENT) * depth), expand=False))
    else:  # too wide for this terminal: show each line as names and values
        for row in rows:
            _show_members(terminal, {name: row.get(name) for name in shown}, depth)
            terminal.line()
    if nested:
        names_left_out = ", ".join(nested)
        terminal.remark(
            f"表中未列 {names_left_out}；--json 显示全部。",
            f"The table leaves out {names_left_out}; use --json to see everything.",
        )


def _is_nested(value: Any) -> bool:
    """Whether a value does not fit on one line."""
    if isinstance(value, dict):
        return not _is_words(value)
    return isinstance(value, list) and any(isinstance(each, dict | list) for each in value)


def _is_words(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"zh", "en"}


def _has(value: Any) -> bool:
    return value is not None and value != []


def _text(terminal: Terminal, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return terminal.text("是", "yes") if value else terminal.text("否", "no")
        case {"zh": zh, "en": en}:
            return terminal.text(zh, en)
        case list():
            return terminal.text("、", ", ").join(_text(terminal, each) for each in value)
        case dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


def _line(terminal: Terminal, value: Any) -> str:
    """A value on one line; an object as its members."""
    if isinstance(value, dict) and not _is_words(value):
        return ", ".join(f"{name} {_text(terminal, each)}" for name, each in value.items())
    return _text(terminal, value)
