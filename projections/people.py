"""Officials as of any day: their names, and the posts that they hold."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, cast, get_args

from pydantic import Field
from pydantic_core import to_json

from domain.kernel.ids import PersonId, UnitId
from domain.kernel.subject import changed
from domain.kernel.timeline import Change, Timeline
from domain.person.events import PersonEvent
from domain.person.state import ALWAYS, Person, Post
from projections.engine.page import Page
from projections.engine.periods import AttributeChange, names_on
from projections.engine.projection import Projection
from projections.engine.row import Bytewise, row
from projections.engine.scope import public
from projections.engine.seen import Seen
from projections.engine.shape import Shape
from projections.engine.view import View
from projections.pinyin import initials
from record.sql import statements

SQL = statements(__file__)
NAMES = "names"


@row(key=("person", "effective_from"), scope=public("person"))
class PersonLine(NamedTuple):
    """What an official is called over a stretch of days; the first begins before all days."""

    person: str
    effective_from: date
    effective_until: date | None
    name: Bytewise
    initials: tuple[str, ...]
    distinction: str | None


@row(key=("person", "number"), indexes=("unit",), scope=public("person"))
class PostLine(NamedTuple):
    """A post of an official, and the days on which it is held."""

    person: str
    number: int
    effective_from: date
    effective_until: date | None
    unit: str
    title: str


@row(key=("subject", "attribute", "version"), scope=public("person"))
class PersonChange(AttributeChange):
    """A change of an official's name or, by its number, of a post."""

    __slots__ = ()


class People(Projection):
    """The register of officials, bitemporal."""

    name = "people"
    kinds = (PersonLine, PostLine, PersonChange)
    events = get_args(PersonEvent)
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put the person's names, posts and changes as they are after this entry."""
        before: Person = page.memo or _state(key, page)
        after = changed(before, version=entry.version).evolve(cast(PersonEvent, entry.event))
        page.memo = after
        page.turn(tuple(page.of(PersonLine)), _lines(after))
        page.turn(tuple(page.of(PostLine)), _posts(after))
        for attribute, timeline in _timelines(after).items():
            for change in timeline.changes:
                row = page.row(PersonChange, key, attribute, change.version)
                page.put(_change(key, attribute, change, row.position if row else entry.position))


def _lines(state: Person) -> tuple[PersonLine, ...]:
    return tuple(
        PersonLine(
            person=state.id,
            effective_from=begin,
            effective_until=until,
            name=name,
            initials=initials(name),
            distinction=state.distinction,
        )
        for begin, until, name, _ in state.names.periods()
        if name
    )


def _posts(state: Person) -> tuple[PostLine, ...]:
    return tuple(
        PostLine(
            person=state.id,
            number=number,
            effective_from=days.effective_from,
            effective_until=days.effective_until,
            unit=post.unit,
            title=post.title,
        )
        for number, post, days in state.tenures()
    )


def _timelines(state: Person) -> dict[str, Timeline[Any]]:
    return {NAMES: state.names, **{str(number): each for number, each in state.posts.items()}}


def _change(person: str, attribute: str, change: Change[Any], position: int) -> PersonChange:
    return PersonChange(
        subject=person,
        attribute=attribute,
        effective_from=change.effective_from,
        ordinal=change.order,
        value=None if change.value is None else to_json(change.value).decode(),
        version=change.version,
        struck_by=change.struck_by,
        position=position,
    )


def _state(key: str, page: Page) -> Person:
    """The person's state, from the rows."""
    found: dict[str, list[Change[Any]]] = defaultdict(list)
    for held in page.of(PersonChange):
        value = None if held.value is None else json.loads(held.value)
        if isinstance(value, list):
            value = Post(*value)
        change = Change(held.effective_from, held.ordinal, value, held.version, held.struck_by)
        found[held.attribute].append(change)
    timelines = {name: Timeline(tuple(sorted(each, key=_place))) for name, each in found.items()}
    lines = page.of(PersonLine)
    return Person(
        id=key,
        names=timelines.pop(NAMES, Timeline()),
        posts={int(number): each for number, each in timelines.items()},
        distinction=next((line.distinction for line in lines), None),
    )


def _place(change: Change[Any]) -> tuple[date, int, int]:
    return change.effective_from, change.order, change.version


class PostView(Shape):
    """A post, with the unit's name on the requested day."""

    post: int = Field(description="The number of the entry that states it.")
    unit: UnitId
    unit_name: str | None
    title: str
    effective_from: date
    effective_until: date | None = Field(description="The first day on which it is not held.")


class PersonView(Shape):
    """An official as of the requested day, with the posts held on that day."""

    person: PersonId
    name: str
    distinction: str | None = Field(description="What tells two of one name in a unit apart.")
    posts: tuple[PostView, ...]


class NamePeriodView(Shape):
    """A name of an official."""

    name: str
    effective_from: date | None = Field(description="Empty for the name of the registration.")
    effective_until: date | None


class NameInUnitView(Shape):
    """A name of an official who has or had a post in a unit."""

    person: PersonId
    unit: UnitId
    name: str
    distinction: str | None


class PersonPeriodsView(Shape):
    """All names and all posts of an official, whenever held."""

    person: PersonId
    names: tuple[NamePeriodView, ...]
    posts: tuple[PostView, ...]


class PersonFilter(NamedTuple):
    """The filters of a list of officials, all but `q` about a post held on the day.

    `within`: in a unit of this jurisdiction or one below it. `q`: a part of the name, or its pinyin
    initials. `any`: also those without a post on the day.
    """

    unit: str | None = None
    superior: str | None = None
    jurisdiction: str | None = None
    within: str | None = None
    q: str | None = None
    any: bool = False


EVERY = PersonFilter()


def people(
    view: View,
    *,
    effective: date,
    where: PersonFilter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[PersonView]:
    """Officials on a day, ordered by (name, id), from after `after`."""
    rows = view.rows(
        SQL["list"],
        effective=effective,
        after_name=after and after[0],
        after_id=after and after[1],
        limit=limit,
        **where._asdict(),
    )
    posts = _posts_of(view, [row["person"] for row in rows], effective=effective, on_day=True)
    return [_view(row, posts) for row in rows]


def person(view: View, id: str, *, effective: date) -> PersonView | None:
    """One official on a day; None if not on record."""
    row = view.row(SQL["one"], person=id, effective=effective)
    if row is None:
        return None
    return _view(row, _posts_of(view, [id], effective=effective, on_day=True))


def periods(view: View, id: str, *, effective: date) -> PersonPeriodsView | None:
    """All names and posts of an official; None if not on record."""
    rows = view.rows(SQL["names"], ids=[id])
    if not rows:
        return None
    names = (
        NamePeriodView(
            name=row["name"],
            effective_from=None if row["effective_from"] == ALWAYS else row["effective_from"],
            effective_until=row["effective_until"],
        )
        for row in rows
    )
    posts = _posts_of(view, [id], effective=effective, on_day=False)
    return PersonPeriodsView(person=id, names=tuple(names), posts=tuple(posts.get(id, ())))


def names(view: View, asked: Iterable[tuple[str, date]]) -> dict[tuple[str, date], str]:
    """The names of officials on days, by (id, day); unknown ones are left out."""
    asked = set(asked)
    if not asked:
        return {}
    rows = view.rows(SQL["names"], ids=sorted({id for id, _ in asked}))
    return names_on([(r["person"], r["effective_from"], r["name"]) for r in rows], asked)


def names_in_units(view: View) -> list[NameInUnitView]:
    """All names of all officials in all units, of whenever."""
    return [NameInUnitView.of(row) for row in view.rows(SQL["names_in_units"])]


def _view(row: Mapping[str, Any], posts: Mapping[str, list[PostView]]) -> PersonView:
    return PersonView.of({**row, "posts": tuple(posts.get(row["person"], ()))})


def _posts_of(
    view: View, ids: list[str], *, effective: date, on_day: bool
) -> dict[str, list[PostView]]:
    found: defaultdict[str, list[PostView]] = defaultdict(list)
    for each in view.rows(SQL["posts"], ids=ids, effective=effective, on_day=on_day):
        found[each["person"]].append(PostView.of(each))
    return found
