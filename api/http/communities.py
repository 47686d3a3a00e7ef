"""Communities over HTTP: put on record, changed, joined and divided, corrected.

What is read of them is in api/http/register.py.
"""

from fastapi import APIRouter

from api.http.kernel.requests import Statement, TheDoor, states
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
from domain.kernel.ids import CommunityId, derive_id
from record.store.entry import Receipt

router = APIRouter(prefix="/api/v1/communities", tags=["社区 Communities"])


@states(router, "", "communities.register")
def register(statement: Statement[RegisterCommunity], door: TheDoor) -> Receipt:
    """登记社区 · Register a community"""
    return _begin(statement, door)


@states(router, "/conversions", "communities.convert-village")
def convert_village(statement: Statement[ConvertVillage], door: TheDoor) -> Receipt:
    """村改居 · Register a community that was a village"""
    return _begin(statement, door)


@states(router, "/{community}/names", "communities.rename")
def rename(community: CommunityId, statement: Statement[RenameCommunity], door: TheDoor) -> Receipt:
    """更名 · Rename a community"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/codes", "communities.recode")
def recode(community: CommunityId, statement: Statement[RecodeCommunity], door: TheDoor) -> Receipt:
    """变更代码 · Give a community another code"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/places", "communities.move")
def move(community: CommunityId, statement: Statement[MoveCommunity], door: TheDoor) -> Receipt:
    """调整隶属 · Move a community to another subdistrict"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/boundaries", "communities.describe-boundary")
def describe_boundary(
    community: CommunityId, statement: Statement[DescribeBoundary], door: TheDoor
) -> Receipt:
    """描述四至范围 · Describe a boundary"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/mergers", "communities.merge")
def merge(community: CommunityId, statement: Statement[MergeCommunity], door: TheDoor) -> Receipt:
    """合并 · Merge a community into another"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/splits", "communities.split")
def split(community: CommunityId, statement: Statement[SplitCommunity], door: TheDoor) -> Receipt:
    """拆分 · Split a community"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/abolitions", "communities.abolish")
def abolish(
    community: CommunityId, statement: Statement[AbolishCommunity], door: TheDoor
) -> Receipt:
    """裁撤 · Abolish a community"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/restorations", "communities.restore")
def restore(
    community: CommunityId, statement: Statement[RestoreCommunity], door: TheDoor
) -> Receipt:
    """恢复 · Restore a community"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/lineage", "communities.join-lineage")
def join_lineage(
    community: CommunityId, statement: Statement[JoinLineage], door: TheDoor
) -> Receipt:
    """补记沿革 · Join a lineage left open"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/name-corrections", "communities.correct-name")
def correct_name(
    community: CommunityId, statement: Statement[CorrectName], door: TheDoor
) -> Receipt:
    """更正名称 · Correct a name"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/code-corrections", "communities.correct-code")
def correct_code(
    community: CommunityId, statement: Statement[CorrectCode], door: TheDoor
) -> Receipt:
    """更正代码 · Correct a code"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/place-corrections", "communities.correct-place")
def correct_place(
    community: CommunityId, statement: Statement[CorrectPlace], door: TheDoor
) -> Receipt:
    """更正隶属 · Correct a place"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/registration-corrections", "communities.correct-registration")
def correct_registration(
    community: CommunityId, statement: Statement[CorrectRegistration], door: TheDoor
) -> Receipt:
    """更正登记日期 · Correct the day of registration"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/annulments", "communities.annul")
def annul(community: CommunityId, statement: Statement[AnnulEntry], door: TheDoor) -> Receipt:
    """撤销条目 · Annul an entry"""
    return door.carry_out(_stream(community), statement)


def _stream(community: str) -> str:
    return f"community:{community}"


def _begin(
    statement: Statement[RegisterCommunity] | Statement[ConvertVillage], door: TheDoor
) -> Receipt:
    community = derive_id("community", door.key)
    return door.carry_out(_stream(community), statement, location=f"{router.prefix}/{community}")
