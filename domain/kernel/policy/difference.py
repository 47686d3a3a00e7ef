"""What would change with another policy file, in sentences."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, cast, get_args

from pydantic import BaseModel

from domain.kernel.ids import Named
from domain.kernel.policy.grading import Quota, Rubric, Threshold
from domain.kernel.policy.indicator import AssessmentRule
from domain.kernel.policy.policy import Policy
from domain.kernel.policy.term import Titled
from domain.kernel.text import Bilingual

_NONE = Bilingual(zh="无", en="none")
_YES, _NO = Bilingual(zh="是", en="yes"), Bilingual(zh="否", en="no")
_WORDS_MAX = 200
# The fields whose values are codes of other entries, where their names do not say of which kind.
_CODES: Mapping[str, Named] = {
    "types": "type",
    "grade": "grade",
    "by_grade": "grade",
    "stage": "round-stage",
    "stages": "round-stage",
    "indicator": "indicator",
}


class Difference(NamedTuple):
    """One difference: where it is, and what changes, as a sentence."""

    path: str
    sentence: Bilingual


class _Place(NamedTuple):
    """Where two files are compared: a path, and what it is called in both languages."""

    path: tuple[str, ...]
    called: tuple[Bilingual, ...]

    def at(self, step: str, called: Bilingual) -> "_Place":
        return _Place((*self.path, step), (*self.called, called))

    def in_(self, language: Any) -> str:
        between = "·" if language == "zh" else " · "
        return between.join(each.in_(language) for each in self.called)

    def changed(self, was: Bilingual, now: Bilingual) -> Difference:
        return self._said("{}由{}改为{}。", "{}: from {} to {}.", was, now)

    def added(self) -> Difference:
        return self._said("新增{}。", "Added: {}.")

    def removed(self) -> Difference:
        return self._said("取消{}。", "Removed: {}.")

    def reordered(self) -> Difference:
        return self._said("{}的顺序改变。", "{}: in another order.")

    def _said(self, zh: str, en: str, *values: Bilingual) -> Difference:
        sentence = Bilingual(
            zh=zh.format(self.in_("zh"), *(each.zh for each in values)),
            en=en.format(self.in_("en"), *(each.en for each in values)),
        )
        return Difference(".".join(self.path), sentence)


def differences(before: Policy, after: Policy) -> Iterator[Difference]:
    """Everything that `after` says otherwise than `before`, in the order of the file's parts."""
    return _Comparison(before, after).of_models(_Place((), ()), before, after)


@cache
def field_names() -> Mapping[str, Bilingual]:
    """What each part of a policy file is called."""
    text = files("domain.kernel.policy").joinpath("fields.toml").read_text(encoding="utf-8")
    return {name: Bilingual(zh=zh, en=en) for name, (zh, en) in tomllib.loads(text).items()}


class _Comparison(NamedTuple):
    before: Policy
    after: Policy

    def of_models(self, place: _Place, was: BaseModel, now: BaseModel) -> Iterator[Difference]:
        for name in type(now).model_fields:
            old, new = getattr(was, name), getattr(now, name)
            if old == new or name == "code":
                continue
            within = place.at(name, _field(name))
            if isinstance(old, BaseModel) and isinstance(new, BaseModel):
                if isinstance(new, Bilingual):
                    yield within.changed(_quoted(cast(Bilingual, old)), _quoted(new))
                else:
                    yield from self.of_models(within, old, new)
            elif _is_of_models(old) or _is_of_models(new):
                yield from self._of_lists(within, old, new)
            else:
                yield within.changed(
                    self._said(name, old, self.before), self._said(name, new, self.after)
                )

    def _of_lists(
        self, place: _Place, was: Sequence[BaseModel], now: Sequence[BaseModel]
    ) -> Iterator[Difference]:
        """Entries by their codes, or by what else tells them apart."""
        old = {self._key(each, n): each for n, each in enumerate(was, 1)}
        new = {self._key(each, n): each for n, each in enumerate(now, 1)}
        for key, each in old.items():
            if key not in new:
                yield place.at(key, self._called(each, self.before)).removed()
        for key, each in new.items():
            within = place.at(key, self._called(each, self.after))
            if key not in old:
                yield within.added()
            else:
                yield from self.of_models(within, old[key], each)
        if [key for key in old if key in new] != [key for key in new if key in old]:
            yield place.reordered()

    def _key(self, entry: BaseModel, number: int) -> str:
        match entry:
            case Titled():
                return entry.code
            case Rubric():
                return "+".join((entry.stage, *entry.types))
            case Threshold() | Quota():
                return entry.grade
            case AssessmentRule():
                return f"{entry.indicator}{entry.operator}{entry.threshold}"
        return str(number)

    def _called(self, entry: BaseModel, policy: Policy) -> Bilingual:
        match entry:
            case Titled():
                return _quoted(entry.title)
            case Rubric():
                stage = self._said("stage", entry.stage, policy)
                types = self._said("types", entry.types, policy)
                if not entry.types:
                    return stage
                return Bilingual(zh=f"{stage.zh}（{types.zh}）", en=f"{stage.en} ({types.en})")
            case Threshold() | Quota():
                return self._said("grade", entry.grade, policy)
            case AssessmentRule():
                return _quoted(entry.reason)
        return _NONE

    def _said(self, name: str, value: Any, policy: Policy) -> Bilingual:
        match value:
            case None | ():
                return _NONE
            case bool():
                return _YES if value else _NO
            case tuple():
                each = [self._said(name, one, policy) for one in value]
                return Bilingual(zh="、".join(e.zh for e in each), en=", ".join(e.en for e in each))
        if isinstance(value, str) and (title := _title(name, value, policy)):
            return title
        return _short(Bilingual(zh=str(value), en=str(value)))


def _title(name: str, code: str, policy: Policy) -> Bilingual | None:
    if name.startswith("may_"):
        return policy.role_title(code)
    what = _CODES.get(name)
    return next((t.title for t in policy.terms(what) if t.code == code), None) if what else None


def _field(name: str) -> Bilingual:
    return field_names().get(name) or Bilingual(zh=name, en=name.replace("_", " "))


def _is_of_models(value: Any) -> bool:
    return isinstance(value, tuple) and any(isinstance(each, BaseModel) for each in value)


def _quoted(text: Bilingual) -> Bilingual:
    short = _short(text)
    return Bilingual(zh=f"“{short.zh}”", en=f"“{short.en}”")


def _short(text: Bilingual) -> Bilingual:
    def cut(words: str) -> str:
        return words if len(words) <= _WORDS_MAX else f"{words[:_WORDS_MAX]}…"

    return Bilingual(zh=cut(text.zh), en=cut(text.en))


assert {*_CODES.values()} <= {*get_args(Named)}
