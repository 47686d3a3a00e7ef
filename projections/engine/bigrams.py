"""How a text is found by a part of it: by pairs of neighbouring characters, of which Chinese, which
has no blanks between words, needs no dictionary."""

import re

TERMS_MAX = 8

# One character for one, so that a place in the folded text is the same place in the text.
_FOLDED = {chr(0xFF01 + n): chr(0x21 + n) for n in range(94)} | {"\u3000": " ", "\u0130": "i"}
_WIDE = re.compile("[\uff01-\uff5e\u3000\u0130]")

_SIGNS = re.compile(r"^[\W_]+|[\W_]+$")


def fold(text: str) -> str:
    """The text in half-width characters and lower case, as long as it was."""
    return _WIDE.sub(lambda found: _FOLDED[found[0]], text).lower()


def grams(text: str) -> tuple[int, ...]:
    """The pairs of neighbouring UTF-16 units in a folded text, each as one number; some come twice.

    All are taken at once out of the bytes: in Python, one by one, that takes twenty times as long.
    """
    units = memoryview(text.encode("utf-16-le", "surrogatepass"))
    if len(units) < 4:
        return ()
    even, odd = len(units) // 4 * 4, (len(units) - 2) // 4 * 4 + 2
    return (*units[:even].cast("i"), *units[2:odd].cast("i"))


def terms(asked: str) -> tuple[str, ...]:
    """What somebody looks for: the words, each once, without signs around them."""
    words = (_SIGNS.sub("", word) for word in fold(asked).split())
    return tuple(dict.fromkeys(filter(None, words)))[:TERMS_MAX]


def within(text: str, wanted: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where a text has these terms, in order, as (begin, end); those that overlap are one."""
    folded, found = fold(text), list[tuple[int, int]]()
    for term in wanted:
        at = folded.find(term)
        while at >= 0:
            found.append((at, at + len(term)))
            at = folded.find(term, at + len(term))
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(found):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((begin, end))
    return joined
