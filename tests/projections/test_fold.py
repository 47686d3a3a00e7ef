"""Folding in memory: how entries come in batches, and what was kept between them, do not matter."""

from collections import Counter
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from projections.all import PROJECTIONS
from projections.engine.fold import Fold
from projections.engine.page import Changes, Page
from projections.engine.projection import Projection
from projections.engine.row import RowKind, row, table_of
from projections.engine.scope import Everyones
from record.store.entry import AnyEntry
from tests.projections.sequences import SEQUENCES, entries_of, happened

Rows = dict[RowKind, dict[Any, tuple[Any, int]]]
Ended = dict[RowKind, Counter[Any]]


def by_key(changes: Changes) -> dict[Any, tuple[Any, int]]:
    """The rows that begin, as a table holds them."""
    return {table_of(type(row)).key_of(row): (row, since) for row, since in changes.begun()}


def in_batches(
    projection: Projection, entries: list[AnyEntry], sizes: list[int]
) -> tuple[Rows, Ended]:
    """The tables after folding batch by batch, each time from what the tables hold."""
    present: Rows = {kind: {} for kind in projection.kinds}
    ended: Ended = {kind: Counter() for kind in projection.kinds}
    begin = 0
    while begin < len(entries):
        size = sizes[begin % len(sizes)]
        batch, begin = entries[begin : begin + size], begin + size
        fold = Fold(projection)
        keys = set(fold.missing(batch))
        fold.load(
            keys,
            (
                held
                for kind in projection.kinds
                for key, held in sorted(present[kind].items())
                if held[0][0] in keys
            ),
        )
        for entry in batch:
            fold.apply(entry)
        for kind, changes in fold.changes.items():
            for key in changes.gone:
                del present[kind][key]
            present[kind] |= by_key(changes)
            ended[kind].update(changes.ended)
    return present, ended


@settings(max_examples=150, deadline=None)
@given(SEQUENCES, st.lists(st.integers(1, 7), min_size=1, max_size=5))
def test_rows_are_the_same_in_batches_of_any_size(asked: Any, sizes: list[int]) -> None:
    entries = entries_of(happened(asked))
    for projection in PROJECTIONS:
        present, ended = in_batches(projection, entries, sizes)
        assert (present, ended) == in_batches(projection, entries, [len(entries)])


@settings(max_examples=50, deadline=None)
@given(SEQUENCES)
def test_what_a_fold_remembers_is_no_part_of_a_page(asked: Any) -> None:
    entries = entries_of(happened(asked))
    for projection in PROJECTIONS:
        remembering, forgetting = Fold(projection), Fold(projection)
        for entry in entries:
            remembering.apply(entry)
            forget(forgetting)
            forgetting.apply(entry)
        for kind in projection.kinds:
            ours, theirs = remembering.changes[kind], forgetting.changes[kind]
            assert (ours.fresh, ours.added) == (theirs.fresh, theirs.added)
            assert Counter(ours.ended) == Counter(theirs.ended)


def forget(fold: Fold) -> None:
    """As if all its pages had been loaded from their tables just now."""
    pages, fold.pages = fold.pages, {}
    standing = (
        (kind, key, held) for kind, c in fold.changes.items() for key, held in c.fresh.items()
    )
    if pages:
        fold.load(pages, (held for _, _, held in sorted(standing, key=_place)))


def _place(standing: tuple[RowKind, Any, Any]) -> Any:
    kind, key, _ = standing
    return table_of(kind).name, key


@row(key=("subject", "part"), scope=Everyones("a test"))
class Numbered(NamedTuple):
    """A row of a page."""

    subject: str
    part: str


def test_a_page_is_as_large_as_its_rows_are_many() -> None:
    # A read model tells by it whether a page has rows to go on from.
    page, changes = Page(), {Numbered: Changes()}
    assert page.size == 0

    page.put(Numbered("a", "1"), Numbered("a", "2"))
    page.settle(changes, 1)
    assert page.size == 2

    page.put(Numbered("a", "1"))
    page.drop(Numbered("a", "2"))
    page.settle(changes, 2)
    assert page.size == 1
