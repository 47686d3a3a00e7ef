"""The bounds of a policy file, checked before it is parsed, and of its values, before they are
validated: no file makes its reader slow or large."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from domain.kernel.policy.fault import Fault
from domain.kernel.refusal import Refused
from domain.kernel.text import UNSOUND

FILE_BYTES_MAX = 524_288
DEPTH_MAX = 6
ENTRIES_MAX = 10_000
NUMBER_DIGITS_MAX = 18
NUMBER_BITS_MAX = 60

_STRING_OR_COMMENT = re.compile(
    r'"""[\s\S]*?"""'
    r"|'''[\s\S]*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
)
_NAME = r"(?<![\w-])[\w-]+[ \t]*\.[ \t]*"
_DEEP_NAME = re.compile(rf"{_NAME}(?:[\w-]+[ \t]*\.[ \t]*){{{DEPTH_MAX - 1}}}")


def of_text(text: str) -> Fault | None:
    """What bars the text from being parsed, if anything does."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return Fault("", Refused("policy-file.not-utf8"))
    if size > FILE_BYTES_MAX:
        return Fault("", Refused("policy-file.too-large", kilobytes=FILE_BYTES_MAX // 1024))
    bare = _STRING_OR_COMMENT.sub("s", text)
    if sum(map(bare.count, "=,[{")) > ENTRIES_MAX:
        return Fault("", Refused("policy-file.too-many-entries", entries_max=ENTRIES_MAX))
    if _DEEP_NAME.search(bare) or _nesting(bare) > DEPTH_MAX:
        return Fault("", Refused("policy-file.too-deep", depth_max=DEPTH_MAX))
    return None


def of_values(raw: Any, path: tuple[int | str, ...] = ()) -> Iterator[tuple[Any, Refused]]:
    """The paths of numbers too long to compute with, and of texts with unsound characters."""
    match raw:
        case dict():
            for key, value in raw.items():
                yield from of_values(value, (*path, key))
        case list():
            for number, value in enumerate(raw):
                yield from of_values(value, (*path, number))
        case str() if UNSOUND.search(raw):
            yield path, Refused("policy-file.unsound-text")
        case int() | Decimal() if not _is_short(raw):
            yield path, Refused("policy-file.number-too-long", digits_max=NUMBER_DIGITS_MAX)


def _nesting(bare: str) -> int:
    depth = deepest = 0
    for bracket in re.finditer(r"[\[\]{}]", bare):
        depth = depth + 1 if bracket[0] in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _is_short(number: int | Decimal) -> bool:
    if isinstance(number, int):
        return number.bit_length() < NUMBER_BITS_MAX
    _, digits, exponent = number.as_tuple()
    few = len(digits) <= NUMBER_DIGITS_MAX
    return few and isinstance(exponent, int) and abs(exponent) <= NUMBER_DIGITS_MAX
