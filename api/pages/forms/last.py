"""What a form opens with: the last values of its subject, and today for what is done today."""

from collections.abc import Sequence
from datetime import date

from api.pages.forms.shapes import FieldShape
from domain.kernel.ids import id_of, kind_of
from projections import register, tasks
from projections.engine.view import View

# Fields whose last value is a good first one; the others say something new each time.
COMMUNITY = ("name", "code", "subdistrict")
TASK = ("percent", "due_on")


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
    known = _known(view, stream, today)
    return found | {each.name: known[each.name] for each in shapes if known.get(each.name)}


def _known(view: View, stream: str, today: date) -> dict[str, str]:
    match kind_of(stream):
        case "community":
            community = register.community(view, id_of(stream), effective=today)
            return {name: str(getattr(community, name, None) or "") for name in COMMUNITY}
        case "task":
            last = tasks.steps(view, id_of(stream), effective=today)
            standing = [each for each in last if each.annulled_by_version is None][-1:]
            return {name: str(getattr(step, name)) for step in standing for name in TASK}
    return {}
