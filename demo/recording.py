"""Records the demo city: founds it as a simulation and carries out its story as commands."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from demo import visitors
from demo.acts import Act, Import, Paper, numbered, text_of
from demo.beginning import FIRST_DAY, begin
from demo.story import tell
from domain.kernel.command import Command
from domain.kernel.context import Acting, Document
from domain.kernel.policy import Policy, built_in
from record.attachments.attachments import Received
from record.store.batch import BatchStep
from record.store.bulk import collector_paused
from record.store.simulation import Simulation

# Until then nothing happens in the city but what `beginning` tells; a test says so.
ALONE_UNTIL = datetime(2021, 3, 1, tzinfo=UTC)


def begin_demo_city(url: str) -> None:
    """Record what the city's first two months begin with, which is told in no time."""
    with _recording(url) as (record, clock):
        _carry_out(record, clock, tell_beginning(), lambda _done, _total: None)


def record_demo_city(
    url: str, on_progress: Callable[[int, int], None], *, until: datetime | None = None
) -> None:
    """Record a fictional city's five years, 2021 to 2025, the same each time, byte for byte; or
    what was recorded in it before `until`.

    `url` names a database with an empty record at the newest schema, or one in which this recording
    was interrupted, which is then continued. `on_progress` gets the number of done commands and the
    total.
    """
    with collector_paused(), _recording(url) as (record, clock):
        story = tell_demo_city()
        if until:
            earlier = tuple(act for act in story.acts if act.at < until)
            story = story._replace(acts=earlier)
        _carry_out(record, clock, story, on_progress)


@contextmanager
def _recording(url: str) -> Iterator[tuple[Simulation, "_Clock"]]:
    """The record, at the simulation's clock."""
    clock = _Clock(datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC))
    with Simulation(_without_waiting(url), clock=clock) as record:
        yield record, clock


def _without_waiting(url: str) -> str:
    """The database where no commit waits for the disk: what a crash takes from the end of the demo
    is recorded again, the same, by the next start."""
    options = conninfo_to_dict(url).get("options") or ""
    return make_conninfo(url, options=f"{options} -c synchronous_commit=off".lstrip())


class Story(NamedTuple):
    """All acts of the offices, in order, with their documents."""

    acts: tuple[Act | Import, ...]
    documents: Mapping[Paper, Document]


@cache
def tell_demo_city() -> Story:
    """The city's story, computed once per process, without a record."""
    with collector_paused():
        return _story(tell(_policy()).acts)


def tell_beginning() -> Story:
    """The first of these acts, without telling what comes after them."""
    chronicle = begin(_policy())
    visitors.arrive(chronicle)
    return _story(act for act in chronicle.acts if act.at < ALONE_UNTIL)


def _story(acts: Iterable[Act | Import]) -> Story:
    in_order = sorted(acts, key=lambda act: act.at)
    return Story(tuple(in_order), numbered(in_order))


def _policy() -> Policy:
    """The newest policy file in force on the first day; the city begins under it."""
    policies = [edition.policy for edition in built_in().values()]
    in_force = [each for each in policies if each.effective_from <= FIRST_DAY]
    return max(in_force or policies, key=lambda each: each.effective_from)


class _Clock:
    """The simulation's clock: it shows the moment of the act that is being carried out."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """What it shows."""
        return self.now


def _carry_out(
    record: Simulation,
    clock: _Clock,
    story: Story,
    on_progress: Callable[[int, int], None],
) -> None:
    """Carry out all acts in the order of their moments, and report how many commands are done.

    What was recorded before an interruption is not repeated.
    """
    total = sum(act.commands for act in story.acts)
    done = 0
    for act in story.acts:
        done += act.commands
        id = act.id
        if record.has_recorded(id):
            continue
        clock.now = act.at
        basis = tuple(story.documents[paper] for paper in act.papers)
        _attach(record, basis, act.by)
        if isinstance(act, Import):
            steps = [BatchStep(stream, command) for stream, command in act.asked]
            record.carry_out_batch(id, act.received, steps, by=act.by, basis=basis)
        else:
            command = act.ask if isinstance(act.ask, Command) else act.ask(record.state(act.stream))
            record.tell(
                act.stream,
                command,
                by=act.by,
                basis=basis,
                despite=act.despite,
                command_id=id,
            )
        if not record.waiting:
            on_progress(done, total)
    record.record_told()
    on_progress(done, total)


def _attach(record: Simulation, basis: Iterable[Document], by: Acting) -> None:
    """Store the attachments of documents, by the first person who names them as a basis."""
    for document in basis:
        if document.attachments and not record.attachments.find(*document.attachments):
            with Received("text/plain") as received:
                received.write(text_of(document).encode())
                record.attachments.store(
                    received, file_name=f"{document.title}.txt", person=by.actor.person
                )
