"""For bulk work in memory: objects that all stay alive cost the garbage collector time and give it
nothing to free. While it is paused, reference counts still free what is no longer used."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the cyclic garbage collector. It may be nested and used concurrently."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
