"""Loads named statements from the `.sql` file beside a module: SQL is source, not a string."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import LiteralString, cast

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@cache
def statements(module_file: str) -> Mapping[str, LiteralString]:
    """The statements of `x.sql` beside `x.py`, by the names in its `-- name: …` lines.

    They are literal strings as far as psycopg is concerned: they come from our own source tree.
    """
    parts = _NAME.split(Path(module_file).with_suffix(".sql").read_text(encoding="utf-8"))
    names, texts = parts[1::2], parts[2::2]
    assert len(set(names)) == len(names), f"a name stands twice in the SQL of {module_file}"
    return {
        name: cast(LiteralString, text.strip()) for name, text in zip(names, texts, strict=True)
    }


def lines(values: Iterable[str]) -> str:
    """Many values as the lines of one text, which costs a fraction of an array's dump.

    None of them has a line feed: names and ids of streams cannot, and in JSON it is escaped.
    """
    return "\n".join(values)
