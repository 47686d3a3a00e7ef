"""What a person is told by code: a refusal, which is a rule's answer, and what stops a program.

Who raises it gives a code with parameters. The sentences are in the catalogues `refusals.zh.toml`
and `refusals.en.toml` beside the code, so that wording can change without touching a rule:

    [task.not-accepted]
    says = "任务“{title}”尚未接收（第 {entry} 条）。"
    do = "请先接收。"

A parameter is formatted by its type: a day as 2024-06-30, a Bilingual in the language of the
sentence, a span of days as 自…起, several values as a list. `{stages:or}` joins them with 或,
`{reasons:;}` with semicolons, `{rows:row|rows}` counts in English, `{what:first}` begins an English
sentence. If a parameter is itself a refusal, only its `says` appears. A part in square brackets
is left out when a parameter in it is None.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Any, NamedTuple, TypeAlias

from domain.kernel.text import Bilingual, Language, Number
from domain.kernel.timeline import DateSpan

REASONS_MAX = 50
# The packages that contain catalogues. Named, not imported: the domain imports none of the others.
PACKAGES = ("domain", "record", "access", "projections", "api")

Param: TypeAlias = (
    "str | int | Decimal | date | Bilingual | DateSpan | Refused | Sequence[Param] | None"
)


class Coded(Exception):
    """What a person can act on: a code, and the parameters of its sentences."""

    def __init__(self, code: str, /, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def words(self) -> Bilingual:
        """The whole sentence: what is wrong, and what to do next."""
        return Bilingual(zh=self._formatted("zh"), en=self._formatted("en"))

    @property
    def reason(self) -> Bilingual:
        """What is wrong, without a full stop, to be listed with other reasons."""
        return Bilingual(
            zh=self._formatted("zh", 1).rstrip("。"), en=self._formatted("en", 1).rstrip(".")
        )

    def _formatted(self, language: Language, sentences: int = 2) -> str:
        wording = catalogue(language)[self.code]
        fill = _Formatter(language).vformat
        texts = [
            fill(_with_what_is_given(each, self.params), (), self.params)
            for each in wording[:sentences]
        ]
        return ("" if language == "zh" else " ").join(texts)

    def __str__(self) -> str:
        return self.words.en


class Stopped(Coded):
    """The program cannot go on before somebody does what the sentence says. No rule is broken."""


class Refused(Coded):
    """The command breaks the rule `code`. A refusal is an answer, never an error.

    What has a name that the rule does not know is written as its stream: `community:ID`,
    `jurisdiction:ID`, `person:ID`, or `unit:ID` for an office or an acting unit; the reader of the
    sentence sees the name instead.
    """


class NotOnRecord(Refused):
    """What the command names was never recorded."""


class NotAuthorised(Refused):
    """The acting person's authority does not reach this far.

    `roles` are those that may, if the role is what is missing.
    """

    roles: tuple[str, ...] = ()


class Irregular(Refused):
    """The fact breaks rules of procedure: nothing is recorded until it comes with a reason.

    `breaches` are all the rules that it breaks.
    """

    def __init__(self, breaches: "Sequence[Refused]") -> None:
        super().__init__("fact.irregular", breaches=breaches)
        self.breaches = tuple(breaches)


class Conflict(Refused):
    """Somebody else recorded first: what the command depended on has changed."""


class Stale(Refused):
    """The caller gave a version that is not the newest."""

    def __init__(self, code: str, /, *, stream: str, version: int, **params: Param) -> None:
        super().__init__(code, stream=stream, version=version, **params)
        self.stream = stream
        self.version = version


class CommandIdReused(Refused):
    """The same command id came with another command."""


class Wording(NamedTuple):
    """The two sentences of a code in one language: what is wrong, and what to do next.

    For a refusal the Chinese catalogue also states the rule and the section of the policy document
    that it comes from; docs/rules.md is generated from them.
    """

    says: str
    do: str
    rule: str = ""
    section: str = ""


@cache
def catalogue(language: Language) -> Mapping[str, Wording]:
    """The wording of every code in a language, from all catalogues."""
    found: dict[str, Wording] = {}
    for package in PACKAGES:
        for file in _catalogues(files(package), f"refusals.{language}.toml"):
            for subject, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
                for name, entry in entries.items():
                    code = f"{subject}.{name}"
                    assert code not in found, f"two catalogues word {code}"
                    found[code] = Wording(**entry)
    return found


def _catalogues(folder: Traversable, name: str) -> Iterator[Traversable]:
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.name == name:
            yield each
        elif each.is_dir():
            yield from _catalogues(each, name)


_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"{(\w+)")


def _with_what_is_given(template: str, params: Mapping[str, Param]) -> str:
    def kept(found: re.Match[str]) -> str:
        given = all(params[name] is not None for name in _FIELD.findall(found[1]))
        return found[1] if given else ""

    return _OPTIONAL.sub(kept, template)


class _Formatter(Formatter):
    """Fills a template with parameters, each formatted in one language."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, list | tuple) and not isinstance(value, DateSpan):
            return self._joined(value, format_spec)
        formatted = self._formatted(value)
        if "|" in format_spec and self._language == "en":
            return format(Number(value), format_spec)
        return formatted[:1].upper() + formatted[1:] if format_spec == "first" else formatted

    def _formatted(self, value: Param) -> str:
        zh = self._language == "zh"
        match value:
            case Refused():
                return value.reason.in_(self._language)
            case Bilingual():
                return value.in_(self._language)
            case DateSpan(begin, None):
                return f"自 {begin} 起" if zh else f"from {begin} on"
            case DateSpan(begin, until):
                return f"自 {begin} 起至 {until}（不含）" if zh else f"from {begin} until {until}"
            case _:
                return str(value)

    def _joined(self, values: Sequence[Param], how: str) -> str:
        zh = self._language == "zh"
        formatted = [self._formatted(value) for value in values[:REASONS_MAX]]
        if (more := len(values) - REASONS_MAX) > 0:
            formatted.append(f"另有 {more} 项" if zh else f"and {more} more")
        between = {"": ("、", ", "), "or": ("或", " or "), ";": ("；", "; ")}[how]
        return between[not zh].join(formatted)
