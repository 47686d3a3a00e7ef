"""`annals` alone: which commands there are, each loaded only when it is chosen."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from api.cli import COMMANDS, app

# What takes its time to import, and what a list of names and options has no use for.
HEAVY = ("fastapi", "psycopg", "eventsourcing", "rich.console", "domain.catalogue", "api.http.app")


def test_alone_it_lists_every_command_with_a_line_about_it() -> None:
    answer = CliRunner().invoke(app, ["--help"])

    told = dict(line.split(maxsplit=1) for line in answer.stdout.splitlines() if "·" in line)
    assert {name: told[name] for name in COMMANDS} == {
        name: place.short_help for name, place in COMMANDS.items()
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_where_the_list_says(name: str) -> None:
    answer = CliRunner().invoke(app, [name, "--help"])

    assert answer.exit_code == 0, answer.output
    assert f"Usage: annals {name}" in answer.stdout


def test_a_command_that_does_not_exist_is_a_mistake_of_usage() -> None:
    answer = CliRunner().invoke(app, ["demonstrate"])

    assert answer.exit_code == 2
    assert "demonstrate" in answer.stderr


@pytest.mark.parametrize("words", [["--help"], ["call"], ["call", "tasks.assign", "--help"]])
def test_help_is_told_without_loading_what_a_command_works_with(words: list[str]) -> None:
    program = (
        "import atexit, sys\n"
        "atexit.register(lambda: print([n for n in sys.argv[1].split() if n in sys.modules]))\n"
        "from api.cli import app\n"
        "app(sys.argv[2:])\n"
    )

    told = subprocess.run(
        [sys.executable, "-c", program, " ".join(HEAVY), *words],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Usage:" in told.stdout
    assert told.stdout.splitlines()[-1] == "[]"
