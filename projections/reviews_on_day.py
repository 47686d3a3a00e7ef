"""A round's reviews as they were on a past day: what was recorded of days up to it, and what
corrects or annuls that, folded anew. The statements about reviews are asked of these rows, too.

Cost: one statement and one fold over the round's reviews, for each picture and day once.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, LiteralString, NamedTuple

from pydantic_core import to_json

from projections.engine.days import effective_on
from projections.engine.fold import Fold
from projections.engine.row import table_of
from projections.engine.view import View
from projections.reviews import Reviews, Rows
from projections.timeline import names_entry
from record.sql import statements
from record.store.entry import AnyEntry, decode
from record.store.record import CHINA

SQL = statements(__file__)
TABLES = tuple(table_of(kind).name for kind in Reviews.kinds)
_KNOWN = re.compile(rf"\b({'|'.join(TABLES)})_known\(%\(known\)s\)")


class PastReviews(NamedTuple):
    """The reviews of one round on a past day: the rows of each table, as JSON."""

    view: View
    tables: Mapping[str, str]

    def rows(self, statement: LiteralString, **parameters: Any) -> list[dict[str, Any]]:
        """All rows of a statement, which looks at these rows in the place of the tables."""
        asked = _KNOWN.sub(r"jsonb_populate_recordset(null::\1, %(\1)s::jsonb)", statement)
        return self.view.rows(asked, **self.tables, **parameters)


def on_day(view: View, round: str, effective: date, *, whole: bool = False) -> Rows:
    """The reviews of a round on a day: the view itself if nothing is on record of a later one.

    `whole` says that it is asked within `view.whole_city()`, whatever the view's scope.
    """
    if view.recorded_at is None or effective >= view.recorded_at.astimezone(CHINA).date():
        return view
    at = ("reviews", round, effective, whole)
    tables = view.once(at, lambda: _tables(view, round, effective))
    return PastReviews(view, tables)


def _tables(view: View, round: str, effective: date) -> Mapping[str, str]:
    rows = view.rows(SQL["entries"], round=round, position=view.stands_at)
    entries = (decode(r["event"], bytes(r["state"]), position=r["position"]) for r in rows)
    fold = Fold(Reviews())
    fold.apply(*_up_to(effective, entries))
    assert fold.parked is None, fold.parked
    pages = fold.pages.values()
    return {
        table_of(kind).name: to_json(
            [row._asdict() for page in pages for row in page.of(kind)]
        ).decode()
        for kind in Reviews.kinds
    }


def _up_to(day: date, entries: Iterable[AnyEntry]) -> Iterator[AnyEntry]:
    """The entries about days up to this one, and those of any day that make one of them void."""
    kept: defaultdict[str, set[int]] = defaultdict(set)
    for entry in entries:
        voids = names_entry(type(entry.event))
        stands = getattr(entry.event, voids) in kept[entry.stream] if voids else False
        if stands or (voids is None and effective_on(entry) <= day):
            kept[entry.stream].add(entry.version)
            yield entry
