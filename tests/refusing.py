"""What a test expects to be refused, or to stop, by its code."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest

from domain.kernel.refusal import Coded, Refused, Stopped

C = TypeVar("C", bound=Coded)


@contextmanager
def refused(code: str, kind: type[Refused] = Refused) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """What is done within it is refused with this code, and as this kind of refusal."""
    with _raises(code, kind) as caught:
        yield caught


@contextmanager
def stopped(code: str, kind: type[Stopped] = Stopped) -> Iterator[pytest.ExceptionInfo[Stopped]]:
    """What is done within it stops with this code, and as this kind of reason."""
    with _raises(code, kind) as caught:
        yield caught


@contextmanager
def _raises(code: str, kind: type[C]) -> Iterator[pytest.ExceptionInfo[C]]:
    with pytest.raises(kind) as caught:
        yield caught
    assert caught.value.code == code
