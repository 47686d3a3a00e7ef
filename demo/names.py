"""Invented names: of the city and its units, of communities, roads and the people in the offices.

None is meant to be a real place or person; every statistical code begins with 99, as no real one.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from random import Random
from typing import NamedTuple

from domain.jurisdiction.levels import UnitLevel

CITY_NAME = "安澜市"
CITY_SHORT = "安澜"
CITY_CODE = "9901"
ORIGIN = "annals.anlan.example/2021"
CITY_SINCE = date(1985, 5, 18)


class PlaceName(NamedTuple):
    """A subdistrict or town as it stood at the beginning, and how many communities it had."""

    name: str
    code: str
    communities: int
    level: UnitLevel = "subdistrict"


class UnitName(NamedTuple):
    """A unit directly under the city as it stood at the beginning. A park has no code."""

    name: str
    short: str
    level: UnitLevel
    code: str | None
    since: date
    places: tuple[PlaceName, ...]
    seat: str | None = None


UNITS = (
    UnitName(
        "澜江区",
        "澜江",
        "district",
        "990102",
        date(1985, 5, 18),
        (
            PlaceName("桂溪街道", "990102001", 7),
            PlaceName("文渊街道", "990102002", 6),
            PlaceName("鼓台街道", "990102003", 6),
            PlaceName("南津街道", "990102004", 6),
            PlaceName("锦屏街道", "990102005", 6),
            PlaceName("老码头街道", "990102006", 5),
        ),
    ),
    UnitName(
        "望川区",
        "望川",
        "district",
        "990103",
        date(1992, 10, 8),
        (
            PlaceName("望江门街道", "990103001", 6),
            PlaceName("三元桥街道", "990103002", 6),
            PlaceName("塔山街道", "990103003", 7),
            PlaceName("松柏街道", "990103004", 6),
            PlaceName("临港街道", "990103005", 5),
        ),
    ),
    UnitName(
        "云岫区",
        "云岫",
        "district",
        "990104",
        date(2003, 7, 1),
        (
            PlaceName("云岫街道", "990104001", 6),
            PlaceName("白鹤街道", "990104002", 5),
            PlaceName("莲池街道", "990104003", 6),
            PlaceName("砚山街道", "990104004", 5),
        ),
    ),
    UnitName(
        "石渡县",
        "石渡",
        "county",
        "990121",
        date(1985, 5, 18),
        (
            PlaceName("石渡镇", "990121100", 10, "town"),
            PlaceName("东渡街道", "990121001", 8),
        ),
        seat="石渡镇",
    ),
    UnitName(
        "青禾县",
        "青禾",
        "county",
        "990122",
        date(1985, 5, 18),
        (PlaceName("青禾镇", "990122100", 12, "town"),),
        seat="青禾镇",
    ),
    UnitName(
        "檀溪市",
        "檀溪",
        "county-city",
        "990181",
        date(1994, 3, 16),
        (
            PlaceName("檀溪街道", "990181001", 8),
            PlaceName("凤仪街道", "990181002", 8),
            PlaceName("柳坪镇", "990181101", 0, "town"),
        ),
    ),
    UnitName(
        "安澜高新区",
        "高新",
        "park",
        None,
        date(2012, 8, 20),
        (
            PlaceName("科苑街道", "990103006", 6),
            PlaceName("永和街道", "990103007", 6),
        ),
    ),
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_STEMS = _words("""
锦绣 翠湖 金桂 云锦 雅颂 兰亭 和悦 碧水 紫藤 枫林 望湖 清风 明月 晨曦
星河 丹桂 玉兰 东篱 芳草 沁园 长乐 永安 福星 瑞和 春晖 秀水 听涛 澄观
栖云 景明 凌波 柳岸 荷香 松涛 竹韵 梅岭 樱园 石榴 银杏 海棠
""")
_LANES = _words("""
竹篱 灯笼 豆腐 打铁 染房 书院 盐店 米市 纸坊 绣花 草鞋 木匠 铜锣 油坊
花椒 井泉 马号 学坎 城隍 状元 文庙 钟楼 火神 磨子 纱帽 丁家 罗锅 槐荫
杨柳 皂角
""")
_WORKS = _words("""
棉纺 机床 轴承 缫丝 水泥 电机 造纸 玻纤 农机 酿造 制药 化肥 印染 搪瓷
仪表 锻压 钢管 电缆 陶瓷 洗选
""")
_OFFICES = _words("""
学府 师专 设计院 地勘 水文 气象 农科 铁建 邮电 供电 勘测 林校 卫校 党校路
广电 粮院 蚕研 药检 档案 测绘
""")
_TRADES = _words("""
丽景 万汇 金街 中环 时代 世贸 银座 东方 新天地 太古 财富 国贸 星光 港湾
百盛 摩尔 长廊 商都 天街 汇金
""")
_FIELDS = _words("""
杨家 罗家 石桥 双河 大堰 青龙 白果 黄桷 高坎 团结 新民 红光 龙洞 水磨
陈家 马鞍 清泉 乌木 柿子 花园 响水 桐子 三棵 麻柳 板桥 金星
""")

# What kind of name a community has, and of what such names are made.
POOLS: Mapping[str, tuple[str, ...]] = {
    "estate": tuple(a + b for b, a in product(("苑", "花园", "华庭", "名都"), _STEMS)),
    "trade": tuple(a + b for b, a in product(("广场", "商城", "路口"), _TRADES)),
    "lane": tuple(a + b for b, a in product(("巷", "街", "坊"), _LANES)),
    "works": tuple(a + b for b, a in product(("新村", "厂"), _WORKS)),
    "office": tuple(a + b for b, a in product(("路", "大院"), _OFFICES)),
    "field": tuple(a + b for b, a in product(("湾", "坝", "坪"), _FIELDS)),
}

ROADS = _words("""
人民中路 建设路 解放街 沿江大道 滨河路 文昌路 迎宾大道 环城东路 科创大道 桃源路
体育路 劳动街 公园路 南山路 北门大街 育才路 花园路 东兴路 石桥路 电力巷
仓库街 铁路专用线 澜江堤岸 小溪河 云岫山脚 高压走廊
""")

_SURNAMES = _words("""
chen:陈 wang:王 li:李 zhang:张 liu:刘 yang:杨 zhao:赵 huang:黄 zhou:周 wu:吴 xu:徐 sun:孙
hu:胡 zhu:朱 gao:高 lin:林 he:何 guo:郭 ma:马 luo:罗 liang:梁 song:宋 zheng:郑 xie:谢
han:韩 tang:唐 feng:冯 yu:于 dong:董 xiao:萧 cheng:程 cao:曹 yuan:袁 deng:邓
""")
_GIVEN = _words("""
yulan:玉兰 jianguo:建国 min:敏 xiaohong:小红 guoqiang:国强 lihua:丽华 wei:伟 dan:丹 yongfu:永福
xiuying:秀英 peng:鹏 ting:婷 haibo:海波 yan:燕 zhiming:志明 qin:琴 bin:斌 xuemei:雪梅 jun:军
fang:芳 minghui:明辉 jing:静 chunlin:春林 rong:蓉 tao:涛 hui:慧 lei:磊 na:娜 guifang:桂芳
zhengyu:正宇 shuzhen:淑珍 xinyi:欣怡 zhigang:志刚 meiling:美玲 wenbin:文斌 yujie:玉洁
hongmei:红梅 jiahui:佳慧 dongmei:冬梅 shaohua:少华 yonghong:永红 liping:丽萍 weidong:卫东
xiuzhen:秀珍 guangming:光明 aihua:爱华 jinsong:劲松 rui:睿 ying:英 jianping:建平 lin:琳
suqin:素琴 zhenhua:振华 yufen:玉芬 xiaofeng:晓峰 chunmei:春梅 kai:凯 lan:兰 dehua:德华
songtao:松涛 qiuyan:秋燕
""")
# Names as they are written, by the parts of an id.
_WRITTEN_SURNAMES = dict(each.split(":") for each in _SURNAMES)
_WRITTEN_GIVEN = dict(each.split(":") for each in _GIVEN)


def people(random: Random) -> Iterator[str]:
    """The ids of people, each once: 2,000 of them."""
    surnames, given = ([each.partition(":")[0] for each in all] for all in (_SURNAMES, _GIVEN))
    pairs = [f"{surname}.{name}" for surname, name in product(surnames, given)]
    random.shuffle(pairs)
    return iter(pairs)


def written(person: str) -> str:
    """The name of the person of this id: 陈玉兰 of `chen.yulan`."""
    surname, _, given = person.partition(".")
    return _WRITTEN_SURNAMES[surname] + _WRITTEN_GIVEN[given]
