"""Texts of the demo's supports: aims, milestones, reports and outcomes."""

from collections.abc import Mapping, Sequence

# Bodies of the city that are paired with communities. None is a real one.
AGENCIES = (
    "anlan.housing-bureau",
    "anlan.civil-affairs-bureau",
    "anlan.organisation-department",
    "anlan.health-commission",
    "anlan.education-bureau",
    "anlan.water-bureau",
    "anlan.urban-management-bureau",
    "anlan.justice-bureau",
    "anlan.culture-bureau",
    "anlan.transport-bureau",
    "anlan.tax-office",
    "anlan.market-supervision-bureau",
    "anlan.federation-of-trade-unions",
    "anlan.youth-league",
)
AIM = "两年内补齐{items}等短板，力争下一轮评定晋位升级。"
# By the rubric's item; 某方向 stands for a measure of the community's type.
GOALS: Mapping[str, Sequence[str]] = {
    "party-building": (
        "小区党支部应建尽建，“三会一课”台账补齐",
        "配齐社区党组织书记，整顿软弱涣散党支部",
    ),
    "self-governance": (
        "完成居民代表补选，恢复居民议事会",
        "无物业小区全部成立物业管理委员会",
    ),
    "public-services": (
        "社区党群服务中心改造完工并投入使用",
        "开办社区助餐点和老年活动室",
    ),
    "public-order": (
        "积压矛盾纠纷化解率达到90%以上",
        "电动自行车集中充电设施覆盖所有小区",
    ),
    "type-measures": (
        "“某方向”年度项目全部开工",
        "“某方向”项目完工并通过居民评议",
    ),
}
GENERAL = (
    "居民代表会议测评满意度达到80%以上",
    "年度重点任务清单全部销号",
    "12345热线重复投诉量下降一半",
)
# Reached in time, or late.
COMMENTS: Mapping[bool, Sequence[str]] = {
    False: (
        "已组织现场核查，资料齐全。",
        "街道牵头验收，居民代表到场。",
        "结对单位派员核验，达到计划要求。",
    ),
    True: (
        "因资金到位较晚，较计划延后完成。",
        "受施工工期影响延后，现已验收。",
        "经街道督办后完成，较计划滞后。",
    ),
}
# One after another, from the first quarter on.
REPORTS: Sequence[Sequence[str]] = (
    (
        "包点领导到社区调研2次，结对单位召开对接会，梳理问题清单某数条。",
        "第一书记到岗，完成入户走访某数户，建立“一社区一策”工作台账。",
    ),
    (
        "问题清单已办结某数条，党群服务中心改造方案完成居民意见征集。",
        "帮带社区派骨干驻点指导3次，居民议事会恢复召开。",
    ),
    (
        "结对单位协调资金某数万元，用于院落照明和充电设施改造。",
        "物业纠纷化解某数起，居民骨干队伍扩充到某数人。",
    ),
    (
        "年度计划完成过半，组织居民代表评议，满意率较年初明显提高。",
        "年底总结：问题清单办结率八成以上，剩余事项转入下年度计划。",
    ),
    (
        "新一年任务分解到人，帮带社区与本社区联合开展活动某数场。",
        "包点领导现场办公，协调解决用房、用电问题某数项。",
    ),
    (
        "重点项目全部开工，居民公约修订完成，志愿服务队新增某数人。",
        "对照评分标准逐项自查，整改薄弱项某数个。",
    ),
    (
        "做好本轮评定迎检准备，自查自评已完成，台账资料归档。",
        "居民满意度入户测评某数户，意见集中的事项已逐条回复。",
    ),
)
HANDED_OVER = (
    "包点领导工作岗位调整，由接任同志继续联系。",
    "原联系领导退休，按分工调整联系人。",
)
WRONG_REPORT = (
    "完成外墙排危改造12栋，改造弱电管线4.6公里。",
    "所报进展系另一社区情况，误记于本社区，予以撤销。",
)
UPGRADED = (
    "帮扶成效明显，保留结对单位联系一年，巩固成果。",
    "社区自身造血能力增强，转入常态化管理。",
)
NOT_UPGRADED = (
    "纳入新一轮重点帮扶，更换结对单位，重新选派第一书记。",
    "约谈街道和社区负责人，制定专项整改方案，继续帮扶。",
)
