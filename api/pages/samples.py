"""What the gallery shows of things that go step by step and of forms, with data as in the demo."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from api.pages.cadence import Quarter
from api.pages.forms.fields import CellShown, FieldShown
from api.pages.forms.operations import operations
from api.pages.forms.shapes import shapes_of
from api.pages.forms.stale import Change, FieldChange, Stale
from api.pages.forms.within import FormWithin
from api.pages.forms.words import field_words
from api.pages.rounds.results import Meter
from api.pages.steps import Taken, steps_of
from domain.kernel.text import Language
from domain.task.assignment import AssignTask
from projections.councils import SessionView
from projections.meant import Candidate
from record.store.record import CHINA

SAVED_AT = datetime(2025, 12, 31, 14, 5, tzinfo=CHINA)
HELD_ON = date(2025, 8, 27)
NAMESAKES = (
    Candidate("p1", "李娜", "望川区住房和城乡建设局科长"),
    Candidate("p2", "李娜", "桂溪街道办事处社区事务专干"),
)


def samples(language: Language, grades: Sequence[str]) -> dict[str, Any]:
    """What the templates of those parts take; `grades` are codes, from the best on."""
    operation = operations()["tasks.assign"]
    return {
        "steps": steps_of(
            Taken("notice", True, date(2025, 8, 24)),
            Taken("agenda", True, number=4),
            Taken("held", True, HELD_ON, 14),
            Taken("resolved", False, optional=True),
            Taken("minutes", False),
        ),
        "quarters": (
            Quarter("missed", open=False),
            Quarter("held", open=False, sessions=(_session(),)),
            Quarter("coming", open=True),
            Quarter("none", open=True),
        ),
        "meters": (
            Meter(grades[0], 5, 6, 24, "ceiling"),
            Meter(grades[0], 8, 6, 24, "ceiling"),
            Meter(grades[-1], 3, None, 24, ""),
        ),
        "form": FormWithin(
            operation=operation,
            address="/forms/tasks.assign",
            fields=[_named(language)],
            settled={},
            key="",
            version=0,
            draft_at=SAVED_AT,
        ),
        "stale": Stale(
            [Change("自2025年6月1日起更名为“鼓楼社区”。", "肖松涛", "市民政局", 34_744)],
            [FieldChange("新名称", "金街路口社区", "鼓楼社区", "钟楼社区")],
        ),
    }


def _named(language: Language) -> FieldShown:
    """A field of an official, whose name several bear."""
    shape = next(each for each in shapes_of(AssignTask) if each.name == "person")
    cell = CellShown(
        name="person",
        shape=shape,
        words=field_words("AssignTask", "person", language),
        value="李娜",
        choices=(),
        problem="“李娜”可能指以下几项，请选择其一，或改写全称",
        candidates=[("李娜", each) for each in NAMESAKES],
    )
    return FieldShown(cell, False, (), ())


def _session() -> SessionView:
    """A session that was held."""
    nobody: dict[str, Any] = {each: [] for each in ("present", "excused", "observers", "agenda")}
    blank = dict.fromkeys(SessionView.model_fields)
    told = {
        "council": "c1",
        "session": "s1",
        "status": "held",
        "day": HELD_ON,
        "noticed_on": HELD_ON,
        "scheduled_on": HELD_ON,
        "council_title": "联席会议",
        "council_kind": "joint",
        "community": "c1",
        "versions": 0,
        "position": 4_298,
    }
    return SessionView.of({**blank, **nobody, **told})
