"""The light of a task (near, behind, overdue), in Chinese working days. Derived, never recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from domain.kernel.policy import Policy
from domain.kernel.policy.working_days import working_days
from domain.kernel.text import Bilingual, Number
from domain.task.state import TICKING, Lapse, TaskStatus

Colour = Literal["near", "behind", "overdue"]

LIGHTS: Mapping[Colour, Bilingual] = MappingProxyType(
    {
        "near": Bilingual(zh="临期", en="near"),
        "behind": Bilingual(zh="滞后", en="behind"),
        "overdue": Bilingual(zh="逾期", en="overdue"),
    }
)


def meaning(colour: Colour, policy: Policy) -> Bilingual:
    """The meaning of a light by the policy's thresholds. The worst that applies is shown."""
    near, behind = policy.work.near_working_days, policy.work.behind_percent
    return {
        "near": Bilingual(
            zh=f"距完成时限不超过 {near} 个工作日，且不滞后",
            en=f"{Number(near):working day|working days} or fewer are left, and it is not behind",
        ),
        "behind": Bilingual(
            zh=f"已用工作日的占比超出进度 {behind} 个百分点及以上，尚未逾期",
            en=f"the share of working days used up is ahead of the progress by {behind} per cent "
            "or more, and it is not overdue",
        ),
        "overdue": Bilingual(
            zh="完成时限之后已过工作日", en="working days have passed since the deadline"
        ),
    }[colour]


@dataclass(frozen=True, slots=True)
class Light:
    """How something compares with its deadline on a day, in Chinese working days."""

    colour: Annotated[
        Colour | None,
        Field(
            description="near 临期（蓝）: at most the policy's `near_working_days` are left; "
            "behind 滞后（黄）: the share of working days used up is ahead of the progress by the "
            "policy's `behind_percent`; overdue 逾期（红）. The worst that applies; null for "
            "none. The dashboard counts the same way."
        ),
    ]
    days: Annotated[
        int | None,
        Field(
            description="Working days left; negative once the deadline has passed; null if "
            "nobody has to act."
        ),
    ]
    tentative: Annotated[
        bool, Field(description="暂定: moved holidays are not announced for all of these days.")
    ]
    was_overdue: Annotated[bool, Field(description="Whether a deadline was ever missed.")]


def light(
    *,
    status: TaskStatus,
    assigned_on: date,
    due_on: date,
    percent: int,
    lapses: Iterable[Lapse],
    today: date,
    policy: Policy,
) -> Light:
    """The light of a task on a day, by the policy's thresholds."""
    calendar = policy.calendar
    late_once = any(working_days(each.due_on, each.on, calendar).days > 0 for each in lapses)
    if status not in TICKING:
        return Light(None, None, False, late_once)
    if today > due_on and (late := working_days(due_on, today, calendar)).days:
        return Light("overdue", -late.days, late.tentative, True)
    left = working_days(today, due_on, calendar)
    if _is_behind(assigned_on, due_on, percent, left.days, policy):
        return Light("behind", left.days, left.tentative, late_once)
    near = left.days <= policy.work.near_working_days
    return Light("near" if near else None, left.days, left.tentative, late_once)


def _is_behind(assigned_on: date, due_on: date, percent: int, left: int, policy: Policy) -> bool:
    """Whether the share of working days used up exceeds the progress by the policy's margin."""
    given = working_days(assigned_on, due_on, policy.calendar).days
    return 100 * (given - left) >= (percent + policy.work.behind_percent) * given > 0
