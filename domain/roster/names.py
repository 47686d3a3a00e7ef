"""The similarity of two names. It alone never decides that two communities are the same."""

import re
from difflib import SequenceMatcher
from functools import lru_cache

from domain.kernel.text import comparable

# A rename under the same code in the same subdistrict: 新新庙→新庙 scores 0.80, 花园路一→花园第一
# 0.75, 涪江街→涪江 0.80; the closest pairs of different names (捷龙→接龙) score 0.50.
RENAME_SCORE_MIN = 0.75

# Worth showing to a person. Two-character names that share one character score 0.50: chance.
CANDIDATE_SCORE_MIN = 0.60

# One name inside the other (东路→人民东路, 擂鼓→擂鼓坪) is a more specific form of the name, if
# the shared part has more than one character.
CONTAINED_LENGTH_MIN = 2

_GENERIC = re.compile(r"(社区)?(居民委员会?|居委会?|委员会)?$")
_NAMELESS = frozenset({"", "场镇", "集镇", "街道", "镇", "场"})
# Names that differ in one of these are different: 东街 is not 西街, first is not second.
_TELLING = frozenset("一二三四五六七八九十0123456789东南西北中上下左右前后内外")
_PEOPLES = "蒙古|土家|布依|哈尼|傈僳|朝鲜|维吾尔|."
_SUBDISTRICT = re.compile(rf"^(.+?)(?:(?:{_PEOPLES})族)*(?:街道办事处|街道办|街道|镇|乡)$")
_DISTRICT = re.compile(rf"^(.+?)(?:(?:{_PEOPLES})族)*(?:自治县|县|区|市)$")


def place_stem(name: str) -> str:
    """The name of a subdistrict or district without its level: 凤灵 for 凤灵街道办事处."""
    found = _SUBDISTRICT.match(comparable(name)) or _DISTRICT.match(comparable(name))
    return found[1] if found else comparable(name)


def is_nameless(name: str, subdistrict: str) -> bool:
    """Whether the name only says that it is the subdistrict's community (社区, 场镇)."""
    return _specific(name, subdistrict) in _NAMELESS


@lru_cache(maxsize=16_384)
def core(name: str, subdistrict: str) -> str:
    """The telling part of a name: 龙树 for 社区居民委员会 in 龙树镇, 南岸 for 南岸居委会."""
    specific = _specific(name, subdistrict)
    if specific in _NAMELESS:
        return place_stem(subdistrict)
    if specific.endswith("场镇"):
        return specific.removesuffix("场镇")
    return specific.removeprefix("第") if len(specific) > 1 else specific


@lru_cache(maxsize=65_536)
def score(old: str, new: str) -> float:
    """The similarity of two cores: 1.0 if equal, 0 if a telling part differs."""
    if old == new:
        return 1.0
    if _telling(old) != _telling(new):
        return 0.0
    shorter, longer = sorted((old, new), key=len)
    ratio = SequenceMatcher(None, min(old, new), max(old, new), autojunk=False).ratio()
    if len(shorter) >= CONTAINED_LENGTH_MIN and shorter in longer:
        return max(ratio, RENAME_SCORE_MIN)
    return ratio


def _specific(name: str, subdistrict: str) -> str:
    bare = _GENERIC.sub("", comparable(name), count=1)
    return bare.removeprefix(comparable(subdistrict))


def _telling(name: str) -> list[str]:
    return [character for character in name if character in _TELLING]
