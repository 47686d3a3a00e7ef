"""What a test expects to be refused, by its code."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from domain.kernel.refusal import Refused


@contextmanager
def refused(code: str, kind: type[Refused] = Refused) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """What is done within it is refused with this code, and as this kind of refusal."""
    with pytest.raises(kind) as caught:
        yield caught
    assert caught.value.code == code
