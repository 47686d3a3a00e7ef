"""Room on the disk of the database: seen where it is ours to look at, else by what was refused."""

import errno
import shutil
import time
from pathlib import Path

from psycopg.errors import DiskFull

# PostgreSQL's log grows by files of this size: with less room it does not even start.
FILE_BYTES = 16 << 20
# Documents stop here, so that there is room for commands: a tenth of the disk, at most this much.
FLOOR_BYTES_MAX = 1 << 30
# For so long a disk that we cannot look at counts as full after it was found to be.
REMEMBERED_SECONDS = 60.0


class Disk:
    """The disk on which a database has its files; `folder` is None where we cannot look."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._found_full = float("-inf")

    def found_full(self) -> None:
        """The database has refused something for want of room."""
        self._found_full = time.monotonic()

    @property
    def free_bytes(self) -> int | None:
        """How much room there is, where that can be seen."""
        return shutil.disk_usage(self._folder).free if self._folder else None

    @property
    def is_full(self) -> bool:
        """Whether nothing more can be recorded."""
        if (free := self.free_bytes) is not None:
            return free < FILE_BYTES
        return time.monotonic() - self._found_full < REMEMBERED_SECONDS

    def takes(self, bytes_: int) -> bool:
        """Whether a document of this size leaves room for commands."""
        if self._folder is None:
            return not self.is_full
        total, _, free = shutil.disk_usage(self._folder)
        return free - bytes_ >= min(FLOOR_BYTES_MAX, total // 10)


def is_disk_full(problem: BaseException | None) -> bool:
    """Whether a failure came of a full disk, the database's or our own."""
    while problem is not None:
        if isinstance(problem, DiskFull):
            return True
        if isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        problem = problem.__cause__
    return False
