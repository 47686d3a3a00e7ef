"""An example for the body of every command, as the API's documentation shows it."""

from typing import Any

from api.http.kernel import examples_grading, examples_society, examples_work
from domain.adoption.adopting import AdoptPolicy, RepealPolicy
from domain.community.classification import (
    AnnulClassification,
    ClassifyCommunity,
    CorrectClassification,
    RepealClassification,
    SetFeatures,
    SetSubtype,
)
from domain.community.corrections import (
    AnnulEntry,
    CorrectCode,
    CorrectName,
    CorrectPlace,
    CorrectRegistration,
)
from domain.community.identity import (
    ConvertVillage,
    DescribeBoundary,
    MoveCommunity,
    RecodeCommunity,
    RegisterCommunity,
    RenameCommunity,
)
from domain.community.lineage import (
    AbolishCommunity,
    JoinLineage,
    MergeCommunity,
    RestoreCommunity,
    SplitCommunity,
)
from domain.community.profile import CorrectProfile, SurveyProfile
from domain.community.reclassification import (
    ApproveReclassification,
    EndorseReclassification,
    ProposeReclassification,
    RejectReclassification,
    ReturnReclassification,
    ReviseReclassification,
    WithdrawReclassification,
)
from domain.founding.founding import FoundRecord
from domain.jurisdiction.corrections import (
    AnnulJurisdictionEntry,
    CorrectEstablishment,
    CorrectJurisdictionCode,
    CorrectJurisdictionName,
    CorrectJurisdictionParent,
)
from domain.jurisdiction.tree import (
    DesignateSeatTown,
    DissolveJurisdiction,
    EstablishJurisdiction,
    MoveJurisdiction,
    RecodeJurisdiction,
    ReconstituteJurisdiction,
    RenameJurisdiction,
    RestoreJurisdiction,
)
from domain.kernel.command import Command
from domain.policy import built_in

# Types come from the policy: no code names one.
OTHER_TYPE, _, A_TYPE = (each.code for each in built_in()["2021"].policy.types[:3])
A_SUBTYPE = next(each.code for t in built_in()["2021"].policy.types for each in t.subtypes)

DISTRICT = "d4f7k2m9qx3ab5cd"
SUBDISTRICT = "s7m2p4xq3ab5cd6e"
COMMUNITY = "c2r6y3n8vz5ab4cd"
TOWN = "t3q5w7y2ab4cd6ef"
PROPOSAL = "p5x7k2m4qa3bc6de"
BASIS = {
    "issuer": "民政局",
    "number": "民发〔2024〕12号",
    "title": "关于调整部分社区的批复",
    "issued_on": "2024-06-20",
}

EXAMPLES: dict[type[Command[Any]], dict[str, Any]] = {
    **examples_grading.EXAMPLES,
    **examples_society.EXAMPLES,
    **examples_work.EXAMPLES,
    FoundRecord: {
        "city_name": "示例市",
        "city_code": "9901",
        "policy": "2021",
        "origin": "annals.example/2026",
    },
    AdoptPolicy: {"policy": "2021", "effective_from": "2021-03-31"},
    RepealPolicy: {"policy": "2021", "effective_until": "2026-01-01", "reason": "有效期届满"},
    EstablishJurisdiction: {
        "level": "subdistrict",
        "name": "城厢街道",
        "code": "990102001",
        "parent": DISTRICT,
        "effective_from": "2019-12-01",
    },
    RenameJurisdiction: {"name": "城北街道", "effective_from": "2024-07-01"},
    RecodeJurisdiction: {"code": "990102002", "effective_from": "2024-07-01"},
    MoveJurisdiction: {"parent": DISTRICT, "effective_from": "2024-07-01"},
    ReconstituteJurisdiction: {"level": "subdistrict", "effective_from": "2024-07-01"},
    DissolveJurisdiction: {"effective_from": "2024-07-01", "successor": SUBDISTRICT},
    RestoreJurisdiction: {"effective_from": "2025-01-01", "code": "990102001"},
    DesignateSeatTown: {"town": TOWN, "effective_from": "2024-07-01"},
    CorrectJurisdictionName: {
        "corrects": 2,
        "name": "城北街道",
        "effective_from": "2024-07-01",
        "reason": "原记录有错别字",
    },
    CorrectJurisdictionCode: {
        "corrects": 3,
        "code": "990102003",
        "effective_from": "2024-07-01",
        "reason": "原代码抄录有误",
    },
    CorrectJurisdictionParent: {
        "corrects": 4,
        "parent": DISTRICT,
        "effective_from": "2024-07-01",
        "reason": "隶属关系记录有误",
    },
    CorrectEstablishment: {
        "corrects": 1,
        "effective_from": "2019-11-01",
        "reason": "以批复日期为准",
    },
    AnnulJurisdictionEntry: {"annuls": 5, "reason": "该记录系误录"},
    RegisterCommunity: {
        "name": "警钟街社区",
        "code": "990102001001",
        "subdistrict": SUBDISTRICT,
        "effective_from": "2019-12-01",
        "origin": "existing",
    },
    ConvertVillage: {
        "name": "金家林社区",
        "code": "990102001002",
        "subdistrict": SUBDISTRICT,
        "village_name": "金家林村",
        "village_code": "990102001202",
        "effective_from": "2020-06-01",
    },
    RenameCommunity: {"name": "钟楼社区", "effective_from": "2024-07-01", "reason": "恢复原地名"},
    RecodeCommunity: {"code": "990102001003", "effective_from": "2024-07-01"},
    MoveCommunity: {"subdistrict": SUBDISTRICT, "effective_from": "2024-07-01"},
    DescribeBoundary: {
        "description": "东至警钟街，南至涪江路，西至剑南路，北至红星街。",
        "effective_from": "2024-07-01",
    },
    MergeCommunity: {"into": COMMUNITY, "effective_from": "2024-07-01"},
    SplitCommunity: {
        "parts": [
            {"name": "钟楼东社区", "code": "990102001004"},
            {"name": "钟楼西社区", "code": "990102001005"},
        ],
        "survives": False,
        "effective_from": "2024-07-01",
    },
    AbolishCommunity: {"effective_from": "2024-07-01", "successors": [COMMUNITY]},
    RestoreCommunity: {"effective_from": "2025-01-01", "code": "990102001001"},
    JoinLineage: {
        "predecessor": COMMUNITY,
        "manner": "merged",
        "reason": "查阅批复后补记沿革",
    },
    CorrectName: {
        "corrects": 2,
        "name": "钟楼社区",
        "effective_from": "2024-07-01",
        "reason": "原记录有错别字",
    },
    CorrectCode: {
        "corrects": 3,
        "code": "990102001006",
        "effective_from": "2024-07-01",
        "reason": "原代码抄录有误",
    },
    CorrectPlace: {
        "corrects": 4,
        "subdistrict": SUBDISTRICT,
        "effective_from": "2024-07-01",
        "reason": "隶属关系记录有误",
    },
    CorrectRegistration: {
        "corrects": 1,
        "effective_from": "2019-11-01",
        "reason": "以批复日期为准",
    },
    AnnulEntry: {"annuls": 5, "reason": "该记录系误录"},
    SurveyProfile: {
        "surveyed_on": "2024-05-20",
        "indicators": {"dwellings": 2400, "commercial-dwellings": "62.5"},
        "source": "社区入户调查",
    },
    CorrectProfile: {
        "corrects": 6,
        "surveyed_on": "2024-05-20",
        "indicators": {"dwellings": 2410, "commercial-dwellings": "61.8"},
        "source": "社区入户调查",
        "reason": "漏计一栋住宅",
    },
    ClassifyCommunity: {"type": OTHER_TYPE, "effective_from": "2021-03-31"},
    SetSubtype: {"subtype": A_SUBTYPE, "effective_from": "2024-07-01"},
    SetFeatures: {"features": [], "effective_from": "2024-07-01"},
    CorrectClassification: {
        "corrects": 7,
        "type": A_TYPE,
        "effective_from": "2021-03-31",
        "reason": "录入时选错类型",
    },
    AnnulClassification: {"annuls": 7, "reason": "该分类系误录"},
    RepealClassification: {
        "repeals": 7,
        "effective_until": "2024-07-01",
        "reason": "社区已整体拆迁",
    },
    ProposeReclassification: {
        "type": A_TYPE,
        "effective_from": "2024-07-01",
        "reason": "老旧院落改造完成，商品住宅已占多数",
        "origin": "community",
    },
    EndorseReclassification: {"proposal": PROPOSAL, "comment": "情况属实"},
    ReturnReclassification: {"proposal": PROPOSAL, "reason": "请补充住房占比数据"},
    ReviseReclassification: {
        "proposal": PROPOSAL,
        "type": A_TYPE,
        "effective_from": "2024-08-01",
        "reason": "已补充住房占比数据",
    },
    WithdrawReclassification: {"proposal": PROPOSAL, "reason": "情况有变"},
    RejectReclassification: {"proposal": PROPOSAL, "reason": "商品住宅尚未占多数"},
    ApproveReclassification: {"proposal": PROPOSAL, "effective_from": "2024-08-01"},
}


def example_of(command: Any) -> dict[str, Any]:
    """The example body of a command, with a document as its basis."""
    return {**EXAMPLES[command], "basis": [BASIS]}
