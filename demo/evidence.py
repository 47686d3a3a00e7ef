"""The evidence that the demo's communities and offices write for their points, by item and level.

It works for any rubric: an unknown item gets a general wording.
"""

import re
from collections.abc import Mapping
from random import Random
from typing import Literal

from domain.kernel.policy import Policy
from domain.round.plan import ItemRule

Level = Literal["good", "fair", "poor"]

GOOD_FROM, FAIR_FROM = 0.84, 0.66
_RANGE = re.compile(r"(\d+)~(\d+)")

# 3~7 stands for a number from 3 to 7, 某方向 for a measure of the community's type.
_STATED: Mapping[str, Mapping[Level, tuple[str, ...]]] = {
    "party-building": {
        "good": (
            "全年开展主题党日11~14次，党员参与率90~97%；3~6个小区党支部全部达到规范化建设标准。",
            "“社区党委—小区党支部—楼栋党小组”三级架构健全，在职党员到社区报到40~160人次。",
            "社区“大党委”成员单位6~12家，全年召开联席会议4~6次，议定事项全部办结。",
            "党建指导员派驻全覆盖，党员先锋岗8~20个，认领群众微心愿46~120件，办结率98%。",
        ),
        "fair": (
            "按期召开“三会一课”，小区党支部覆盖率70~85%，尚有2~3个小区未单独组建支部。",
            "党组织活动按月开展，流动党员联系台账基本完整，党建指导员作用发挥不够充分。",
            "“大党委”例会召开2~3次，成员单位参与度不均衡，部分议定事项仍在推进。",
        ),
        "poor": (
            "“三会一课”记录不完整，2~4个小区未建立党支部，流动党员台账缺项。",
            "党组织书记上半年空缺2~4个月，主题党日仅开展5~7次。",
            "党建联席会议未按要求召开，党员到社区报到后参与活动较少。",
        ),
    },
    "self-governance": {
        "good": (
            "居民议事会召开9~16次，议定事项21~46件，办结率95%；居民公约经居民会议修订并公示。",
            "5~9个小区全部成立业主委员会或物业管理委员会，三方联席会议按月召开。",
            "楼栋长、单元长配备率100%，居民骨干组建志愿服务队4~8支，全年服务300~900小时。",
        ),
        "fair": (
            "居民议事会召开5~8次，议定事项多数办结；2~3个小区业主委员会正在筹建。",
            "居务公开每季度更新，居民公约知晓率62~78%，楼栋长配备率81~93%。",
            "志愿服务队3~4支，活动以节庆为主，常态化参与人数30~60人。",
        ),
        "poor": (
            "居民议事会全年仅召开1~3次，居务公开栏未按季度更新。",
            "3~5个小区无业主委员会，居民反映问题主要靠12345热线转办。",
            "居民公约未修订，楼栋长缺配三成以上，居民参与率偏低。",
        ),
    },
    "public-services": {
        "good": (
            "党群服务中心面积1100~2400平方米，推行“一窗通办”，群众办事平均等候4~8分钟。",
            "养老服务站日均服务老人60~140人次，助餐点月供餐1200~3600份，群众满意度96%。",
            "社区服务事项代办帮办420~1300件，上门服务高龄、失能老人130~380人次。",
        ),
        "fair": (
            "党群服务中心面积400~800平方米，服务功能基本齐全，老年活动空间偏紧。",
            "设立办事窗口3~5个，延时服务已开展，部分事项仍需居民到街道办理。",
            "四点半课堂、助餐点已开办，覆盖2~4个小区，社会组织引入1~2家。",
        ),
        "poor": (
            "办公服务用房不足200平方米，未达到每百户30平方米标准，助餐点尚未开办。",
            "服务事项公示不全，群众反映办事多次往返，全年收到服务类投诉14~30件。",
            "为老服务设施缺乏，社会组织入驻为零，服务以节日慰问为主。",
        ),
    },
    "public-order": {
        "good": (
            "排查矛盾纠纷63~150件，就地化解率98%；全年无群体性事件和重大安全事故。",
            "网格员12~22名全员在岗，网格事件按期办结率97%，可防性案件同比下降12~31%。",
            "微型消防站2~4个，电动自行车集中充电设施覆盖全部小区，消防演练6~10次。",
        ),
        "fair": (
            "排查矛盾纠纷40~90件，化解率86~93%，个别物业纠纷仍在调处。",
            "网格事件办结率85~92%，技防设施覆盖6~9个院落，消防通道偶有占用。",
            "安全隐患排查每月开展，整改率88~94%，反诈宣传入户率76~88%。",
        ),
        "poor": (
            "物业、停车类纠纷积压9~20件，信访事项2~5件未按期办结。",
            "电动自行车入楼充电屡禁不止，消防通道堵塞问题被通报2~3次。",
            "网格员缺编3~5名，网格事件办结率不足八成。",
        ),
    },
    "type-measures": {
        "good": (
            "“某方向”等重点方向全部落实到项目，年度任务完成率94~100%，形成可推广做法1~2项。",
            "围绕“某方向”实施项目4~7个，投入资金38~160万元，群众知晓率91~97%。",
            "对照类型任务清单逐项销号，“某方向”被区级以上简报刊发2~4次。",
        ),
        "fair": (
            "“某方向”按计划推进，年度任务完成率76~88%，个别项目资金到位较晚。",
            "围绕“某方向”实施项目2~3个，其余方向以日常工作为主，特色不够鲜明。",
            "类型任务清单完成17~23项，尚有3~6项跨年推进。",
        ),
        "poor": (
            "“某方向”仅制定方案，未落实具体项目，年度任务完成率38~55%。",
            "类型任务清单推进缓慢，“某方向”责任人不明确，资金未落实。",
            "对本类型重点方向理解不深，“某方向”工作与居民需求脱节。",
        ),
    },
}
_STATED_OF_ANY: Mapping[Level, tuple[str, ...]] = {
    "good": ("各项任务全部完成，台账资料齐全，居民评价较好。",),
    "fair": ("主要任务基本完成，台账较为完整，部分工作仍在推进。",),
    "poor": ("任务完成较少，台账缺项较多，居民意见集中。",),
}
_FOUND: Mapping[Level, tuple[str, ...]] = {
    "good": (
        "查阅台账、实地走访，与自评情况一致。",
        "现场核查2~4个点位，工作扎实，建议总结推广。",
        "随机入户10~20户，居民评价好。",
    ),
    "fair": (
        "查阅台账，工作开展正常，缺少成效佐证，酌情扣分。",
        "现场核查发现1~3处问题，已当场反馈，限期整改。",
        "入户访谈12~20户，知晓率一般。",
    ),
    "poor": (
        "台账与实际不符2~4处，按评分标准扣分。",
        "现场核查3~5个点位，问题较多，列入整改清单。",
        "入户访谈15~25户，不满意意见较集中，责成限期整改。",
    ),
}


def level_of(share: float) -> Level:
    """Whether a share of full marks is good, fair or poor."""
    return "good" if share >= GOOD_FROM else "fair" if share >= FAIR_FROM else "poor"


def stated(item: ItemRule, share: float, type: str, policy: Policy, random: Random) -> str:
    """What a community says of itself for an item in which it claims such a share of the points."""
    level = level_of(share)
    text = random.choice(_STATED.get(item.item, _STATED_OF_ANY)[level])
    measures = policy.community_type(type).measures
    measure = random.choice(measures).title.zh if measures else item.title.zh
    return _with_numbers(text.replace("某方向", measure), random)


def found(share: float, random: Random) -> str:
    """What an office found when it looked."""
    return _with_numbers(random.choice(_FOUND[level_of(share)]), random)


def _with_numbers(text: str, random: Random) -> str:
    return _RANGE.sub(lambda m: str(random.randint(int(m[1]), int(m[2]))), text)
