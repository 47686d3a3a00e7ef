"""What has been recorded stays readable: adds to the corpus what it has not got yet.

    python -m tests.record.corpus               two entries of each event that has none there
    python -m tests.record.corpus BACKUP.zip    streams of a record, such as the demo city's

It only ever adds: what is there was recorded in that form, and is read for ever.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from domain.catalogue import EVENTS, SUBJECTS
from domain.kernel.context import Acting, Actor, Authority, Document
from domain.kernel.irregular import Irregularity
from record.store.entry import Envelope, head

CORPUS = Path(__file__).with_name("corpus")
ADD = "python -m tests.record.corpus"
STREAMS_MAX = 3  # of a record, with the same kinds of events
# One of these fits each pattern; a new pattern may need another.
TEXTS = (
    "k7m2p4xq3ab5cd6e",
    "示例 example",
    "2024-07-01",
    "09:30",
    "2024",
    "9901",
    "990102",
    "990102001",
    "990102001001",
    "community:k7m2p4xq3ab5cd6e",
    "jurisdiction:k7m2p4xq3ab5cd6e",
    "authority:k7m2p4xq3ab5cd6e",
    "task.not-accepted",
    "91350211M000100Y43",
    "12.50",
    "annals.example/city",
    "0" * 64,
    "note",
)
ENVELOPE = Envelope(
    by=Acting(
        actor=Actor(person="k7m2p4xq3ab5cd6e", unit="k7m2p4xq3ab5cd6e"),
        authority=Authority(
            role="decider", jurisdiction="k7m2p4xq3ab5cd6e", grant="g7m2p4xq3ab5cd6e"
        ),
    ),
    basis=(
        Document(
            issuer="示例市民政局",
            title="关于示例的通知",
            number="示民〔2024〕7 号",
            issued_on=date(2024, 7, 1),
            attachments=("0" * 64,),
        ),
    ),
    batch="k7m2p4xq3ab5cd6e",
    caused_by=6,
    command_id="k-1",
    policy="2021",
)
BARE = Envelope(
    by=Acting(
        actor=Actor(person="li.na", unit="u1"),
        authority=Authority(role="decider", jurisdiction="u1"),
    ),
    basis=(),
    batch=None,
    caused_by=None,
    command_id="k-2",
    policy="2021",
)
TAIL = (
    b',"position":7,"recorded_at":"2024-07-01T01:00:00.000001Z",'
    b'"stream":"%s:k7m2p4xq3ab5cd6e","version":3}'
)


def entries_of(name: str) -> Iterator[bytes]:
    """An entry of the event with every optional field filled, and one with none."""
    event, mark = EVENTS[name], None
    for envelope, full in ((ENVELOPE, True), (BARE, False)):
        schema = event.model_json_schema()
        body = event.model_validate_json(json.dumps(_made(schema, schema.get("$defs", {}), full)))
        if full:
            marked = Irregularity.model_json_schema()
            told = _made(marked, marked.get("$defs", {}), full)
            mark = Irregularity.model_validate_json(json.dumps(told))
        yield head(envelope, body, irregular=mark if full else None) + TAIL % b"community"


def _made(schema: Mapping[str, Any], known: Mapping[str, Any], full: bool) -> Any:
    """A value of this schema."""
    if "$ref" in schema:
        return _made(known[schema["$ref"].rpartition("/")[2]], known, full)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][-1 if full else 0]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            some = [each for each in schema[choice] if each.get("type") != "null"]
            return _made(some[0], known, full)
    match schema.get("type"):
        case "object":
            return dict(_members(schema, known, full))
        case "array":
            items = schema.get("prefixItems") or [schema.get("items", {"type": "string"})]
            count = max(schema.get("minItems", 0), 1 if full else 0)
            return [_made(items[min(n, len(items) - 1)], known, full) for n in range(count)]
        case "integer" | "number":
            return max(int(schema.get("minimum", 1)), int(schema.get("exclusiveMinimum", 0)) + 1)
        case "boolean":
            return full
        case _:
            return _text(schema)


def _members(
    schema: Mapping[str, Any], known: Mapping[str, Any], full: bool
) -> Iterator[tuple[str, Any]]:
    for name, each in schema.get("properties", {}).items():
        if full or name in schema.get("required", ()):
            yield name, _made(each, known, full)
    if not (full or schema.get("minProperties")):
        return
    more = schema.get("additionalProperties")
    if isinstance(more, dict):
        names = schema.get("propertyNames", {"type": "string", "pattern": "^[a-z0-9]+$"})
        yield _made(names, known, full), _made(more, known, full)
    for pattern, of_these in schema.get("patternProperties", {}).items():
        yield _text({"pattern": pattern}), _made(of_these, known, full)


def _text(schema: Mapping[str, Any]) -> str:
    if schema.get("format") == "date":
        return "2024-07-01"
    pattern, longest = schema.get("pattern", ""), schema.get("maxLength", 10_000)
    fitting = [t for t in TEXTS if re.search(pattern, t) and len(t) <= longest]
    assert fitting, f"TEXTS needs one that fits {schema}"
    return fitting[1] if pattern.startswith(r"^\S") else fitting[0]


def add_events() -> list[str]:
    """Add entries of each event that has none; their names."""
    added = []
    for name in EVENTS:
        file = CORPUS / f"{name}.jsonl"
        if not file.exists():
            file.write_bytes(b"".join(each + b"\n" for each in entries_of(name)))
            added.append(name)
    return added


def add_record(backup: Path) -> str:
    """Add whole streams of a record that has these, at most three of the same kind."""
    with ZipFile(backup) as archive:
        manifest = json.loads(archive.read("annals.json"))
        lines = archive.read("entries.jsonl").splitlines()
    file = CORPUS / f"{manifest['origin'].replace('/', '-')}-{manifest['position']}.jsonl.gz"
    if not file.exists():
        content = b"".join(line + b"\n" for line in _chosen(lines))
        file.write_bytes(gzip.compress(content, mtime=0))
    return file.name


def _chosen(lines: Iterable[bytes]) -> Iterator[bytes]:
    streams: dict[str, list[tuple[str, bytes]]] = {}
    for line in lines:
        told = json.loads(line)
        streams.setdefault(told["stream"], []).append((told["event"], line))
    taken: dict[tuple[str, frozenset[str]], int] = {}
    for stream, entries in streams.items():
        alike = stream.partition(":")[0], frozenset(name for name, _ in entries)
        assert alike[0] in SUBJECTS
        taken[alike] = taken.get(alike, 0) + 1
        if taken[alike] <= STREAMS_MAX:
            yield from (line for _, line in entries)


if __name__ == "__main__":
    told = [add_record(Path(each)) for each in sys.argv[1:]] or add_events()
    sys.stdout.write("".join(f"{each}\n" for each in told))
