"""The sentence of an entry, in Chinese or English, with titles instead of ids and slugs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple, get_args

from pydantic import BaseModel

from domain.kernel.event import Event
from domain.kernel.ids import Names, id_of, kind_of
from domain.kernel.policy import Policy, edition_called
from domain.kernel.step import Correction, as_it_should_read, labels
from domain.kernel.text import Bilingual, Language, Number
from projections import (
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
from projections.policies import know_policies
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

PART = "part"
# What has a name that may change: the name of that day is shown.
NAMED: Mapping[str, Callable[[View, Iterable[tuple[str, date]]], dict[tuple[str, date], str]]] = {
    "community": register.names,
    "jurisdiction": organisation.names,
    "unit": units.names,
    "person": people.names,
}
OUT_OF_SCOPE = "…"
TITLED = frozenset(("stream", "round", *NAMED, *PARTS))

# The titles of what an entry names, by the kind of thing and its id.
Titles = Mapping[tuple[str, str], str]


def sentences_in(view: View, entries: Sequence[AnyEntry], language: Language) -> list[str]:
    """One sentence per entry, with the names of that day."""
    return [sentence.in_(language) for sentence in sentences(view, entries)]


def sentences(view: View, entries: Sequence[AnyEntry]) -> list[Bilingual]:
    """The same in both languages, looking up the names once."""
    earlier = made_void(view, entries)
    told = _told(view, [*entries, *earlier])
    by_version = {(each.entry.stream, each.entry.version): each for each in told[len(entries) :]}
    return [
        Bilingual(
            zh=_Sentence(each, "zh", by_version).text(quoting=True),
            en=_Sentence(each, "en", by_version).text(quoting=True),
        )
        for each in told[: len(entries)]
    ]


class _Told(NamedTuple):
    """An entry with what its sentence says in either language; an id without a title stays as
    it is."""

    entry: AnyEntry
    day: date
    left_open: frozenset[str]
    titles: Titles


# Entries that other entries of the same stream name, by stream and version.
Earlier = Mapping[tuple[str, int], _Told]


class _Sentence(NamedTuple):
    """The sentence of an entry in one language."""

    told: _Told
    language: Language
    earlier: Earlier

    def text(self, *, quoting: bool) -> str:
        """The sentence; with `quoting` also that of the entry that it corrects or annuls."""
        event = self.told.entry.event
        stated = vars(event)
        template, shown = _form(type(event), self.told.left_open, self.language)
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
        edition = edition_called(self.told.entry.policy or "")
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
            return self._between([self._said(each, what) for each in value])
        if isinstance(value, Bilingual):
            return value.in_(self.language)
        if isinstance(value, BaseModel):
            return "–".join(str(self._said(each, None)) for _, each in value)
        if isinstance(value, Mapping):
            return self._terms(value, what)
        return str(value) if what is None else self._titled(str(value), what)

    def _titled(self, value: str, what: str) -> str:
        found = self.told.titles.get((what, value))
        return found or _label(what, value, self._policy, self.language)

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
        told = self.earlier.get((self.told.entry.stream, version))
        if told is None or not quoting:
            return number
        said = self._replace(told=told).text(quoting=False)
        return phrasing.quoted(number, said, chinese=self.language == "zh")

    def _changes(self, event: Correction) -> str:
        """Each corrected field, with its old and its new value; neither of what is out of scope."""
        if (self.told.entry.stream, event.corrects) not in self.earlier:
            return OUT_OF_SCOPE
        was = self._as_it_read(event.corrects)
        now = as_it_should_read(was, event.changes)
        marks = marked(type(was))
        titles = {**self._earlier(event.corrects).titles, **self.told.titles}
        stated = self._replace(told=self.told._replace(titles=titles))._stated
        return self._between(
            CHANGED.in_(self.language).format(
                field=labels(type(was))[name].in_(self.language),
                was=stated(getattr(was, name), marks.get(name)),
                now=stated(getattr(now, name), marks.get(name)),
            )
            for name in event.changes
        )

    def _as_it_read(self, version: int) -> Event:
        """What an entry of the same stream states, and what it corrects."""
        event = self._earlier(version).entry.event
        if not isinstance(event, Correction):
            return event
        return as_it_should_read(self._as_it_read(event.corrects), event.changes)

    def _earlier(self, version: int) -> _Told:
        return self.earlier[self.told.entry.stream, version]

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


def _told(view: View, entries: Sequence[AnyEntry]) -> list[_Told]:
    """These entries with the titles of what they name, all looked up together."""
    know_policies(view, {entry.policy for entry in entries if entry.policy})
    days = [effective_on(entry) for entry in entries]
    known = {(entry.stream, entry.version): entry for entry in entries}
    named = [
        _named(entry.stream, day, _values(entry, known))
        for entry, day in zip(entries, days, strict=True)
    ]
    asked: dict[str, list[Any]] = {}
    for kind, key in (place for each in named for place in each.values()):
        asked.setdefault(kind, []).append(key)
    parts = partnerships.titles(view, (id for id, _, _ in asked.get(PART, ())))
    found: dict[str, Mapping[Any, str]] = {
        **{kind: names(view, asked.get(kind, ())) for kind, names in NAMED.items()},
        "round": rounds.names(view, asked.get("round", ())),
        PART: {key: phrasing.shortened(text) for key, text in parts.items()},
    }
    return [
        _Told(
            entry,
            day,
            left_open(entry.event),
            {
                mention: title
                for mention, (kind, key) in each.items()
                if (title := found[kind].get(key))
            },
        )
        for entry, day, each in zip(entries, days, named, strict=True)
    ]


def _values(
    entry: AnyEntry, known: Mapping[tuple[str, int], AnyEntry]
) -> Iterator[tuple[str, Any]]:
    """The kind of thing that each field of an entry names, with its value; of a correction, those
    of the fields that it changes, too."""
    event = entry.event
    yield from ((what, getattr(event, name)) for name, what in _naming(type(event)))
    if not isinstance(event, Correction):
        return
    corrected: Event = event
    while isinstance(corrected, Correction):
        earlier = known.get((entry.stream, corrected.corrects))
        if earlier is None:
            return
        corrected = earlier.event
    for name, what in _naming(type(corrected)):
        if name in event.changes:
            yield what, event.changes[name]


def _named(
    stream: str, day: date, values: Iterable[tuple[str, Any]]
) -> dict[tuple[str, str], tuple[str, Any]]:
    """What an entry names, by the kind of thing and its id: each with where its title is found.

    Places, offices and officials have the name of the day, or else their first one; parts of a
    partnership are unique only there.
    """
    found: dict[tuple[str, str], tuple[str, Any]] = {}
    for what, value in values:
        for each in value if isinstance(value, tuple | list) else (value,):
            if each is None:
                continue
            kind = kind_of(each) if what == "stream" else what
            if what in PARTS:
                found[what, each] = PART, (id_of(stream), PARTS[what], each)
            elif what == "round":
                found[what, each] = what, each
            elif kind in NAMED:
                found[what, each] = kind, (id_of(each), day)
    return found


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
def _naming(event: type[Event]) -> tuple[tuple[str, str], ...]:
    """The fields of an event that name something with a title of its own, each with its kind."""
    return tuple((name, what) for name, what in marked(event).items() if what in TITLED)


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
def _label(what: str, value: str, policy: Policy | None, language: Language) -> str:
    """The same, kept."""
    return label(what, value, policy, language)


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
