"""The kinds of sheets that can be imported, by name."""

from collections.abc import Mapping
from types import MappingProxyType

from api.sheets.appraisals import APPRAISALS
from api.sheets.classifications import CLASSIFICATIONS
from api.sheets.minutes import MINUTES
from api.sheets.people import PEOPLE
from api.sheets.programme_items import PROGRAMME_ITEMS
from api.sheets.scores import SCORES
from api.sheets.sheet import SheetFormat
from api.sheets.tasks import TASKS
from api.sheets.units import UNITS
from domain.batch.events import SheetKind

KINDS: Mapping[SheetKind, SheetFormat] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            UNITS,
            PEOPLE,
            CLASSIFICATIONS,
            APPRAISALS,
            SCORES,
            PROGRAMME_ITEMS,
            TASKS,
            MINUTES,
        )
    }
)
