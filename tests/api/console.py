"""Somebody at the command line: runs `annals …` in this process, or as a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from typer.testing import CliRunner

from api.cli import app
from api.cli.refusals import ANSWERED, coded_of
from domain.kernel.context import Role
from domain.kernel.refusal import Coded
from record.store.record import Record
from tests.officials import key_of

SECONDS_MAX = 200
ANNALS = (sys.executable, "-c", "from api.cli import app; app()")


class Answer(NamedTuple):
    """What a command said on stdout and on stderr, its exit code, and why it exited."""

    code: int
    out: str
    err: str
    reason: Coded | None = None

    @property
    def json(self) -> Any:
        """What it said, for a program."""
        return json.loads(self.out)


def annals(url: str, *words: str | Path, **variables: str) -> Answer:
    """Run a command on a database and have its answer; a mistake of ours fails the test."""
    environment = {"DATABASE_URL": url, "ANNALS_ACTOR": "li.na", **variables}
    if words[0] == "call" and len(words) > 1 and "ANNALS_KEY" not in environment:
        environment["ANNALS_KEY"] = key_at(url)
    result = CliRunner().invoke(app, [str(word) for word in words], env=environment)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr, _reason(result.exception))


def key_at(url: str, role: Role = "arbiter", place: str = "") -> str:
    """The key of an official; none on a record that is not founded."""
    with Record(url) as record:
        if not record.state("record").version:
            return ""
        return key_of(record, role=role, place=place)


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


def refused_by(url: str, *words: str | Path, **variables: str) -> str:
    """Run a command that is refused, or stops, with nothing on stdout; the code."""
    answer = annals(url, *words, **variables)
    assert answer.reason, answer
    assert (answer.code, answer.out) == (1, "")
    assert answer.err
    return answer.reason.code


def _reason(error: BaseException | None) -> Coded | None:
    """Why a command exited, if a person was told."""
    while error is not None:
        if isinstance(error, ANSWERED):
            return coded_of(error)
        error = error.__cause__ or error.__context__
    return None


def started(*words: str, **variables: str) -> "subprocess.Popen[str]":
    """Start a command as a process; who starts it ends it. What it says on stderr is written to
    ours: nobody reads it meanwhile, and a pipe that is full would stop it."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **variables}
    return subprocess.Popen([*ANNALS, *words], env=environment, stdout=subprocess.PIPE, text=True)


def address_of(process: "subprocess.Popen[str]") -> str:
    """Where the server says that it serves."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if "http" not in line:
        raise AssertionError(process.communicate())
    return line[line.index("http") :].split()[0]


def shown_at(address: str, key: str = "") -> str:
    """What the address shows once it shows something."""
    asked = Request(address, headers={"Authorization": f"Bearer {key}"} if key else {})
    found: list[str] = []

    def ask() -> bool:
        try:
            with urlopen(asked) as answer:
                found[:] = [answer.read().decode()]
        except HTTPError as problem:
            if problem.code < 500:  # waiting would change nothing
                raise
            return False
        except URLError:
            return False
        return '"items":[]' not in found[0]

    until(ask)
    return found[0]


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
