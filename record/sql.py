"""Loads named statements from the `.sql` file beside a module; what all connections share."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import LiteralString, cast

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@cache
def statements(module_file: str) -> Mapping[str, LiteralString]:
    """The statements of `x.sql` beside `x.py`, by the names in its `-- name: …` lines.

    For psycopg they are literal strings, because they come from our own source tree.
    """
    parts = _NAME.split(Path(module_file).with_suffix(".sql").read_text(encoding="utf-8"))
    names, texts = parts[1::2], parts[2::2]
    assert len(set(names)) == len(names), f"a name appears twice in the SQL of {module_file}"
    return {
        name: cast(LiteralString, text.strip()) for name, text in zip(names, texts, strict=True)
    }


def time_outs(*, statement_seconds: int, idle_seconds: int) -> str:
    """Options of a connection that nothing of which may stall others for long: neither a statement
    nor a transaction in which nothing happens."""
    return (
        f"-c statement_timeout={statement_seconds}s"
        f" -c idle_in_transaction_session_timeout={idle_seconds}s"
    )


def lines(values: Iterable[str]) -> str:
    """Many values as lines of one text, which costs a fraction of dumping an array.

    No value contains a line feed: names and ids cannot, and JSON escapes it.
    """
    return "\n".join(values)
