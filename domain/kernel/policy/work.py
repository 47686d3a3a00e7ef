"""The parts of a policy file about meetings, programmes, measures and tasks, and their calendar."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.kernel.policy.parts import Roles
from domain.kernel.policy.term import Sourced

Days = Annotated[tuple[date, ...], Field(max_length=500)]


class Work(Sourced):
    """The roles for meetings, programmes, measures and tasks, the notice of meetings, and the
    thresholds of a task's light."""

    may_hold_meetings: Roles
    may_draft_programmes: Roles
    may_adopt_city_programmes: Roles
    may_adopt_district_programmes: Roles
    may_plan_measures: Roles
    may_assign_tasks: Roles
    may_carry_out_tasks: Roles
    may_verify_tasks: Roles
    notice_days_min: int = Field(ge=0, le=60)
    near_working_days: int = Field(ge=1, le=60)
    behind_percent: int = Field(ge=1, le=100)


class Calendar(Sourced):
    """Differences from the built-in calendar of Chinese holidays.

    `rest_days` and `work_days` are officially moved days. For `announced_years` all moved days are
    listed here, although the built-in calendar does not know them yet.
    """

    rest_days: Days = ()
    work_days: Days = ()
    announced_years: tuple[Annotated[int, Field(ge=1950, le=2200)], ...] = ()

    @model_validator(mode="after")
    def _no_day_is_both(self) -> "Calendar":
        if both := set(self.rest_days) & set(self.work_days):
            twice = {"day": min(both).isoformat()}
            raise PydanticCustomError("policy-file.day-of-both-kinds", "day", twice)
        return self
