"""docs/rules.md is the whole table: every command has its rule, every rule its test."""

import re
from pathlib import Path

import pytest

from domain.commands import COMMANDS

TESTS = Path(__file__).parents[1]
TABLE = (TESTS.parent / "docs" / "rules.md").read_text(encoding="utf-8")
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split(" | "))
    for line in TABLE.splitlines()
    if line.startswith("| ") and not line.startswith("| subject |")
]


def quoted(pattern: str, column: int) -> set[str]:
    """What stands between backticks in a column of the table and is written so."""
    stated = (each for row in ROWS for each in re.findall(r"`([^`]+)`", row[column]))
    return {each for each in stated if re.fullmatch(pattern, each)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1][:40]}")
def test_a_rule_says_where_it_comes_from_what_it_binds_and_what_shows_it(
    row: tuple[str, ...],
) -> None:
    assert len(row) == 5
    assert all(row)
    assert re.search(r"`[a-z]+/test_\w+\.py`", row[4])


def test_every_command_has_its_rule() -> None:
    assert set(COMMANDS) - quoted(r"[A-Z]\w+", 3) == set()


def test_what_a_rule_binds_is_a_command() -> None:
    assert quoted(r"[A-Z][a-z]\w+", 3) - set(COMMANDS) == set()


def test_every_test_that_is_named_is_there() -> None:
    assert {each for each in quoted(r".*\.py", 4) if not (TESTS / each).is_file()} == set()
