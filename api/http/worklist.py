"""Communities to classify, and why: proposals, profiles, assessments. Reads only."""

from typing import Annotated

from fastapi import Query

from api.http.kernel.problem_kinds import problems
from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    TheKey,
    TheReading,
    not_there,
    paged,
)
from api.http.kernel.routing import SubjectRouter
from api.http.policies import policy_asked
from domain.kernel.ids import CommunityId, JurisdictionId, Slug
from domain.kernel.text import Bilingual
from projections import register, worklist
from projections.worklist import AssessmentView, ProposalView, WaitingView

router = SubjectRouter("/api/v1", "分类 Classification")

A_PROPOSAL = Bilingual(zh="提议", en="a proposal")

ASSESSING_PROBLEMS = {**READ_PROBLEMS, **problems("refused")}


@router.get(
    "/worklist",
    operation_id="worklist.list",
    summary="分类待办 · Communities to classify",
    responses=ASSESSING_PROBLEMS,
)
def list_waiting(
    reading: TheReading,
    key: TheKey,
    district: Annotated[JurisdictionId | None, Query()] = None,
    subdistrict: Annotated[JurisdictionId | None, Query()] = None,
    type: Annotated[Slug | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[WaitingView]:
    """Urban communities that are unclassified or assessed differently, and all under proposal."""
    with reading.view() as view:
        found = worklist.waiting(
            view,
            policy_asked(reading, view),
            effective=reading.effective,
            district=district,
            subdistrict=subdistrict,
            type=type,
            after=key,
            limit=limit + 1,
        )
        return reading.page(view, found, limit, key=lambda each: (each.code or "", each.community))


@router.get(
    "/communities/{community}/reclassifications",
    operation_id="communities.reclassifications",
    summary="重新划分的提议 · A community's proposals",
    responses=READ_PROBLEMS,
)
def list_proposals(
    community: CommunityId, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[ProposalView]:
    """All proposals for the community, in the order of proposal.

    No day but today is taken for `effective`: ask with `known` for how it stood.
    """
    reading.require_present(A_PROPOSAL)
    with reading.view() as view:
        if not register.periods(view, community):
            raise not_there(f"community:{community}")
        page, next_key = paged(worklist.proposals(view, community), _place, after=key, limit=limit)
        return reading.listing(view, page, next_key=next_key)


@router.get(
    "/communities/{community}/assessment",
    operation_id="communities.assessment",
    summary="类型评估及理由 · The assessment with its reasons",
    responses=ASSESSING_PROBLEMS,
)
def get_assessment(community: CommunityId, reading: TheReading) -> AssessmentView:
    """The assessment of the profile by the policy's rules, with reasons for and against."""
    with reading.view() as view:
        found = worklist.assessment(
            view, community, policy_asked(reading, view), effective=reading.effective
        )
    if found is None:
        raise not_there(f"community:{community}", reading.effective)
    return found


def _place(line: ProposalView) -> tuple[str, str]:
    return f"{line.proposed_position:019}", line.proposal
