"""Files that a browser keeps: their media types, and under which name."""

import re
from typing import Any
from urllib.parse import quote

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def attachment(name: str, *, plain: str | None = None) -> dict[str, str]:
    """The header for a file of this name in any language (RFC 6266, RFC 8187), with a `plain` one
    for who cannot read that."""
    named = quote(_NOT_IN_NAMES.sub(" ", name), safe="")
    first = f'; filename="{plain}"' if plain else ""
    return {"Content-Disposition": f"attachment{first}; filename*=UTF-8''{named}"}
