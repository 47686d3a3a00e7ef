"""Whatever can happen to a few communities, as events, as entries, or put on a record."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from domain.catalogue import subject
from domain.code.events import CodeClaimed
from domain.jurisdiction.administrative_unit import AdministrativeUnit
from domain.kernel.command import Command
from domain.kernel.event import Event
from record.store.entry import AnyEntry, Envelope, decode, head
from record.store.record import Record
from record.store.recorder import Draft, Prepared
from tests.city import LI
from tests.domain.given import TREE
from tests.domain.test_any_sequence import COMMANDS, IDS, TWO_STAND, City

Happened = list[list[tuple[str, Event]]]  # for each command that was not refused, what it recorded
SEQUENCES: st.SearchStrategy[list[tuple[str, Command[Any]]]] = st.lists(
    st.tuples(IDS, COMMANDS), min_size=5, max_size=25
)


def happened(asked: Iterable[tuple[str, Command[Any]]]) -> Happened:
    """What follows from these commands, in a city with two communities that stand."""
    city = City()
    tree: Happened = []
    for stream, events in TREE.items():
        state = subject(stream).fold(events)
        spans = state.code_spans() if isinstance(state, AdministrativeUnit) else {}
        claims = [(f"code:{c}", CodeClaimed.of(stream, span)) for c, span in spans.items()]
        tree.append([*((stream, event) for event in events), *claims])
    made = [city.ask(f"community:{id}", command) for id, command in [*TWO_STAND, *asked]]
    return [*tree, *(each for each in made if each)]


def drafts_of(
    events: Sequence[tuple[str, Event]], versions: dict[str, int], id: str
) -> list[Draft]:
    """The entries of one command, behind these versions."""
    envelope = Envelope(by=LI, basis=(), batch=None, caused_by=None, command_id=id, policy="2021")
    drafts = []
    for stream, event in events:
        versions[stream] = versions.get(stream, 0) + 1
        name = type(event).__name__
        drafts.append(Draft(stream, versions[stream], name, head(envelope, event)))
    return drafts


def entries_of(all_of_it: Happened) -> list[AnyEntry]:
    """The entries as they would be read from the record."""
    versions: dict[str, int] = {}
    at = datetime(2024, 6, 30, tzinfo=UTC)
    drafts = [d for events in all_of_it for d in drafts_of(events, versions, "c")]
    return [_read(draft, position, at) for position, draft in enumerate(drafts, 1)]


def entry_of(event: Event, stream: str, position: int, at: datetime) -> AnyEntry:
    """One entry of a stream that the record has nothing else than, recorded at this instant."""
    (draft,) = drafts_of([(stream, event)], {stream: position - 1}, "c")
    return _read(draft, position, at)


def _read(draft: Draft, position: int, at: datetime) -> AnyEntry:
    tail = (
        f',"position":{position},"recorded_at":"{at.isoformat(timespec="microseconds")}"'
        f',"stream":"{draft.stream}","version":{draft.version}}}'
    )
    return decode(draft.event, draft.head + tail.encode())


def put_on_record(record: Record, all_of_it: Happened) -> list[int]:
    """Append it without asking any rule again; answers with the last position of each command."""
    versions: dict[str, int] = {}
    positions = []
    for number, events in enumerate(all_of_it):
        read = dict(versions)
        drafts = drafts_of(events, versions, f"c{number}")
        command = Prepared(
            command_id=f"c{number}",
            digest=bytes(32),
            stream=drafts[0].stream,
            read={draft.stream: read.get(draft.stream, 0) for draft in drafts},
            drafts=drafts,
        )
        (answer,) = record.recorder.append([command])
        assert answer.outcome == "recorded"
        positions.append(answer.last_position)
    return positions
