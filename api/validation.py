"""What is malformed in a request, place by place, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.words import Language

# Pydantic's error types that our shapes can raise, with its own context filled in.
CHINESE = {
    "missing": "缺少此项，必须填写",
    "extra_forbidden": "没有此项，请删除",
    "string_type": "应为文字",
    "string_unicode": "含有无法识别的字符",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "至多 {max_length} 个字",
    "string_pattern_mismatch": "格式不符，应符合 {pattern}",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "整数过大",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "decimal_max_digits": "数字至多 {max_digits} 位",
    "decimal_max_places": "小数至多 {decimal_places} 位",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "date_type": "应为日期，例如 2024-07-01",
    "date_parsing": "应为日期，例如 2024-07-01",
    "date_from_datetime_parsing": "应为日期，例如 2024-07-01",
    "date_from_datetime_inexact": "应为日期，不带时刻，例如 2024-07-01",
    "literal_error": "应为 {expected} 之一",
    "enum": "应为 {expected} 之一",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "too_short": "至少 {min_length} 项",
    "too_long": "至多 {max_length} 项",
    "list_type": "应为数组",
    "tuple_type": "应为数组",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为 JSON 对象；请以 Content-Type: application/json 提交",
    "json_invalid": "不是有效的 JSON:{error}",
    "none_required": "应为 null",
}


def errors_of(errors: Sequence[Mapping[str, Any]], language: Language) -> list[dict[str, str]]:
    """One line for each malformed place: where it is, and what is wrong there."""
    return [_error(error, language) for error in errors]


def _error(error: Mapping[str, Any], language: Language) -> dict[str, str]:
    where, *path = error["loc"] or ("body",)
    match where:
        case "body" if error["type"] == "json_invalid":
            place = {"pointer": "#"}
        case "body":
            # A statement holds its command apart; in the body they are one object.
            place = {"pointer": pointer(path[1:] if path[:1] == ["command"] else path)}
        case "header":
            place = {"header": str(path[0])}
        case _:
            place = {"parameter": str(path[0])}
    return {**place, "detail": _detail(error, language)}


def pointer(path: Sequence[str | int]) -> str:
    """The path as a JSON pointer in a URI fragment (RFC 6901)."""
    return "#" + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _detail(error: Mapping[str, Any], language: Language) -> str:
    if language == "en":
        return str(error["msg"])
    sentence = CHINESE.get(error["type"])
    if sentence is None:
        return f"格式不符（{error['msg']}）"
    return sentence.format_map(error.get("ctx") or {})
