"""Somebody at the command line: runs `annals …` in this process, or as a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from typer.testing import CliRunner

from api.cli import app

ANNALS = (sys.executable, "-c", "from api.cli import app; app()")


class Answer(NamedTuple):
    """What a command said on stdout and on stderr, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it said, for a program."""
        return json.loads(self.out)


def annals(url: str, *words: str | Path, **variables: str) -> Answer:
    """Run a command on a database and have its answer; a mistake of ours fails the test."""
    environment = {"DATABASE_URL": url, "ANNALS_ACTOR": "li.na", **variables}
    result = CliRunner().invoke(app, [str(word) for word in words], env=environment)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def done(url: str, *words: str | Path, **variables: str) -> Answer:
    """Run a command that succeeds."""
    answer = annals(url, *words, **variables)
    assert answer.code == 0, answer.err
    return answer


def refused(url: str, *words: str | Path, **variables: str) -> str:
    """Run a command that is refused, with sentences and nothing on stdout; the sentences."""
    answer = annals(url, *words, **variables)
    assert answer.code == 1, answer
    assert answer.out == ""
    assert answer.err
    assert "Traceback" not in answer.err
    return answer.err


def started(*words: str, **variables: str) -> "subprocess.Popen[str]":
    """Start a command as a process; who starts it ends it."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **variables}
    return subprocess.Popen(
        [*ANNALS, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
