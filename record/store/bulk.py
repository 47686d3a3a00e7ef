"""For long work in memory: many objects that all live on give the garbage collector much to look at
and nothing to find. It pauses; what is no longer used is freed by its reference count as always."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without the cyclic garbage collector; nested and concurrent uses are harmless."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
