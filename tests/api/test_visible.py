"""What cannot be seen, or would turn what can, reaches no terminal, file or log."""

import json
import logging
from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest

from api.cli.terminal import Terminal
from api.logs import JsonLines
from domain.kernel.text import UNSAFE, visible
from projections.all import PROJECTIONS
from projections.engine.worker import catch_up
from record.store.record import Record
from tests.api.console import Answer, annals, done
from tests.city import LI, register

# Clears the screen; turns what follows round; an 8-bit escape; takes the last character away.
HOSTILE = "花\x1b[2J\u202e园\x9b31m\x08社\x7f区\u2066\u200b"


def harmless(answer: Answer) -> bool:
    return not UNSAFE.search(answer.out.removeprefix("\ufeff") + answer.err)


def test_what_is_unsafe_becomes_an_escape_and_all_else_stays() -> None:
    assert visible("第1社区\n\t“甲”😀") == "第1社区\n\t“甲”😀"
    assert visible("a\x1b[2J\u202eb\udc80") == "a\\x1b[2J\\u202eb\\udc80"
    assert not UNSAFE.search(visible(HOSTILE))


def test_the_terminal_shows_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal("en")
    terminal.line(HOSTILE)
    terminal.say(HOSTILE, HOSTILE)
    terminal.remark(HOSTILE, HOSTILE)
    table = terminal.table((HOSTILE, HOSTILE))
    table.add_row(HOSTILE)
    terminal.show(table)
    terminal.json({"name": HOSTILE})
    terminal.json({"name": HOSTILE}, problem=True)
    out, err = capsys.readouterr()

    assert not UNSAFE.search(out + err)
    assert json.loads(err.partition("\n")[2]) == {"name": HOSTILE}, "for programs it is the same"
    assert "\\u202e" in out


@pytest.mark.unchecked
@pytest.mark.parametrize(
    "words",
    [
        ("export", "register"),
        ("export", "register", "--excel"),
        ("export", "register", "--format", "json"),
        ("call", "communities.list"),
        ("call", "communities.list", "--json"),
        ("call", "communities.one", "--community", "a"),
        ("call", "communities.list", "--type", HOSTILE),
        ("call", "communities.one", "--community", HOSTILE),
        ("call", "communities.one", "--community", HOSTILE, "--json"),
        ("replay", HOSTILE),
        ("import", "roster", f"{HOSTILE}.csv", "--as-of", "2020-06-30"),
        ("status",),
    ],
    ids=lambda words: " ".join(words).encode("ascii", "ignore").decode().replace("\x1b", ""),
)
def test_no_command_lets_it_through(record: Record, words: tuple[str, ...]) -> None:
    record.carry_out("community:a", register(), by=LI)
    catch_up(record.url, PROJECTIONS)
    with psycopg.connect(record.url) as worker:
        worker.execute("update projections.community_line set name = %s", [HOSTILE])
        if words == ("status",):
            parked = "update projections.progress set error = %s, parked_at = 3"
            worker.execute(parked, [HOSTILE])

    assert harmless(annals(record.url, *words, "--lang", "en"))


@pytest.mark.unchecked
def test_no_workbook_gets_it(record: Record, tmp_path: Path) -> None:
    record.carry_out("community:a", register(), by=LI)
    catch_up(record.url, PROJECTIONS)
    with psycopg.connect(record.url) as worker:
        worker.execute("update projections.community_line set name = %s", [HOSTILE])
    file = tmp_path / "register.xlsx"

    done(record.url, "export", "register", "--format", "xlsx", "--out", file)

    with ZipFile(file) as parts:
        texts = "".join(parts.read(name).decode() for name in parts.namelist() if "xml" in name)
    assert "u202e" in texts
    assert not UNSAFE.search(texts.replace("\r\n", "\n"))


def test_the_log_has_escapes() -> None:
    line = logging.LogRecord("annals", logging.INFO, "", 1, "GET %s", (HOSTILE,), None)

    said = JsonLines().format(line)

    assert not UNSAFE.search(said)
    assert json.loads(said)["message"] == f"GET {HOSTILE}"
