"""What belongs to the subject of a form, to choose from by name: members, sessions, items."""

from collections.abc import Sequence
from datetime import date

from api.pages.forms.shapes import FieldShape
from domain.council.membership import JoinCouncil
from domain.kernel.ids import id_of, kind_of
from projections import checkins, councils, partnerships
from projections.engine.view import View

Choice = tuple[str, str]
SHOWN_MAX = 100
# The fields that name a part of the subject, by its kind; who joins a council is none of it yet.
PARTS = {
    "council": ("member", "present", "excused", "session", "resolution"),
    "partnership": ("need", "resource", "project", "facility"),
    "checkin": ("pledge", "opinion"),
}


def belonging(view: View, stream: str, shape: FieldShape, day: date) -> Sequence[Choice]:
    """The parts of a subject that a field can name, the newest first; empty if it names none."""
    kind, field = kind_of(stream), shape.name
    if field not in PARTS.get(kind, ()) or shape.model == JoinCouncil.__name__:
        return ()
    id = id_of(stream)
    match kind:
        case "council":
            return _of_council(view, id, field, day)
        case "partnership":
            of = partnerships.Filter(partnership=id)
            found = partnerships.items(view, effective=day, kind=field, where=of)
            return [(each.item, each.text or field) for each in found][::-1]
        case _:
            mine = checkins.Filter(checkin=id)
            items = checkins.items(view, effective=day, kind=field, where=mine)
            return [(each.item, each.text or field) for each in items][::-1]


def _of_council(view: View, id: str, field: str, day: date) -> Sequence[Choice]:
    match field:
        case "session":
            where = councils.Filter(council=id)
            found = councils.sessions(view, effective=day, where=where, limit=1_000)
            return [(each.session, each.day.isoformat()) for each in found[: -SHOWN_MAX - 1 : -1]]
        case "resolution":
            resolved = councils.resolutions(view, id, effective=day)
            return [(each.resolution, each.text) for each in resolved[: -SHOWN_MAX - 1 : -1]]
    return [(each.member, each.member_name) for each in councils.members(view, id, effective=day)]
