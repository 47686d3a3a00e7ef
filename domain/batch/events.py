"""Everything that can happen to a file that was handed in."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.kernel.event import Event
from domain.kernel.ids import Digest, Title
from domain.kernel.text import Bilingual

# What people keep in sheets, beside the rosters of communities.
SheetKind = Literal[
    "classifications",
    "appraisals",
    "scores",
    "programme-items",
    "tasks",
    "minutes",
    "units",
    "people",
]

BatchSource = Literal["roster", SheetKind]

Rows = Annotated[int, Field(ge=0, le=10_000_000)]


class BatchReceived(Event):
    """A file was received. Its content, codes and names are as of one day."""

    sentence = Bilingual(
        zh="收到文件 {file_name}，共 {rows} 行，截至{as_of}。",
        en="Received {file_name}: {rows:row|rows}, as of {as_of}.",
    )

    source: BatchSource
    file_name: Title
    file_digest: Digest
    rows: Rows
    as_of: date


class BatchApplied(Event):
    """All commands of the file were recorded."""

    sentence = Bilingual(zh="已入编 {entries} 条。", en="{entries:entry|entries} recorded.")

    entries: Rows


BatchEvent = BatchReceived | BatchApplied
