"""Describes what is malformed in a request, place by place, in the reader's language."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from access.keys import OPERATION_PATTERN
from domain.kernel.ids import ID_PATTERN
from domain.kernel.text import Bilingual, Language

# What each pattern requires, for readers who do not know regular expressions.
PATTERNS = {
    ID_PATTERN: Bilingual(
        zh="应为编号：小写字母、数字、点与连字符，以字母或数字开头，至多 64 个字符，如 li.na",
        en="This takes an id: small letters, digits, dots and hyphens, a letter or digit first, "
        "64 characters at most, such as li.na",
    ),
    r"^[a-z]+:[a-z0-9][a-z0-9.-]{0,63}$": Bilingual(
        zh="应为类别与编号，以冒号分隔，如 community:k7m2p4xq3ab5cd6e",
        en="This takes a kind and an id with a colon between, such as community:k7m2p4xq3ab5cd6e",
    ),
    r"^$|^[a-z]+:[a-z0-9][a-z0-9.-]*$": Bilingual(
        zh="应为空，或为类别与编号，以冒号分隔，如 community:k7m2p4xq3ab5cd6e",
        en="This takes nothing, or a kind and an id with a colon between, such as "
        "community:k7m2p4xq3ab5cd6e",
    ),
    r"^[a-z-]+\.[a-z-]+$": Bilingual(
        zh="应为操作名称，如 communities.rename",
        en="This takes an operation's name, such as communities.rename",
    ),
    r"[0-9]*": Bilingual(zh="应为数字，或留空", en="This takes digits, or nothing"),
    r"[0-9]{1,12}": Bilingual(zh="应为数字，至多 12 位", en="This takes up to 12 digits"),
    r"^[1-4]?$": Bilingual(zh="应为空，或为 1 至 4", en="This takes nothing, or 1 to 4"),
    r"^[a-z0-9]+(-[a-z0-9]+)*$": Bilingual(
        zh="应为代号：小写字母与数字，其间可用连字符，如 old-courtyard",
        en="This takes a code word: small letters and digits, hyphens between, such as "
        "old-courtyard",
    ),
    r"^[a-z][a-z_]*$": Bilingual(
        zh="应为字段名：小写字母与下划线，以字母开头，如 due_on",
        en="This takes a field's name: small letters and underscores, a letter first, such as "
        "due_on",
    ),
    r"^[a-z0-9][a-z0-9.-]*(/[A-Za-z0-9._-]+)*$": Bilingual(
        zh="应为主机名，其后可接路径，不带协议，如 annals.mianyang.example/2026",
        en="This takes a host's name and a path, no scheme, such as annals.mianyang.example/2026",
    ),
    r"^\S(.*\S)?$": Bilingual(
        zh="应为一行文字，首尾不得有空格",
        en="This takes one line, without blanks at its ends",
    ),
    r"^\S([\s\S]*\S)?$": Bilingual(
        zh="首尾不得有空格或空行", en="It must not begin or end with blanks or empty lines"
    ),
    r"^[^\x00]*$": Bilingual(
        zh="含有不可用的字符", en="It contains a character that cannot be stored"
    ),
    r'^[^\x00-\x1f\x7f/\\"]+$': Bilingual(
        zh="应为文件名，不得含 / \\ 与双引号",
        en="This takes a file's name, without / \\ and quotes",
    ),
    r'^[^\s\x00-\x1f\x7f/\\"]([^\x00-\x1f\x7f/\\"]*[^\s\x00-\x1f\x7f/\\"])?$': Bilingual(
        zh="应为文件名，首尾不得有空格，不得含 / \\ 与双引号",
        en="This takes a file's name, without blanks at its ends, / \\ and quotes",
    ),
    r"^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$": Bilingual(
        zh="应为 18 位统一社会信用代码",
        en="This takes a unified social credit code of 18 characters",
    ),
    r"^[0-9a-f]{64}$": Bilingual(
        zh="应为 SHA-256 摘要：64 位十六进制数字，字母小写",
        en="This takes a SHA-256 digest: 64 hexadecimal digits in lower case",
    ),
    r"^[0-9]{12}$": Bilingual(zh="应为 12 位数字的社区代码", en="This takes a 12-digit code"),
    r"^([0-9]{4}|[0-9]{6}|[0-9]{9})$": Bilingual(
        zh="应为 4 位、6 位或 9 位数字的辖区代码", en="This takes a code of 4, 6 or 9 digits"
    ),
    r"^[^\s0-9]{0,20}[0-9][^\s]{0,39}$": Bilingual(
        zh="应为含号码的门牌，不得有空格，如 3栋2单元501",
        en="This takes a door's number, without blanks, such as 3-2-501",
    ),
    r"^[0-9]{1,12}$": Bilingual(zh="应为至多 12 位的数字", en="This takes at most 12 digits"),
    r"^[0-9]{0,12}$": Bilingual(zh="应为至多 12 位的数字", en="This takes at most 12 digits"),
    r"^-?$|^[a-z0-9]+(-[a-z0-9]+)*$": Bilingual(
        zh="应为社区类型的代号，- 表示未划分", en="This takes a type, or - for none"
    ),
    r"^$|^[a-z0-9]+(-[a-z0-9]+)*$": Bilingual(
        zh="应为代号：小写字母与数字，其间可用连字符，或留空",
        en="This takes a code word: small letters and digits, hyphens between, or nothing",
    ),
    OPERATION_PATTERN: Bilingual(
        zh="应为接口操作的名称，或以 .* 表示其全部，如 tasks.list、tasks.*",
        en="This takes an operation's name, or all of a subject, such as tasks.list or tasks.*",
    ),
    r"^[!-~]{1,128}$": Bilingual(
        zh="应为 1 至 128 个可见的西文字符", en="This takes 1 to 128 visible characters of ASCII"
    ),
    r"^[a-z]+(:[a-z0-9.-]+)?$": Bilingual(
        zh="应为编年流的名称，如 community:k7m2p4xq3ab5cd6e",
        en="This takes a stream, such as community:k7m2p4xq3ab5cd6e",
    ),
    r'^"[0-9]{1,9}"$': Bilingual(
        zh='应为带引号的版本号，如 "7"', en='This takes a version in quotes, such as "7"'
    ),
}
WORDS = re.compile(r"\^\(([a-z|-]+)\)\?\$")
# Pydantic's error types that our shapes can raise, with its own context filled in.
CHINESE = {
    "missing": "缺少此项，必须填写",
    "value_error": "不是可用的值，或未附文件",
    "bytes_type": "应为文件的内容",
    "base64_decode": "文件的内容已损坏，请重新选择文件",
    "extra_forbidden": "没有此项，请删除",
    "string_type": "应为文字",
    "string_unicode": "含有无法识别的字符",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "至多 {max_length} 个字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "整数过大",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "decimal_whole_digits": "整数部分至多 {whole_digits} 位",
    "decimal_max_digits": "数字至多 {max_digits} 位",
    "decimal_max_places": "小数至多 {decimal_places} 位",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "date_type": "应为日期，例如 2024-07-01",
    "date_parsing": "应为日期，例如 2024-07-01",
    "date_from_datetime_parsing": "应为日期，例如 2024-07-01",
    "date_from_datetime_inexact": "应为日期，不带时刻，例如 2024-07-01",
    "literal_error": "应为下列之一：{expected}",
    "enum": "应为下列之一：{expected}",
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
    "json_invalid": "不是有效的 JSON",
    "none_required": "应为 null",
}
MALFORMED = Bilingual(zh="格式不符", en="The form is wrong")
_CHOICE = re.compile(r"'([^']*)'")


def errors_of(errors: Sequence[Mapping[str, Any]], language: Language) -> list[dict[str, str]]:
    """One item for each malformed place: where it is and what is wrong."""
    return [_error(error, language) for error in errors]


def _error(error: Mapping[str, Any], language: Language) -> dict[str, str]:
    where, *path = error["loc"] or ("body",)
    match where:
        case "body" if error["type"] == "json_invalid":
            place = {"pointer": "#"}
        case "body":
            # A request has its command as a field of its own; in the body they are one object.
            place = {"pointer": pointer(path[1:] if path[:1] == ["command"] else path)}
        case "header":
            place = {"header": str(path[0])}
        case _:
            place = {"parameter": str(path[0])}
    return {**place, "detail": _detail(error, language)}


def pointer(path: Sequence[str | int]) -> str:
    """The path as a JSON pointer in a URI fragment (RFC 6901)."""
    return "#" + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _words(pattern: str) -> Bilingual:
    """What a pattern requires that lists words, such as `^(held|missed)?$`."""
    if (listed := WORDS.fullmatch(pattern)) is None:
        return MALFORMED
    words = listed[1].split("|")
    return Bilingual(
        zh=f"应为 {'、'.join(words)}，或留空",
        en=f"This takes {', '.join(words)}, or nothing",
    )


def _detail(error: Mapping[str, Any], language: Language) -> str:
    context = error.get("ctx") or {}
    if error["type"] == "string_pattern_mismatch":
        return (PATTERNS.get(context["pattern"]) or _words(context["pattern"])).in_(language)
    if language == "en":
        return str(error["msg"])
    if choices := context.get("expected"):
        context = {"expected": "、".join(_CHOICE.findall(choices))}
    return CHINESE.get(error["type"], MALFORMED.zh).format_map(context)
