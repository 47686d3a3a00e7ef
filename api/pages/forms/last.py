"""What a form opens with: the last values of its subject, and today for what is done today."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from api.pages.forms.shapes import FieldShape
from domain.kernel.ids import id_of, kind_of
from projections import organisation, people, register, tasks, units
from projections.engine.view import View

# What a form can ask for again, by the kind of its subject.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "community": ("name", "code", "subdistrict", "type", "subtype"),
    "jurisdiction": ("name", "code", "level", "parent"),
    "unit": ("name", "unit_kind", "credit_code", "jurisdiction", "superior"),
    "person": ("name", "distinction"),
    "task": ("percent", "due_on", "unit", "person"),
}
# Of these the last value is no good first one: they say something new each time.
NEW = {"community": ("type", "subtype"), "task": ("unit", "person")}


def last_values(
    view: View, stream: str, shapes: Sequence[FieldShape], today: date
) -> dict[str, str]:
    """The values as they would be typed."""
    found = {
        each.name: today.isoformat()
        for each in shapes
        if each.kind == "day" and each.required and each.name.endswith("_on")
    }
    found |= {each.name: str(each.default) for each in shapes if isinstance(each.default, str)}
    known, new = known_values(view, stream, today), NEW.get(kind_of(stream), ())
    names = [each.name for each in shapes if each.name not in new]
    return found | {name: known[name] for name in names if known.get(name)}


def known_values(view: View, stream: str, day: date) -> dict[str, str]:
    """What a subject is on a day, by the names of fields."""
    found = _subject(view, stream, day)
    names = KNOWN.get(kind_of(stream), ())
    values = ((name, getattr(found, name, None)) for name in names)
    return {name: "" if value is None else str(value) for name, value in values}


def _subject(view: View, stream: str, day: date) -> Any:
    id = id_of(stream)
    match kind_of(stream):
        case "community":
            return register.community(view, id, effective=day)
        case "jurisdiction":
            return organisation.jurisdiction(view, id, effective=day)
        case "unit":
            return units.unit(view, id, effective=day)
        case "person":
            return people.person(view, id, effective=day)
        case "task":
            steps = tasks.steps(view, id, effective=day)
            return next((each for each in steps[::-1] if each.annulled_by_version is None), None)
    return None
