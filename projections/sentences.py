"""The sentence of an entry, in Chinese or English, with titles instead of ids and slugs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple, get_args

from pydantic import BaseModel

from domain.kernel.event import Event
from domain.kernel.ids import Names, id_of, kind_of
from domain.kernel.step import Correction, as_it_should_read, labels
from domain.kernel.text import Bilingual, Language, Number
from domain.policy import Policy, built_in
from projections import (
    councils,
    organisation,
    partnerships,
    people,
    phrasing,
    register,
    rounds,
    units,
)
from projections.engine.days import effective_on
from projections.engine.view import View
from projections.labels import LABELS
from projections.timeline import made_void, names_entry
from record.store.entry import AnyEntry

NONE = Bilingual(zh="无", en="none")
BETWEEN = Bilingual(zh="、", en=", ")
CHANGED = Bilingual(zh="{field}由{was}改为{now}", en="{field} from {was} to {now}")

REFERENCE = "entry"  # what a field names that holds the version of an entry of the same stream

# Parts of a partnership that an entry names by id, with the names of their kinds.
PARTS = {
    "project": "project",
    "need": "need",
    "resource": "resource",
    "open-facility": "facility",
}

MEMBER = "member"  # of a council, which an entry names by id, too
# What has a name that may change: the name of that day is shown.
NAMED: Mapping[str, Callable[[View, Iterable[tuple[str, date]]], dict[tuple[str, date], str]]] = {
    "community": register.names,
    "jurisdiction": organisation.names,
    "unit": units.names,
    "person": people.names,
}
MENTIONED = ("stream", "round", *NAMED)


class Mention(NamedTuple):
    """A value in an entry that refers to something with a title: its kind and its id."""

    what: str
    value: str


Titles = Mapping[tuple[Mention, date], str]
# Entries that other entries of the same stream name, by stream and version.
Earlier = Mapping[tuple[str, int], AnyEntry]


def sentences_in(view: View, entries: Sequence[AnyEntry], language: Language) -> list[str]:
    """One sentence per entry, with the names of that day."""
    return [sentence.in_(language) for sentence in sentences(view, entries)]


def sentences(view: View, entries: Sequence[AnyEntry]) -> list[Bilingual]:
    """The same in both languages, looking up the names once."""
    earlier = {(each.stream, each.version): each for each in made_void(view, entries)}
    titles = _titles(view, (*entries, *earlier.values()))

    def sentence(entry: AnyEntry) -> Bilingual:
        day, open = effective_on(entry), left_open(entry.event)
        zh = _Sentence(entry, day, open, "zh", titles, earlier).text(quoting=True)
        en = _Sentence(entry, day, open, "en", titles, earlier).text(quoting=True)
        return Bilingual(zh=zh, en=en)

    return [sentence(each) for each in entries]


class _Sentence(NamedTuple):
    """An entry with everything that its sentence needs; an id without a title stays as
    it is."""

    entry: AnyEntry
    day: date
    left_open: frozenset[str]
    language: Language
    titles: Titles
    earlier: Earlier

    def text(self, *, quoting: bool) -> str:
        """The sentence; with `quoting` also that of the entry that it corrects or annuls."""
        event = self.entry.event
        stated = vars(event)
        template, shown = _form(type(event), self.left_open, self.language)
        fields: dict[str, str | Number] = {}
        for name, in_quotes, what in shown:
            if what == REFERENCE:
                said: str | Number = self._reference(stated[name], quoting=quoting)
            elif name == "changes" and isinstance(event, Correction):
                said = self._changes(event)
            else:
                said = self._said(stated[name], what)
            fields[name] = phrasing.inner(said) if in_quotes and isinstance(said, str) else said
        return phrasing.tidied(template.format_map(fields))

    @property
    def _policy(self) -> Policy | None:
        edition = built_in().get(self.entry.policy or "")
        return edition.policy if edition else None

    def _said(self, value: Any, what: str | None) -> str | Number:
        if isinstance(value, str):
            return value if what is None else self._titled(value, what)
        if isinstance(value, bool):
            return LABELS["yes" if value else "no"].in_(self.language)
        if isinstance(value, int):
            return Number(value)
        if value is None or value == ():
            return NONE.in_(self.language)
        if isinstance(value, date):
            return _day(value, self.language)
        if isinstance(value, tuple | list):
            return self._between(self._said(each, what) for each in value)
        if isinstance(value, Bilingual):
            return value.in_(self.language)
        if isinstance(value, BaseModel):
            return "–".join(str(self._said(each, None)) for _, each in value)
        if isinstance(value, Mapping):
            return self._terms(value, what)
        return str(value) if what is None else self._titled(str(value), what)

    def _titled(self, value: str, what: str) -> str:
        found = self.titles.get((_mention(self.entry, what, value), self.day))
        return found or _label(what, value, self.entry.policy or "", self.language)

    def _between(self, said: Iterable[str | Number]) -> str:
        return BETWEEN.in_(self.language).join(map(str, said))

    def _terms(self, value: Mapping[str, Any], what: str | None) -> str:
        if what != "criterion":
            return self._between(
                f"{self._said(code, what)} {self._said(found, None)}{unit}"
                for code, found, unit in _measured(value, self._policy)
            )
        terms = self._policy.exemplars.criteria if self._policy else ()
        shown = [(t.title.in_(self.language), value[t.code]) for t in terms if t.code in value]
        return phrasing.listed(shown, chinese=self.language == "zh")

    def _reference(self, version: int, *, quoting: bool) -> str:
        """An entry of the same stream, by number and sentence."""
        number = f"第{version}条" if self.language == "zh" else str(version)
        entry = self.earlier.get((self.entry.stream, version))
        if entry is None or not quoting:
            return number
        day, open = effective_on(entry), left_open(entry.event)
        said = self._replace(entry=entry, day=day, left_open=open).text(quoting=False)
        return phrasing.quoted(number, said, chinese=self.language == "zh")

    def _changes(self, event: Correction) -> str:
        """Each corrected field, with its old and its new value."""
        was = self._as_it_read(event.corrects)
        now = as_it_should_read(was, event.changes)
        marks = marked(type(was))
        return self._between(
            CHANGED.in_(self.language).format(
                field=labels(type(was))[name].in_(self.language),
                was=self._stated(getattr(was, name), marks.get(name)),
                now=self._stated(getattr(now, name), marks.get(name)),
            )
            for name in event.changes
        )

    def _as_it_read(self, version: int) -> Event:
        """What an entry of the same stream states, and what it corrects."""
        event = self.earlier[self.entry.stream, version].event
        if not isinstance(event, Correction):
            return event
        return as_it_should_read(self._as_it_read(event.corrects), event.changes)

    def _stated(self, value: Any, what: str | None) -> str | Number:
        """A value; free text is in quotation marks."""
        said = self._said(value, what)
        return f"“{said}”" if isinstance(value, str) and what is None else said


def left_open(event: Event) -> frozenset[str]:
    """The fields of an event in which nothing is stated."""
    return frozenset([name for name, value in vars(event).items() if value is None or value == ()])


@lru_cache(maxsize=2_048)
def _form(
    event: type[Event], left_open: frozenset[str], language: Language
) -> tuple[str, tuple[tuple[str, bool, str | None], ...]]:
    """The template of an event's sentence, and the fields that it shows: each with whether it
    stands in quotation marks, and what kind of thing it names."""
    template = phrasing.template_for(event.sentence.in_(language), left_open)
    marks, names = marked(event), names_entry(event)
    fields = (
        (name, in_quotes, REFERENCE if name == names else marks.get(name))
        for name, in_quotes in phrasing.fields_of(template)
    )
    return template, tuple(fields)


def mentions(event: Event) -> Iterator[Mention]:
    """The places, offices, officials and rounds that an event names."""
    for name, what in _naming(type(event), MENTIONED):
        value = getattr(event, name)
        for each in value if isinstance(value, tuple) else (value,):
            if each is not None:
                yield Mention(what, each)


def _titles(view: View, entries: Iterable[AnyEntry]) -> Titles:
    asked = {
        (mention, day)
        for entry in entries
        for day in (effective_on(entry),)
        for mention in mentions(entry.event)
    }
    of_kind = {
        kind: names(view, [(id_of(m.value), day) for m, day in asked if _kind(m) == kind])
        for kind, names in NAMED.items()
    }
    of_rounds = rounds.names(view, (m.value for m, _ in asked if m.what == "round"))
    found = _titles_of_parts(view, entries) | _titles_of_members(view, entries)
    for mention, day in asked:
        names = of_kind.get(_kind(mention), {})
        name = names.get((id_of(mention.value), day)) or of_rounds.get(mention.value)
        if name:
            found[mention, day] = name
    return found


def _titles_of_parts(view: View, entries: Iterable[AnyEntry]) -> dict[tuple[Mention, date], str]:
    """The titles of parts of partnerships that these entries name, shortened if long."""
    named = [
        (entry, what, getattr(entry.event, name))
        for entry in entries
        for name, what in _naming(type(entry.event), tuple(PARTS))
    ]
    titles = partnerships.titles(view, (id_of(entry.stream) for entry, _, _ in named))
    found = {}
    for entry, what, part in named:
        if text := titles.get((id_of(entry.stream), PARTS[what], part)):
            found[_mention(entry, what, part), effective_on(entry)] = phrasing.shortened(text)
    return found


def _titles_of_members(view: View, entries: Iterable[AnyEntry]) -> dict[tuple[Mention, date], str]:
    """The newest titles of the members of councils that these entries name."""
    named = [
        (entry, member)
        for entry in entries
        for name, _ in _naming(type(entry.event), (MEMBER,))
        for member in getattr(entry.event, name)
    ]
    titles = councils.titles(view, (id_of(entry.stream) for entry, _ in named)) if named else {}
    return {
        (_mention(entry, MEMBER, member), effective_on(entry)): title
        for entry, member in named
        if (title := titles.get((id_of(entry.stream), member)))
    }


def _mention(entry: AnyEntry, what: str, value: str) -> Mention:
    """The mention of a value; ids of parts are unique only within their stream."""
    return Mention(what, f"{entry.stream}/{value}" if what in (*PARTS, MEMBER) else value)


def _kind(mention: Mention) -> str:
    return kind_of(mention.value) if mention.what == "stream" else mention.what


@cache
def marked(event: type[Event]) -> Mapping[str, str]:
    """The fields of an event whose values have titles, with the kind of thing that they name."""
    found = {}
    for name, field in event.model_fields.items():
        marks = [m for m in field.metadata if isinstance(m, Names)] or _marks(field.annotation)
        if marks:
            found[name] = marks[0].what
    return found


@cache
def _naming(event: type[Event], kinds: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The fields of an event that name something of these kinds, each with its kind."""
    return tuple((name, what) for name, what in marked(event).items() if what in kinds)


def _marks(annotation: Any) -> list[Names]:
    inner = getattr(annotation, "__metadata__", ())
    marks = [mark for mark in inner if isinstance(mark, Names)]
    return marks or [mark for part in get_args(annotation) for mark in _marks(part)]


def label(what: str, value: str, policy: Policy | None, language: Language) -> str:
    """The title of a slug, by the policy under which it was recorded, or else by our own list."""
    for term in policy.terms(what) if policy else ():
        if term.code == value:
            return term.title.in_(language)
    words = LABELS.get(f"{what}.{value}")
    return words.in_(language) if words else value


@lru_cache(maxsize=10_000)
def _label(what: str, value: str, version: str, language: Language) -> str:
    """The same for a version of a policy file of the product."""
    edition = built_in().get(version)
    return label(what, value, edition.policy if edition else None, language)


def _measured(
    found: Mapping[str, Any], policy: Policy | None
) -> Iterator[tuple[str, Any, Literal["", "%"]]]:
    """The values of a survey, in the policy's order, with units."""
    units = {each.code: each.unit for each in policy.indicators} if policy else {}
    known = [code for code in units if code in found]
    for code in (*known, *(code for code in found if code not in units)):
        yield code, found[code], "%" if units.get(code) == "percent" else ""


@lru_cache(maxsize=10_000)
def _day(day: date, language: Language) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B %Y}"
