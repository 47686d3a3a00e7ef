"""What a task comes from, where that says how long its tasks may be on the list."""

from dataclasses import dataclass

from domain.kernel.subject import Subject


@dataclass(frozen=True, kw_only=True)
class TaskSource(Subject):
    """A subject that tasks come from, and that may be over before they could go on again."""

    def require_open_task(self, task: str) -> None:
        """Refused where what the task belongs to is over, so that it cannot be open again."""
        raise NotImplementedError
