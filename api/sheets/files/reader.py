"""The process itself: a file on standard input, its rows on standard output as lines of JSON.

    python -m api.sheets.files.reader [WORKSHEET]

The first line names the worksheets, or the code of a refusal; each other line has some rows.
"""

import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

from api.sheets.files.found import Line, Rows, Unreadable, Worksheets

MEMORY_BYTES_MAX = 512 * 1024 * 1024  # of address space; far less is in use
SECONDS_MAX = 30  # a million rows of blank cells with a format take ten
ROWS_PER_LINE = 200
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def main() -> None:
    """Read what comes in within bounds, and answer."""
    _bind(resource.RLIMIT_AS, MEMORY_BYTES_MAX)
    _bind(resource.RLIMIT_CPU, SECONDS_MAX)
    _bind(resource.RLIMIT_CORE, 0)
    try:
        sheets, rows = _read(sys.stdin.buffer.read(), sys.argv[1] if len(sys.argv) > 1 else None)
        answer = _answer(sheets, rows.found)
    except Unreadable as wrong:
        answer = iter([{"code": wrong.code, "params": dict(wrong.params)}])
    except (MemoryError, RecursionError):
        answer = iter([{"code": "file.too-much", "params": {}}])
    for each in answer:
        sys.stdout.buffer.write(json.dumps(each).encode() + b"\n")


def _read(content: bytes, named: str | None) -> tuple[Worksheets | None, Rows]:
    # Each imported only when it is needed: that takes longer than to read a small file.
    if content.startswith(ZIP):
        from api.sheets.files import xlsx

        return xlsx.read(content, named)
    if content.startswith(OLD_EXCEL):
        from api.sheets.files import xls

        return xls.read(content, named)
    from api.sheets.files import delimited

    return None, delimited.read(content)


def _answer(sheets: Worksheets | None, rows: list[Line]) -> Iterator[Any]:
    yield {"worksheets": sheets and sheets._asdict()}
    for begin in range(0, len(rows), ROWS_PER_LINE):
        yield rows[begin : begin + ROWS_PER_LINE]


def _bind(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
