"""Fits texts into the template of a sentence: fields that were left out disappear,
and a text's own full stop does not end up in the middle of the sentence."""

import re
from collections.abc import Iterable
from functools import lru_cache

_BRACKETED = re.compile(r"（(?P<zh>[^（）]*)）| \((?P<en>[^()]*)\)")
_FIELD = re.compile(r"{(\w+)(?::[^}]*)?}")
# Of a sentence that is quoted in another; English needs twice the characters.
QUOTED_CHARACTERS_MAX = 80
TITLE_CHARACTERS_MAX = 40
_STOP_BEFORE_MORE = re.compile(r"。(?=[。；，、（）.;,)]| \()")


@lru_cache(maxsize=1_024)
def template_for(template: str, left_open: frozenset[str]) -> str:
    """The template without the bracketed remarks on fields that were left out."""

    def remarks(found: re.Match[str]) -> str:
        zh, en = found["zh"], found["en"]
        between = "；" if zh is not None else "; "
        parts = (zh if zh is not None else en).split(between)
        said = between.join(part for part in parts if _says_something(part, left_open))
        if not said:
            return ""
        return f"（{said}）" if zh is not None else f" ({said})"

    return _BRACKETED.sub(remarks, template)


@lru_cache(maxsize=1_024)
def fields_of(template: str) -> tuple[tuple[str, bool], ...]:
    """The fields of a template, each with whether it is in quotation marks."""
    names = dict.fromkeys(_FIELD.findall(template))
    return tuple((name, f"“{{{name}}}”" in template) for name in names)


def tidied(sentence: str) -> str:
    """The sentence without full stops of texts in its middle."""
    return _STOP_BEFORE_MORE.sub("", sentence) if "。" in sentence else sentence


def listed(terms: Iterable[tuple[str, str]], *, chinese: bool) -> str:
    """These terms, listed one after another."""
    colon, between = ("：", "；") if chinese else (": ", "; ")
    return between.join(f"{term}{colon}{text.rstrip('。')}" for term, text in terms)


def inner(text: str) -> str:
    """A text in the form for within quotation marks."""
    return text.replace("“", "‘").replace("”", "’")


def quoted(number: str, sentence: str, *, chinese: bool) -> str:
    """The number of an entry with its sentence, shortened if it is long."""
    said = sentence.rstrip("。.")
    characters_max = QUOTED_CHARACTERS_MAX * (1 if chinese else 2)
    if len(said) > characters_max:
        said = f"{said[: characters_max - 1]}…"
    return f"{number}（原载：{said}）" if chinese else f"{number} (“{inner(said)}”)"


def shortened(text: str) -> str:
    """The first line of a text, shortened if it is long, to refer to what it describes."""
    line = text.splitlines()[0].rstrip("。.")
    return line if len(line) <= TITLE_CHARACTERS_MAX else f"{line[: TITLE_CHARACTERS_MAX - 1]}…"


def _says_something(part: str, left_open: frozenset[str]) -> bool:
    fields = set(_FIELD.findall(part))
    return not fields or bool(fields - left_open)
