"""Commands on communities over HTTP: registration, changes, mergers and splits, corrections.

The reads are in reads.py.
"""

from api.http.kernel.command_routes import CommandRoute, command_router
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

COMMANDS = (
    CommandRoute("", "communities.register", RegisterCommunity, "登记社区 · Register a community"),
    CommandRoute(
        "/conversions",
        "communities.convert-village",
        ConvertVillage,
        "村改居 · Register a community that was a village",
    ),
    CommandRoute(
        "/{community}/names", "communities.rename", RenameCommunity, "更名 · Rename a community"
    ),
    CommandRoute(
        "/{community}/codes",
        "communities.recode",
        RecodeCommunity,
        "变更代码 · Change a community's code",
    ),
    CommandRoute(
        "/{community}/places",
        "communities.move",
        MoveCommunity,
        "调整隶属 · Move a community to another subdistrict",
    ),
    CommandRoute(
        "/{community}/boundaries",
        "communities.describe-boundary",
        DescribeBoundary,
        "描述四至范围 · Describe a boundary",
    ),
    CommandRoute(
        "/{community}/mergers",
        "communities.merge",
        MergeCommunity,
        "合并 · Merge a community into another",
    ),
    CommandRoute(
        "/{community}/splits", "communities.split", SplitCommunity, "拆分 · Split a community"
    ),
    CommandRoute(
        "/{community}/abolitions",
        "communities.abolish",
        AbolishCommunity,
        "裁撤 · Abolish a community",
    ),
    CommandRoute(
        "/{community}/restorations",
        "communities.restore",
        RestoreCommunity,
        "恢复 · Restore a community",
    ),
    CommandRoute(
        "/{community}/lineage",
        "communities.join-lineage",
        JoinLineage,
        "补记沿革 · Record an unknown lineage",
    ),
    CommandRoute(
        "/{community}/name-corrections",
        "communities.correct-name",
        CorrectName,
        "更正名称 · Correct a name",
    ),
    CommandRoute(
        "/{community}/code-corrections",
        "communities.correct-code",
        CorrectCode,
        "更正代码 · Correct a code",
    ),
    CommandRoute(
        "/{community}/place-corrections",
        "communities.correct-place",
        CorrectPlace,
        "更正隶属 · Correct a place",
    ),
    CommandRoute(
        "/{community}/registration-corrections",
        "communities.correct-registration",
        CorrectRegistration,
        "更正登记日期 · Correct the day of registration",
    ),
    CommandRoute(
        "/{community}/annulments", "communities.annul", AnnulEntry, "撤销条目 · Annul an entry"
    ),
)
router = command_router("/api/v1/communities", "社区 Communities", COMMANDS)
