"""A refusal that knows only the id of a place is shown with the place's name."""

import pytest

from domain.kernel.text import Bilingual
from projections.places import mentioned, with_names

NAMES = {
    "community:a": "钟楼社区",
    "jurisdiction:a": "钟楼区",
    "unit:s1.x-2": "城厢街道",
    "person:p1": "李娜",
}


@pytest.mark.parametrize(
    ("zh", "said"),
    [
        ("community:a 已退出本轮评定。", "钟楼社区（a）已退出本轮评定。"),
        ("代码属于 community:a；请另选。", "代码属于钟楼社区（a）；请另选。"),
        ("请由 unit:s1.x-2 的人员办理。", "请由城厢街道（s1.x-2）的人员办理。"),
        ("编年中没有 jurisdiction:a。", "编年中没有钟楼区（a）。"),
        ("已有同名者：person:p1。", "已有同名者：李娜（p1）。"),
        ("由 unit:power-bureau 的 zhao 负责。", "由 power-bureau 的 zhao 负责。"),
        ("没有 community:unknown。", "没有 community:unknown。"),
    ],
)
def test_a_place_is_named_before_its_id(zh: str, said: str) -> None:
    assert with_names(Bilingual(zh=zh, en="x"), NAMES).zh == said


def test_a_full_stop_behind_an_id_is_none_of_it() -> None:
    words = Bilingual(zh="属于 community:a。", en="The code belongs to community:a.")

    assert with_names(words, NAMES).en == "The code belongs to 钟楼社区 (a)."
    assert mentioned([words]) == ["community:a"]
