"""What can be chosen in a field: by name, from the policy of the day and the registers."""

from collections.abc import Sequence
from datetime import date
from functools import cache

from api.pages.forms.shapes import FieldShape
from api.pages.titles import Titles
from projections import organisation, people, register, units
from projections.engine.view import View
from projections.labels import LABELS

Choice = tuple[str, str]
CHOICES_MAX = 1_000


def choices_of(view: View, shape: FieldShape, titles: Titles, day: date) -> Sequence[Choice]:
    """The values of a field with their titles; empty if it is typed."""
    if shape.values:
        what = shape.names or _list_of(shape.values) or shape.name
        return [(each, titles.term(what, each)) for each in shape.values]
    match shape.names:
        case None:
            return ()
        case "community":
            found = register.communities(view, effective=day, limit=CHOICES_MAX)
            return [(each.community, each.name or each.community) for each in found]
        case "jurisdiction":
            places = organisation.jurisdictions(view, effective=day, limit=CHOICES_MAX)
            return [(each.jurisdiction, each.name or each.jurisdiction) for each in places]
        case "unit":
            offices = units.units(view, effective=day, limit=CHOICES_MAX)
            return [(each.unit, each.name) for each in offices]
        case "person":
            officials = people.people(view, effective=day, limit=CHOICES_MAX)
            return [(each.person, _official(each)) for each in officials]
    policy = titles.policy
    terms = policy.terms(shape.names) if policy else ()
    return [(each.code, each.title.in_(titles.language)) for each in terms]


def _official(person: people.PersonView) -> str:
    """A name with the unit of the first post, which tells namesakes apart."""
    unit = person.posts[0].unit_name if person.posts else None
    return f"{person.name} · {unit}" if unit else person.name


@cache
def _list_of(values: tuple[str, ...]) -> str | None:
    """The closed list of ours that has these values: the shortest, if several have."""
    lists: dict[str, set[str]] = {}
    for name in LABELS:
        what, _, slug = name.partition(".")
        lists.setdefault(what, set()).add(slug)
    fitting = [what for what, slugs in lists.items() if slugs.issuperset(values)]
    return min(fitting, key=lambda what: len(lists[what]), default=None)
