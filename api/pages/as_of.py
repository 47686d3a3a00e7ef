"""The as-of bar of a page: day, moment of knowledge, and addresses that keep both."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from api.http.kernel.reading import Reading
from api.http.kernel.rendering import Pairs, address
from projections.engine.view import View


class AsOf(NamedTuple):
    """The content of the bar. `kept` are the page's other parameters, `itself` the bar's own;
    `parked` names read models that failed on an entry, so that the page may be incomplete; all of
    them stopped where the record was `altered`."""

    effective: str
    effective_day: date
    known: str
    position: int
    past: bool
    ahead: bool
    kept: Pairs
    itself: Pairs
    today: str
    parked: str
    altered: bool


def as_of(reading: Reading, view: View) -> AsOf:
    """The bar of a page that was read from this view."""
    query = reading.request.query_params
    kept = _pairs((k, v) for k, v in query.multi_items() if k not in (*BAR, "cursor"))
    chosen = _pairs((name, query[name]) for name in BAR if query.get(name))
    language = _pairs((name, query[name]) for name in ("lang",) if name in query)
    return AsOf(
        effective=reading.effective.isoformat(),
        effective_day=reading.effective,
        known=query.get("known", ""),
        position=view.stands_at,
        past=bool(query.get("known")) or reading.effective < reading.today,
        ahead=reading.effective > reading.today,
        kept=kept,
        itself=chosen + language,
        today=address(reading.request.url.path, kept),
        parked=", ".join(view.parked),
        altered=view.altered,
    )


BAR = ("effective", "known")


def _pairs(items: Iterable[tuple[str, str]]) -> Pairs:
    return tuple((name, value) for name, value in items if value)
