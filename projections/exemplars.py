"""Exemplars by type, with the experience that they shared, as of any day, as known
at any moment."""

import json
from datetime import date
from typing import Literal, NamedTuple, get_args

from pydantic import Field

from domain.exemplar.events import ExemplarEvent
from domain.exemplar.state import Exemplar
from projections.engine.row import row, row_of
from projections.engine.scope import BelongsTo, lies_in
from projections.engine.shape import Shape
from projections.engine.staged_subjects import Fact, StagedSubjects, Stretch, listed
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


@row(key=("exemplar", "effective_from"), indexes=("community",), scope=lies_in("community"))
class ExemplarLine(NamedTuple):
    """An exemplar over the days on which it had one status; `merits` is JSON by criterion."""

    exemplar: str
    effective_from: date
    effective_until: date | None
    status: str
    community: str
    type: str
    title: str
    merits: str
    nominated_on: date
    nominated_by: str
    position: int


@row(key=("exemplar", "item"), scope=BelongsTo("exemplar"))
class ExemplarSharing(NamedTuple):
    """An exemplar shared its experience with the communities `reached`."""

    exemplar: str
    item: str
    shared_on: date
    topic: str
    content: str | None
    audience: int | None
    reached: tuple[str, ...]
    position: int


@row(key=("subject", "version"), scope=BelongsTo("exemplar"))
class ExemplarFact(Fact):
    """What one entry of an exemplar states."""

    __slots__ = ()


class Exemplars(StagedSubjects):
    """Exemplars and the experience that they shared."""

    name = "exemplars"
    subject = Exemplar
    fact = ExemplarFact
    kinds = (ExemplarLine, ExemplarSharing, ExemplarFact)
    events = get_args(ExemplarEvent)
    module_file = __file__

    def line(self, id: str, stretch: Stretch) -> ExemplarLine | ExemplarSharing:
        """The exemplar's status, or what it shared."""
        return _sharing(id, stretch) if stretch.kind else _line(id, stretch)


def _line(id: str, stretch: Stretch) -> ExemplarLine:
    opening = stretch.opening
    return ExemplarLine(
        exemplar=id,
        effective_from=stretch.effective_from,
        effective_until=stretch.effective_until,
        status=stretch.stage,
        community=opening.community,
        type=opening.type,
        title=opening.title,
        merits=json.dumps(opening.merits, ensure_ascii=False, sort_keys=True),
        nominated_on=opening.nominated_on,
        nominated_by=opening.nominated_by,
        position=stretch.position,
    )


def _sharing(id: str, stretch: Stretch) -> ExemplarSharing:
    shared = stretch.opening
    return ExemplarSharing(
        exemplar=id,
        item=stretch.item,
        shared_on=shared.shared_on,
        topic=shared.topic,
        content=shared.content,
        audience=shared.audience,
        reached=tuple(shared.reached),
        position=stretch.position,
    )


ExemplarStatus = Literal["nominated", "declined", "designated", "withdrawn"]


class ExemplarView(Shape):
    """An exemplar on the requested day."""

    exemplar: str
    status: ExemplarStatus
    effective_from: date = Field(description="Since when it has this status.")
    effective_until: date | None
    community: str
    community_name: str | None
    community_ended_on: date | None = Field(
        description="Since when its community does not exist, and the exemplar with it."
    )
    type: str = Field(description="The type of which it is an exemplar.")
    title: str
    merits: dict[str, str] = Field(description="Its merits, by the policy's criteria.")
    nominated_on: date
    nominated_by: str
    nominated_by_name: str | None
    sharings: int = Field(description="How often it had shared its experience by the day.")
    position: int = Field(description="The position of the entry that brought it to this status.")


class Filter(NamedTuple):
    """The filters of a list of exemplars."""

    type: str | None = None
    status: str | None = None
    community: str | None = None
    exemplar: str | None = None


EVERY = Filter()


def exemplars(
    view: View,
    *,
    effective: date,
    where: Filter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[ExemplarView]:
    """Exemplars on a day, ordered by (nomination, id), from after `after`."""
    return listed(
        view,
        SQL["list"],
        ExemplarView,
        effective=effective,
        after=after,
        limit=limit,
        **where._asdict(),
    )


def exemplar(view: View, id: str, *, effective: date) -> ExemplarView | None:
    """One exemplar on a day; None if it did not exist yet."""
    found = exemplars(view, effective=effective, where=Filter(exemplar=id))
    return found[0] if found else None


def sharings(view: View, id: str, *, effective: date) -> list[ExemplarSharing]:
    """How an exemplar had shared its experience by a day, in order."""
    rows = view.rows(SQL["sharings"], exemplar=id, effective=effective)
    return [row_of(ExemplarSharing, each) for each in rows]
