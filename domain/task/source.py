"""The subjects that tasks come from and end with."""

from dataclasses import dataclass

from domain.kernel.subject import Subject


@dataclass(frozen=True, kw_only=True)
class TaskSource(Subject):
    """A subject that tasks come from. Once it is over, none of its tasks can be opened again."""

    def require_open_task(self, task: str) -> None:
        """Refused if what the task belongs to is over, so that the task cannot be opened again."""
        raise NotImplementedError
