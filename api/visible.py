"""JSON in which everything can be seen: for terminals, files and logs."""

import re

from domain.kernel.text import UNSAFE


def visible_json(text: str) -> str:
    """The same JSON, with escapes in place of characters that cannot be seen, or turn others."""
    return UNSAFE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
