"""The shapes of all events, for ever; and their canonical bytes.

A changed shape is a visible difference in events.json. When it is meant, write the file anew:
    python -m tests.record.test_events
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from domain.catalogue import EVENTS
from domain.code.events import CodeClaimed, CodePeriod
from domain.community.events import (
    BoundaryDescribed,
    CommunityRegistered,
    FeaturesSet,
    ProfileSurveyed,
)
from domain.kernel.context import Document
from domain.kernel.event import Event
from record.store.entry import Envelope, RecordDamaged, canonical, decode, decode_event, head
from record.store.record import Record
from tests.city import LI, register, rename
from tests.databases import as_owner

GOLDEN = Path(__file__).with_name("events.json")


def shapes() -> str:
    """The JSON Schema of every event, by name."""
    schemas = {name: event.model_json_schema() for name, event in EVENTS.items()}
    return json.dumps(schemas, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def test_the_shapes_of_events_are_those_that_were_recorded() -> None:
    assert shapes() == GOLDEN.read_text(encoding="utf-8"), __doc__


def test_an_event_once_listed_stays_and_gains_no_required_field() -> None:
    """Holds against the file as well as against what is committed: it only ever grows."""
    before = json.loads(GOLDEN.read_text(encoding="utf-8"))
    for name, schema in before.items():
        now = EVENTS[name].model_json_schema()
        assert set(now.get("required", ())) <= set(schema.get("required", ())), name
        assert set(schema.get("properties", ())) <= set(now.get("properties", ())), name


def test_no_event_holds_a_float() -> None:
    """Numbers are whole, or decimals written as text: nothing is rounded by whoever reads it."""
    for name, event in EVENTS.items():
        schema = event.model_json_schema(mode="serialization")
        assert "number" not in set(_found("type", schema)), name


def _found(keyword: str, schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get(keyword), str | bool):
            yield str(schema[keyword])
        for value in schema.values():
            yield from _found(keyword, value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _found(keyword, value)


def test_events_hold_nothing_that_canonical_writes_otherwise_than_pydantic() -> None:
    """Models, days, decimals and plain JSON: no instants, no sets."""
    for name, event in EVENTS.items():
        schema = event.model_json_schema(mode="serialization")
        assert set(_found("format", schema)) <= {"date"}, name
        assert not set(_found("uniqueItems", schema)), name


def test_events_are_closed_frozen_and_told_in_both_languages() -> None:
    for name, event in EVENTS.items():
        assert event.model_config.get("extra") == "forbid", name
        assert event.model_config.get("frozen"), name
        assert event.sentence.zh, name
        assert event.sentence.en, name


@pytest.mark.unchecked
@pytest.mark.parametrize(
    ("damage", "event"),
    [
        ("topic = 'ShopOpened'", "ShopOpened"),
        ("topic = 'CodeClaimed'", "CodeClaimed"),
        ("state = substr(state, 2)", "CommunityRenamed"),
        ("state = '{}'::bytea", "CommunityRenamed"),
        (
            "state = overlay(state placing 'nom' from position('name' in state) for 4)",
            "CommunityRenamed",
        ),
    ],
)
def test_what_cannot_be_an_entry_is_named_by_its_position(
    record: Record, damage: str, event: str
) -> None:
    record.carry_out("community:a", register(), by=LI)
    position = record.carry_out("community:a", rename("花园社区"), by=LI).position
    with as_owner(record.url) as owner:
        owner.execute("alter table record.entries disable trigger entries_are_kept")
        owner.execute(
            f"update record.entries set {damage} where notification_id = %s".encode(), (position,)
        )

    with Record(record.url) as reader:
        for read in (
            lambda: reader.history("community:a"),
            lambda: reader.entries(after=0),
            lambda: reader.state("community:a"),
            lambda: reader.carry_out("community:a", rename("临江社区"), by=LI),
        ):
            with pytest.raises(RecordDamaged) as told:
                read()
            assert told.value.code == "record.damaged"
            assert told.value.params["position"] == position
            assert told.value.params["event"] == event
            assert "花园" not in str(told.value.params)


def test_an_event_that_is_not_listed_is_not_read_even_if_its_class_is_there() -> None:
    class ShopOpened(Event):
        """Not in the catalogue."""

    assert ShopOpened.__name__ not in EVENTS
    with pytest.raises(RecordDamaged) as told:
        decode("ShopOpened", b"{}")
    assert told.value.params["event"] == ShopOpened.__name__


# Whatever a title or a text may have in it, except a NUL, which is refused.
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
MIXED = st.text(
    st.one_of(CHARACTERS, st.sampled_from('社区𠮷龘👩‍👩‍👧🏙"\\/\b\f\n\r\t\x01\x1f\x7f\x80\u2028é')),
    min_size=1,
    max_size=60,
)
TITLES = MIXED.map(lambda text: f"甲{''.join(text.splitlines())}乙")
TEXTS = MIXED.map(lambda text: f"甲{text}乙")
IDS = st.from_regex(r"\A[a-z0-9][a-z0-9.-]{0,10}\Z")
DAYS = st.dates()
DIGITS = st.text("0123456789", min_size=12, max_size=12)
SPANS = st.builds(CodePeriod, effective_from=DAYS, effective_until=st.none() | DAYS)
SLUGS = st.from_regex(r"\A[a-z0-9]{1,8}(-[a-z0-9]{1,8})?\Z")
VALUES = (
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.decimals(-(10**9), 10**9, places=4)
)
SOME_EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        CommunityRegistered,
        name=TITLES,
        code=st.none() | DIGITS,
        subdistrict=IDS,
        effective_from=DAYS,
        origin=st.sampled_from(["new", "existing", "unknown"]),
        predecessors=st.lists(IDS, max_size=3).map(tuple),
        reason=st.none() | TEXTS,
    ),
    st.builds(BoundaryDescribed, description=TEXTS, effective_from=DAYS),
    st.builds(
        CodeClaimed,
        bearer=IDS.map(lambda id: f"community:{id}"),
        periods=st.lists(SPANS, max_size=3).map(tuple),
    ),
    st.builds(
        ProfileSurveyed,
        surveyed_on=DAYS,
        indicators=st.dictionaries(SLUGS, VALUES, max_size=5),
        source=TITLES,
    ),
    st.builds(FeaturesSet, features=st.lists(SLUGS, max_size=3).map(tuple), effective_from=DAYS),
)
DOCUMENTS = st.builds(
    Document,
    issuer=TITLES,
    title=TITLES,
    number=st.none() | TITLES,
    issued_on=st.none() | DAYS,
    attachments=st.just(("0" * 64,)) | st.just(()),
)


@settings(max_examples=300, deadline=None)
@given(
    SOME_EVENTS,
    st.lists(DOCUMENTS, max_size=2).map(tuple),
    st.none() | IDS,
    st.none() | st.integers(1, 2**53 - 1),
    TEXTS,
)
def test_what_is_stored_is_canonical_json_and_reads_back_as_it_was(
    event: Event,
    basis: tuple[Document, ...],
    batch: str | None,
    caused_by: int | None,
    command_id: str,
) -> None:
    envelope = Envelope(
        by=LI,
        basis=basis,
        batch=batch,
        caused_by=caused_by,
        command_id=command_id,
        policy="2021",
    )
    tail = (
        ',"position":7,"recorded_at":"2024-06-30T00:00:00.000001Z",'
        '"stream":"community:a","version":3}'
    )

    state = head(envelope, event) + tail.encode()

    assert rfc8785.dumps(json.loads(state)) == state
    entry = decode(type(event).__name__, state)
    assert entry.event == decode_event(type(event).__name__, state, position=7) == event
    assert (entry.basis, entry.batch, entry.caused_by) == (basis, batch, caused_by)
    assert entry.command_id == command_id
    assert b"\n" not in state  # the append function takes entries as lines of one text


@given(
    st.recursive(
        TEXTS | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.none(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner, max_size=4)
        ),
    )
)
def test_canonical_is_rfc_8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_a_decimal_is_kept_digit_by_digit() -> None:
    event = ProfileSurveyed(
        surveyed_on=date(2024, 1, 1), indicators={"share": Decimal("62.50")}, source="调查"
    )

    read = type(event).model_validate_json(event.model_dump_json())

    assert isinstance(read, BaseModel)
    assert str(read.indicators["share"]) == "62.50"


if __name__ == "__main__":
    GOLDEN.write_text(shapes(), encoding="utf-8")
