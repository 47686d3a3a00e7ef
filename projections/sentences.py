"""Tells an entry in a sentence, Chinese or English: ids and slugs become what they are called."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple, get_args

from pydantic import BaseModel

from domain.event import Event
from domain.ids import Names, id_of, kind_of
from domain.policy import Policy, built_in
from domain.words import Language, Words
from projections import organisation, phrasing, register, rounds
from projections.labels import LABELS
from projections.timeline import effective_on
from projections.view import View
from record.entry import AnyEntry

NONE = Words(zh="无", en="none")
BETWEEN = Words(zh="、", en=", ")


class Mention(NamedTuple):
    """A value in an entry that stands for something with a title: what kind of thing, and which."""

    what: str
    value: str


Titles = Mapping[tuple[Mention, date], str]


def tell(view: View, entries: Sequence[AnyEntry], language: Language) -> list[str]:
    """One sentence per entry; places and communities are called what they were called that day."""
    titles = _titles(view, entries)
    return [sentence(entry, language, titles) for entry in entries]


def sentence(entry: AnyEntry, language: Language, titles: Titles) -> str:
    """The entry's sentence; an id without a title stands as it is."""
    event, day = entry.event, effective_on(entry)
    edition = built_in().get(entry.policy or "")
    policy = edition.policy if edition else None

    def said(value: Any, what: str | None) -> str:
        if value is None or value == ():
            return NONE.in_(language)
        if isinstance(value, tuple | list):
            return BETWEEN.in_(language).join(said(each, what) for each in value)
        if isinstance(value, Mapping) and what == "criterion":
            terms = (
                (each for each in policy.exemplars.criteria if each.code in value) if policy else ()
            )
            shown = [(each.title.in_(language), value[each.code]) for each in terms]
            return phrasing.listed(shown, chinese=language == "zh")
        if isinstance(value, Mapping):
            return BETWEEN.in_(language).join(
                f"{said(code, what)} {said(found, None)}{unit}"
                for code, found, unit in _measured(value, policy)
            )
        if isinstance(value, Words):
            return value.in_(language)
        if isinstance(value, BaseModel):
            return "–".join(said(each, None) for _, each in value)
        if isinstance(value, date):
            return _day(value, language)
        if isinstance(value, bool):
            return LABELS["yes" if value else "no"].in_(language)
        if what is None:
            return str(value)
        found = titles.get((Mention(what, str(value)), day))
        return found or label(what, str(value), policy, language)

    marks = _named_fields(type(event))
    fields = {name: said(value, marks.get(name)) for name, value in event}
    left_open = frozenset(name for name, value in event if value is None or value == ())
    template = phrasing.template_for(type(event).sentence.in_(language), left_open)
    return phrasing.tidied(template.format_map(fields))


def mentions(event: Event) -> Iterator[Mention]:
    """The communities, jurisdictions and rounds that an event names."""
    for name, what in _named_fields(type(event)).items():
        value = getattr(event, name)
        for each in value if isinstance(value, tuple) else (value,):
            if each is None:
                continue
            if what in ("stream", "community", "jurisdiction", "round"):
                yield Mention(what, each)


def _titles(view: View, entries: Iterable[AnyEntry]) -> Titles:
    asked = [(m, effective_on(entry)) for entry in entries for m in mentions(entry.event)]
    communities, jurisdictions = (
        [(id_of(m.value), day) for m, day in asked if _kind(m) == kind]
        for kind in ("community", "jurisdiction")
    )
    of_communities = register.names(view, communities)
    of_jurisdictions = organisation.names(view, jurisdictions)
    of_rounds = rounds.names(view, (m.value for m, _ in asked if m.what == "round"))
    found: dict[tuple[Mention, date], str] = {}
    for mention, day in asked:
        names = of_communities if _kind(mention) == "community" else of_jurisdictions
        name = names.get((id_of(mention.value), day)) or of_rounds.get(mention.value)
        if name:
            found[mention, day] = name
    return found


def _kind(mention: Mention) -> str:
    return kind_of(mention.value) if mention.what == "stream" else mention.what


@cache
def _named_fields(event: type[Event]) -> Mapping[str, str]:
    """The fields of an event whose values have titles, with what kind of thing they name."""
    found = {}
    for name, field in event.model_fields.items():
        marks = [m for m in field.metadata if isinstance(m, Names)] or _marks(field.annotation)
        if marks:
            found[name] = marks[0].what
    return found


def _marks(annotation: Any) -> list[Names]:
    inner = getattr(annotation, "__metadata__", ())
    marks = [mark for mark in inner if isinstance(mark, Names)]
    return marks or [mark for part in get_args(annotation) for mark in _marks(part)]


def label(what: str, value: str, policy: Policy | None, language: Language) -> str:
    """What a slug is called: by the policy under which it was recorded, else by us."""
    if policy is not None:
        kinds = {
            "type": policy.types,
            "feature": policy.features,
            "indicator": policy.indicators,
            "measure": tuple(measure for each in policy.types for measure in each.measures),
            "focus": policy.programme.focuses,
            "council": policy.councils,
            "round-stage": policy.stages,
            "grade": policy.grades,
            "veto": policy.rounds.vetoes,
            "support": policy.supports,
            "rating": policy.partnerships.ratings,
            "facility": policy.partnerships.facilities,
            "opinion": policy.checkins.opinions,
            "criterion": policy.exemplars.criteria,
            "honour": policy.honours.titles,
            "board": policy.honours.boards,
            "subtype": tuple(sub for each in policy.types for sub in each.subtypes),
        }
        for term in kinds.get(what, ()):
            if term.code == value:
                return term.title.in_(language)
    words = LABELS.get(f"{what}.{value}")
    return words.in_(language) if words else value


def _measured(
    found: Mapping[str, Any], policy: Policy | None
) -> Iterator[tuple[str, Any, Literal["", "%"]]]:
    """What a survey found, in the policy's order, with the sign of its unit."""
    units = {each.code: each.unit for each in policy.indicators} if policy else {}
    known = [code for code in units if code in found]
    for code in (*known, *(code for code in found if code not in units)):
        yield code, found[code], "%" if units.get(code) == "percent" else ""


def _day(day: date, language: Language) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B %Y}"
