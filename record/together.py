"""Many threads ask at once, one of them works for all: one round trip instead of many.

Whoever comes first does at once what is there, and waits for nobody. Those who come meanwhile wait
until that is done; then the first of them does the work of all who are there by then.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

from eventsourcing.persistence import PersistenceError

A = TypeVar("A")
B = TypeVar("B")

GROUP_MAX = 64


class _Asked(Generic[A, B]):
    """What one thread asks for, what it is answered, and the bell that wakes it."""

    __slots__ = ("answer", "asked", "bell", "leads")

    def __init__(self, asked: A) -> None:
        self.asked = asked
        self.answer: B | None = None
        self.leads = False
        self.bell = Lock()
        self.bell.acquire()


class Together(Generic[A, B]):
    """Answers what is asked by `work`, which is given as much at once as `fitting` chooses.

    `work` answers for each, in order. When it fails for several, each of them asks for its own by
    itself, so that a failure reaches only whoever caused it: it must be safe to ask again.
    `fitting` is given all that is asked, and answers with the indexes of those that may go
    together, the first always among them.
    """

    def __init__(
        self,
        work: Callable[[Sequence[A]], Sequence[B]],
        fitting: Callable[[Sequence[A]], Sequence[int]] = lambda asked: range(len(asked)),
    ) -> None:
        self._work = work
        self._fitting = fitting
        self._lock = Lock()
        self._waiting: list[_Asked[A, B]] = []
        self._led = False

    @property
    def waiting(self) -> int:
        """How many wait until the work that is under way is done."""
        return len(self._waiting)

    def ask(self, asked: A) -> B:
        """The answer to this; raises what `work` raises for it."""
        mine: _Asked[A, B] = _Asked(asked)
        with self._lock:
            self._waiting.append(mine)
            mine.leads = not self._led
            self._led = True
        if not mine.leads:
            self._wait(mine)
        if mine.leads:
            self._lead(mine)
        if mine.answer is None:
            (mine.answer,) = self._work([asked])
        return mine.answer

    def _wait(self, mine: _Asked[A, B]) -> None:
        try:
            mine.bell.acquire()
        except BaseException:  # an interrupted main thread: nobody waits here any longer
            with self._lock:
                self._leave([mine])
                following = self._following() if mine.leads else None
            _wake(following)
            raise

    def _lead(self, mine: _Asked[A, B]) -> None:
        """Do the work of those who wait, this thread's own among it, and pass the lead on."""
        group = [mine]
        try:
            with self._lock:
                there = self._waiting[:GROUP_MAX]
                group = [there[index] for index in self._fitting([each.asked for each in there])]
                self._leave(group)
            answers = self._work([each.asked for each in group])
            for each, answer in zip(group, answers, strict=True):
                each.answer = answer
        except PersistenceError:
            if len(group) == 1:
                raise
        finally:
            with self._lock:
                self._leave(group)  # whatever failed above, nobody waits for this thread again
                following = self._following()
            _wake(following)
            for each in group:
                _wake(each)

    def _leave(self, group: Sequence[_Asked[A, B]]) -> None:
        self._waiting = [each for each in self._waiting if each not in group]

    def _following(self) -> _Asked[A, B] | None:
        """Whoever leads next; called with the lock held."""
        if not self._waiting:
            self._led = False
            return None
        self._waiting[0].leads = True
        return self._waiting[0]


def _wake(asked: _Asked[A, B] | None) -> None:
    if asked is not None:
        asked.bell.release()
