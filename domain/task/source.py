"""What a task comes from, where the end of that also ends its tasks."""

from dataclasses import dataclass

from domain.kernel.subject import Subject


@dataclass(frozen=True, kw_only=True)
class TaskSource(Subject):
    """A subject that tasks come from; once it is over, none of them is opened again."""

    def require_open_task(self, task: str) -> None:
        """Refused when what the task belongs to is over, so that the task cannot open again."""
        raise NotImplementedError
