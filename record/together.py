"""Combines concurrent requests of threads: one thread works for all, in one round trip.

The first thread starts at once with what is there. Threads that arrive in the meantime wait
until it is done; then the first of them does the work of all that are waiting.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

from eventsourcing.persistence import PersistenceError

A = TypeVar("A")
B = TypeVar("B")

GROUP_MAX = 64


class _Asked(Generic[A, B]):
    """A thread's request, its answer, and the event that wakes it."""

    __slots__ = ("answer", "asked", "bell", "leads")

    def __init__(self, asked: A) -> None:
        self.asked = asked
        self.answer: B | None = None
        self.leads = False
        self.bell = Lock()
        self.bell.acquire()


class Together(Generic[A, B]):
    """Answers requests with `work`, which gets as many at once as `fitting` chooses.

    `work` answers each request, in order. If it fails for several, each is tried again alone,
    so that only the one that fails gets the error: retrying must be safe.
    `fitting` gets all requests and returns the indexes of those that can be
    combined, always including the first.
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
        """How many requests are waiting for the work under way."""
        return len(self._waiting)

    def ask(self, asked: A) -> B:
        """The answer to a request; raises what `work` raises for it."""
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
        except BaseException:  # the main thread was interrupted and no longer waits
            with self._lock:
                self._leave([mine])
                following = self._following() if mine.leads else None
            _wake(following)
            raise

    def _lead(self, mine: _Asked[A, B]) -> None:
        """Do the work of all waiting threads, including this one, and pass on the lead."""
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
                self._leave(group)  # even after a failure, no thread waits for this one again
                following = self._following()
            _wake(following)
            for each in group:
                _wake(each)

    def _leave(self, group: Sequence[_Asked[A, B]]) -> None:
        self._waiting = [each for each in self._waiting if each not in group]

    def _following(self) -> _Asked[A, B] | None:
        """The next to lead. Call it with the lock held."""
        if not self._waiting:
            self._led = False
            return None
        self._waiting[0].leads = True
        return self._waiting[0]


def _wake(asked: _Asked[A, B] | None) -> None:
    if asked is not None:
        asked.bell.release()
