"""Starts the process that reads a file, and takes its answer; whatever becomes of it, we live."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from api.sheets.files.found import Line, Unreadable, Worksheets

ROOT = Path(__file__).parents[3]
SECONDS_MAX = 90  # by the clock, on a machine that is busy
AT_ONCE_MAX = 2
COMMAND = ("-P", "-s", "-m", "api.sheets.files.reader")

_free = threading.BoundedSemaphore(AT_ONCE_MAX)


def read(content: bytes, worksheet: str | None = None) -> tuple[Worksheets | None, list[Line]]:
    """The rows of a file's table that are not blank, and which worksheet they are from, None of
    CSV; raises Unreadable."""
    try:
        with _free:
            done = subprocess.run(
                [sys.executable, *COMMAND, *([worksheet] if worksheet else [])],
                input=content,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
                timeout=SECONDS_MAX,
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise Unreadable("file.too-much") from None
    if done.returncode:  # by a signal: it asked for more time or memory than there is
        raise Unreadable("file.too-much" if done.returncode < 0 else "file.no-workbook")
    first, *more = done.stdout.splitlines()
    found = _found(json.loads(first))
    return found, [Line(n, tuple(cells)) for line in more for n, cells in json.loads(line)]


def _found(answer: dict[str, Any]) -> Worksheets | None:
    if "code" in answer:
        raise Unreadable(answer["code"], **answer["params"])
    if answer["worksheets"] is None:
        return None
    title, others, hidden = (answer["worksheets"][name] for name in Worksheets._fields)
    return Worksheets(title, tuple(others), tuple(hidden))
