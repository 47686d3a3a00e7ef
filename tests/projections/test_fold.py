"""Folding in memory: how entries come in batches, and what was kept between them, do not matter."""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from projections.all import PROJECTIONS
from projections.engine.fold import Fold
from projections.engine.projection import Page, Projection, RowClass
from record.store.entry import AnyEntry
from tests.projections.sequences import SEQUENCES, entries_of, happened

Rows = dict[RowClass, dict[Any, int]]
Ended = dict[RowClass, Counter[Any]]


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
        rows = {
            kind: sorted(
                ((row, since) for row, since in present[kind].items() if row[0] in keys),
                key=lambda found: found[0][:2],
            )
            for kind in projection.kinds
        }
        fold.load(keys, rows)
        for entry in batch:
            fold.apply(entry)
        for kind, changes in fold.changes.items():
            for row in changes.gone:
                del present[kind][row]
            present[kind] |= changes.fresh
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
            for key, page in forgetting.pages.items():
                kinds = {
                    kind: tuple(sorted(page.of(kind), key=_first)) for kind in projection.kinds
                }
                forgetting.pages[key] = Page(kinds)
            forgetting.apply(entry)
        for kind in projection.kinds:
            ours, theirs = remembering.changes[kind], forgetting.changes[kind]
            assert ours.fresh == theirs.fresh
            assert Counter(ours.ended) == Counter(theirs.ended)


def _first(row: Any) -> Any:
    return row[:2]
