"""Every recorded event is readable for ever: what is kept in `corpus/` is read with today's code.

Nothing kept there is ever changed. A new event gets its entries by `python -m tests.record.corpus`.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.json import encode

from domain.catalogue import EVENTS, subject
from domain.kernel.subject import Subject
from record.store.entry import AnyEntry, canonical, decode, decode_event
from tests.record.corpus import ADD, CORPUS

FILES = sorted(CORPUS.glob("*.jsonl"))
RECORDS = sorted(CORPUS.glob("*.jsonl.gz"))


def read(line: bytes, number: int) -> AnyEntry:
    """A kept entry; what today's code writes of it is what is kept."""
    told = json.loads(line)
    entry = decode(told["event"], line, position=number)
    assert canonical(entry.event) == canonical(told["body"]), (told["event"], number)
    assert canonical(entry.irregular) == canonical(told.get("irregular")), told["event"]
    assert decode_event(told["event"], line, position=number) == entry.event
    assert encode(told, order="sorted") == line
    return entry


def lines(file: Path) -> Iterator[bytes]:
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    yield from content.splitlines()


@pytest.mark.parametrize("file", FILES, ids=[each.stem for each in FILES])
def test_an_event_that_was_once_recorded_is_read_as_it_was(file: Path) -> None:
    entries = [read(line, number) for number, line in enumerate(lines(file), start=1)]

    assert {entry.name for entry in entries} == {file.stem}
    assert file.stem in EVENTS


def test_each_event_has_its_entries_in_the_corpus() -> None:
    missing = EVENTS.keys() - {file.stem for file in FILES}

    assert not missing, f"The corpus has no entry of {sorted(missing)}; run {ADD}, and commit it."


@pytest.mark.parametrize("file", RECORDS, ids=[each.stem for each in RECORDS])
def test_streams_that_were_once_recorded_are_read_and_folded(file: Path) -> None:
    states: dict[str, Subject] = {}
    for number, line in enumerate(lines(file), start=1):
        entry = read(line, number)
        before = states.get(entry.stream) or subject(entry.stream)
        states[entry.stream] = before.fold([entry.event])

    assert all(state.version for state in states.values())
