"""Topics of councils in the demo city: seasonal matters, and matters from each measure of the
community's type, in the policy's own words. No type is named here."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import NamedTuple

from domain.kernel.policy import Policy


class Matter(NamedTuple):
    """One item of an agenda: what it is called, what was said, what may be resolved and done."""

    title: str
    account: str
    resolved: str
    errand: str


class Seasonal(NamedTuple):
    """A matter that comes up in some quarters, and in years up to one."""

    quarters: Sequence[int]
    title: str
    account: str
    resolved: str
    errand: str
    last_year: int = 9999


SEASONAL = (
    Seasonal(
        (1,),
        "春节前后走访慰问和安全检查安排",
        "各成员单位认领困难家庭、独居老人慰问名额{n}个，烟花爆竹禁放和用电用气安全检查分{k}组进行",
        "由各成员单位分片包干，元宵节前完成走访慰问和安全检查，并报社区汇总",
        "走访慰问辖区困难家庭并开展用电用气安全检查",
    ),
    Seasonal(
        (1,),
        "本年度共建清单编制",
        "社区梳理需求{k}项，各单位提出可开放资源{n}项，初步对接后形成年度清单初稿",
        "年度共建清单经各成员单位确认后于本季度内公布，按季通报进展",
        "编制并公布本年度共建需求清单和资源清单",
    ),
    Seasonal(
        (1, 2),
        "春季爱国卫生运动",
        "卫生死角主要集中在楼道和背街，共排查{n}处，其中{k}处反复出现",
        "每月最后一个星期五为集中清洁日，各成员单位派员参加",
        "组织开展集中清洁日活动并清理楼道杂物",
    ),
    Seasonal(
        (2,),
        "汛期安全隐患排查",
        "低洼点位{k}处、老旧围墙{k}段需重点盯防，排水管道已疏通{n}米",
        "汛前完成低洼点位和排水设施整治，明确转移避险路线和联络人",
        "完成汛前排水管道疏通和低洼点位警示标识设置",
    ),
    Seasonal(
        (2,),
        "高考中考期间噪声管控",
        "考点周边及沿街施工点{k}处，近期收到噪声投诉{n}件",
        "考试期间停止高噪声作业，由社区、物业和执法人员联合巡查",
        "考试期间组织噪声管控联合巡查",
    ),
    Seasonal(
        (2, 3),
        "暑期青少年托管和安全教育",
        "报名家庭{n}户，场地和志愿者尚有缺口，辖区单位可提供教室{k}间",
        "由社区牵头、辖区学校和文化单位支持，开办暑期托管班，并落实防溺水宣传",
        "开办暑期青少年托管班并落实防溺水巡查",
    ),
    Seasonal(
        (3,),
        "高温期间用电负荷和老旧线路",
        "近期跳闸{k}次，私拉乱接{n}处，有{k}个单元线路需要更换",
        "请供电服务站会同物业逐单元排查，先改存在火灾隐患的线路",
        "排查并更换存在隐患的老旧入户线路",
    ),
    Seasonal(
        (3, 4),
        "电动自行车停放和充电",
        "现有充电端口{n}个，缺口约{n}个，楼道充电现象仍未根治",
        "增设集中充电点，同步开展楼道充电专项清理",
        "增设电动自行车集中充电点并清理楼道停放车辆",
    ),
    Seasonal(
        (4,),
        "今冬明春火灾防控",
        "灭火器过期{n}具，消防通道占用{k}处，微型消防站值守人员需要补充",
        "对消防通道占用问题挂牌整改，各单位各自更换到期器材",
        "清理消防通道占用并更换到期灭火器材",
    ),
    Seasonal(
        (4,),
        "年度双向评价和来年打算",
        "各单位对社区服务总体满意，建议{k}条；社区对各单位支持情况作了通报",
        "评价结果经公示后作为评先推荐的参考，意见建议逐条反馈",
        "汇总双向评价意见并逐条反馈",
    ),
    Seasonal(
        (4,),
        "重阳节敬老活动和独居老人关爱",
        "独居老人{n}名，已结对{k}户，助餐点日均就餐{n}人次",
        "建立定期探访制度，由志愿者每周至少联系一次",
        "建立独居老人定期探访台账并落实结对",
    ),
    Seasonal(
        (1, 2, 3, 4),
        "常态化疫情防控志愿服务",
        "小区值守点{k}个，各单位选派志愿者{n}名，防护物资储备可用{k}天",
        "志愿者实行轮班，物资由社区统一登记发放",
        "组建疫情防控志愿服务轮值队伍",
        2022,
    ),
    Seasonal(
        (1, 2, 3, 4),
        "停车难问题",
        "夜间车位缺口约{m}个，辖区单位内部有可错时开放的车位{n}个",
        "有条件的单位夜间错时开放停车位，由社区发放通行证并负责登记",
        "协调辖区单位夜间错时开放停车位",
    ),
    Seasonal(
        (1, 2, 3, 4),
        "生活垃圾分类",
        "分类投放准确率约{p}%，厨余垃圾混投仍较普遍，破损桶{k}个",
        "定时定点投放，党员和楼栋长轮流值守，破损设施由物业更换",
        "设置定时定点垃圾投放点并安排值守",
    ),
    Seasonal(
        (1, 2, 3, 4),
        "居民反映集中的噪声和油烟问题",
        "上季度收到反映{n}件，集中在{k}家餐饮店和1处夜间广场活动",
        "逐户约谈、限期加装净化设施，广场活动夜间九时前结束",
        "约谈噪声油烟扰民经营户并督促整改",
    ),
)

# How a session speaks of a measure of the policy: its title, and what the document says of it.
TITLES = (
    "“{measure}”工作推进情况",
    "研究“{measure}”有关事项",
    "“{measure}”存在的困难和需要支持的事项",
    "落实“{measure}”重点方向的具体办法",
)
ACCOUNTS = (
    "社区就“{action}”作了说明，前期摸排点位{n}处、走访居民{m}户，主要困难是经费和场地",
    "围绕“{action}”，与会单位逐一发言，提出意见{k}条，多数集中在责任分工和时间安排上",
    "对照“{action}”的要求，已完成{k}项，未完成{k}项，进度总体正常",
    "街道通报了其他社区落实“{measure}”的做法，会议认为可以借鉴，但要结合本社区实际",
    "居民代表反映，“{measure}”各项工作关系日常生活，希望少开会、多办事，会议予以采纳",
    "会议指出，“{measure}”不能只靠社区一家，要按照“{action}”的要求由各方共同承担",
    "社区介绍了试点楼栋的情况，参与居民{m}人次，问题{n}件已解决{p}%，拟逐步推开",
)
RESOLUTIONS = (
    "同意社区提出的“{measure}”实施办法，由街道协调资金，各成员单位按分工配合",
    "成立“{measure}”工作小组，每月碰头一次，进展情况在下次会议上通报",
    "“{measure}”先行在{k}个点位试行，三个月后视效果推开",
    "由居委会牵头列出“{measure}”任务清单，明确责任单位和完成时限并公示",
    "各成员单位各确定一名联络人，共同推进“{measure}”工作",
)
ERRANDS = (
    "{measure}：开展摸底排查并建立问题清单",
    "{measure}：制定实施办法并公示征求意见",
    "{measure}：选定试点楼栋先行实施",
    "{measure}：组织一次集中整治行动",
    "{measure}：协调驻区单位提供场地和人员",
    "{measure}：制作宣传展板并入户宣传",
    "{measure}：召开居民议事会听取意见",
    "{measure}：建立月度通报和回访制度",
    "{measure}：完善公示栏并更新服务指南",
    "{measure}：培训骨干志愿者并登记造册",
)


def of_the_season(random: Random, day: date) -> Matter:
    """A matter that the time of year brings."""
    quarter = (day.month + 2) // 3
    fitting = [s for s in SEASONAL if quarter in s.quarters and day.year <= s.last_year]
    chosen = random.choice(fitting)
    figures = _figures(random)
    return Matter(chosen.title, chosen.account.format(**figures), chosen.resolved, chosen.errand)


def of_the_type(random: Random, policy: Policy, type: str) -> Matter:
    """A matter that a measure of the community's type brings."""
    measure = random.choice(policy.community_type(type).measures)
    action = random.choice(measure.actions).zh if measure.actions else measure.title.zh
    action = action.replace("“", "‘").replace("”", "’")  # it is put in quotation marks
    named = {"measure": measure.title.zh, "action": action, **_figures(random)}
    return Matter(
        *(
            random.choice(texts).format(**named)
            for texts in (TITLES, ACCOUNTS, RESOLUTIONS, ERRANDS)
        )
    )


def errand_of(random: Random, measure: str) -> str:
    """What is to be done for a measure of this title."""
    return random.choice(ERRANDS).format(measure=measure)


def _figures(random: Random) -> dict[str, int]:
    return {
        "k": random.randint(2, 9),
        "n": random.randint(11, 58),
        "m": random.randint(60, 380),
        "p": random.randint(72, 96),
    }
