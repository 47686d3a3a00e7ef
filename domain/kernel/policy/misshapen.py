"""The errors of a policy file's shape in our own words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

_WHOLE = Bilingual(zh="整数", en="a whole number")
_NUMBER = Bilingual(zh="数", en="a number")
_TEXT = Bilingual(zh="文字", en="a text")
_DAY = Bilingual(zh="日期（如 2024-06-30）", en="a day such as 2024-06-30")
_YES_NO = Bilingual(zh="true 或 false", en="true or false")
_LIST = Bilingual(zh="列表", en="a list")
_TABLE = Bilingual(zh="表", en="a table")
# By the beginning of pydantic's name for an error.
_EXPECTED: Mapping[str, Bilingual] = MappingProxyType(
    {
        "int": _WHOLE,
        "decimal": _NUMBER,
        "finite": _NUMBER,
        "string": _TEXT,
        "date": _DAY,
        "bool": _YES_NO,
        "tuple": _LIST,
        "model": _TABLE,
        "dict": _TABLE,
    }
)
_SIGNS = {
    "greater_than_equal": ("ge", Bilingual(zh="不小于", en="at least")),
    "greater_than": ("gt", Bilingual(zh="大于", en="more than")),
    "less_than_equal": ("le", Bilingual(zh="不大于", en="at most")),
    "less_than": ("lt", Bilingual(zh="小于", en="less than")),
}


def refusal_of(error: Mapping[str, Any]) -> Refused:
    """One of pydantic's errors as a code; our own validators name theirs."""
    kind, context = error["type"], error.get("ctx", {})
    if "." in kind:
        return Refused(kind, **context)
    if kind in _SIGNS:
        key, sign = _SIGNS[kind]
        return Refused("policy-file.out-of-bounds", sign=sign, bound=str(context[key]))
    match kind:
        case "missing":
            return Refused("policy-file.missing")
        case "extra_forbidden":
            return Refused("policy-file.not-known")
        case "string_too_short" | "too_short":
            return Refused("policy-file.too-short", least=context["min_length"])
        case "string_too_long" | "too_long":
            return Refused("policy-file.too-long", most=context["max_length"])
        case "string_pattern_mismatch":
            return Refused("policy-file.not-a-code")
        case "literal_error":
            return Refused("policy-file.not-one-of", choice=context["expected"].replace("'", ""))
        case "decimal_max_digits" | "decimal_max_places" | "decimal_whole_digits":
            return Refused("policy-file.too-many-digits")
    expected = next((words for name, words in _EXPECTED.items() if kind.startswith(name)), _TEXT)
    return Refused("policy-file.wrong-kind", expected=expected)
