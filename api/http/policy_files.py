"""Policy files over HTTP: send one to have it checked, compared or tried; get one as it is.

The body of a request is the file itself. Nothing here records anything.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.http.kernel.acting import permitted_by, reading_as
from api.http.kernel.problem_kinds import CODE, PARAMS, problems
from api.http.kernel.routing import SubjectRouter
from api.http.policies import edition_asked
from api.languages import language_of
from domain.adoption.adopting import DRAFT
from domain.founding.state import Founded
from domain.kernel.context import Acting
from domain.kernel.ids import Id, PolicyVersion
from domain.kernel.params import params_of
from domain.kernel.policy import Fault, Policy, faults_of, policy_digest, read_policy
from domain.kernel.policy.difference import differences
from domain.kernel.policy.fault import PolicyFileWrong
from domain.kernel.refusal import NotAuthorised, Refused
from domain.kernel.text import Bilingual, Language
from projections import trial
from projections.engine.view import ReadModels
from projections.trial import AssessmentTrialView, RankTrialView
from record.store.record import Record

router = SubjectRouter("/api/v1/policies", "政策 Policies")

T = TypeVar("T")
DIFFERENCES_MAX = 1_000
ROWS_MAX = 200
_threads = CapacityLimiter(2)  # to read a file may take a second
TOML = "application/toml"
TEXT: dict[str, Any] = {"schema": {"type": "string"}}
BODY = {
    "requestBody": {
        "required": True,
        "content": {TOML: TEXT, "text/plain": TEXT, "application/octet-stream": TEXT},
    }
}
FILE_PROBLEMS = problems(
    "not-signed-in",
    "not-authorised",
    "not-on-record",
    "refused",
    "too-large",
    "invalid-request",
    "not-yet-shown",
    "database-away",
)


class FaultView(BaseModel):
    """A fault of a policy file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(description="Where, such as `stages.appraisal.may_act`; empty for the file.")
    code: str = Field(description=CODE, examples=["policy-file.missing"])
    params: dict[str, Any] = Field(description=PARAMS)
    reason: Bilingual

    @classmethod
    def of(cls, fault: Fault, language: Language) -> "FaultView":
        """The same, with its sentence."""
        params = params_of(fault.what, language)
        return cls(path=fault.path, code=fault.what.code, params=params, reason=fault.what.words)


class PolicyCheckView(BaseModel):
    """All faults of a policy file, in the order of the file's parts; none if it can be adopted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str | None = Field(description="null if the file has faults.")
    digest: str | None
    faults: list[FaultView] = Field(description="At most 200.")


class DifferenceView(BaseModel):
    """One difference between two policy files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    sentence: Bilingual


class DifferencesView(BaseModel):
    """What would change with a policy file, compared with another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    against: str
    total: int
    items: list[DifferenceView] = Field(description="The first 1,000.")


class TrialView(BaseModel):
    """What would change under a draft. Nothing was recorded.

    The changes of both lists are paged together with `offset` and `limit`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    against: str
    effective: date
    position: int
    round: str | None = Field(description="The round that was ranked again; null without one.")
    round_title: str | None
    ranked: int = Field(description="How many communities the round ranks.")
    ranking_changes: int
    ranking: list[RankTrialView]
    not_ranked: Bilingual | None = Field(description="Why the draft cannot rank the round.")
    assessed: int
    assessment_changes: int
    assessments: list[AssessmentTrialView]
    next_offset: int | None


TheActor = Annotated[Acting, Depends(reading_as)]


@router.post(
    "/checks",
    operation_id="policies.check",
    summary="检查政策文件 · Check a policy file",
    responses=FILE_PROBLEMS,
    openapi_extra=BODY,
)
async def check(request: Request, by: TheActor) -> PolicyCheckView:
    """Every fault of a policy file, named by its path, all at once."""
    content = await request.body()

    def checked() -> PolicyCheckView:
        drafting(request, by)
        return check_of(content, language_of(request))

    return await _apart(checked)


def check_of(content: bytes, language: Language) -> PolicyCheckView:
    """The faults of a file."""
    text = _text(content)
    faults = faults_of(text) if text is not None else _NOT_UTF8
    sound = not faults and text is not None
    return PolicyCheckView(
        version=read_policy(text).version if sound and text else None,
        digest=policy_digest(text) if sound and text else None,
        faults=[FaultView.of(each, language) for each in faults],
    )


@router.post(
    "/differences",
    operation_id="policies.diff",
    summary="比较政策文件 · Compare a policy file with the one in force",
    responses=FILE_PROBLEMS,
    openapi_extra=BODY,
)
async def diff(
    request: Request,
    by: TheActor,
    against: Annotated[
        PolicyVersion | None, Query(description="By default the policy in force today.")
    ] = None,
) -> DifferencesView:
    """What would change, in sentences: roles, weights, quotas, caps, days, indicators, titles …"""
    content = await request.body()

    def compared() -> DifferencesView:
        in_force, draft = drafting(request, by), draft_of(content)
        other = edition_asked(request, against).policy if against else in_force
        return differences_of(other, draft)

    return await _apart(compared)


def differences_of(other: Policy, draft: Policy) -> DifferencesView:
    """What a draft changes in another policy."""
    found = list(differences(other, draft))
    return DifferencesView(
        version=draft.version,
        against=other.version,
        total=len(found),
        items=[
            DifferenceView(path=each.path, sentence=each.sentence)
            for each in found[:DIFFERENCES_MAX]
        ],
    )


@router.post(
    "/trials",
    operation_id="policies.try",
    summary="试用政策文件 · Try a policy file on the last round and all communities",
    responses=FILE_PROBLEMS,
    openapi_extra=BODY,
)
async def try_draft(
    request: Request,
    by: TheActor,
    round: Annotated[Id | None, Query(description="By default the last that ranks.")] = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=ROWS_MAX)] = 50,
) -> TrialView:
    """The last round ranked again by its scores, and every community assessed again, under the
    draft: those for which it changes something, beside what is on record."""
    content = await request.body()

    def tried() -> TrialView:
        in_force, draft = drafting(request, by, whole_city=True), draft_of(content)
        return tried_on(request, in_force, draft, round, offset=offset, limit=limit)

    return await _apart(tried)


def tried_on(
    request: Request, in_force: Policy, draft: Policy, round: str | None, *, offset: int, limit: int
) -> TrialView:
    """A trial on the record of today."""
    record: Record = request.app.state.record
    models: ReadModels = request.app.state.models
    with models.view() as view:
        return trial_of(
            view, in_force, draft, round, effective=record.today(), offset=offset, limit=limit
        )


def trial_of(
    view: Any,
    in_force: Policy,
    draft: Policy,
    round: str | None,
    *,
    effective: date,
    offset: int,
    limit: int,
) -> TrialView:
    """A page of what would change."""
    its_round = trial.last_round(view, round)
    again = trial.rank_again(view, its_round, draft) if its_round else None
    ranking = again.changes if again else []
    assessed, assessments = trial.assess_again(view, in_force, draft, effective=effective)
    end = offset + limit
    return TrialView(
        version=draft.version,
        against=in_force.version,
        effective=effective,
        position=view.stands_at,
        round=its_round.round if its_round else None,
        round_title=its_round.title if its_round else None,
        ranked=again.ranked if again else 0,
        ranking_changes=len(ranking),
        ranking=ranking[offset:end],
        not_ranked=again.refusal.words if again and again.refusal else None,
        assessed=assessed,
        assessment_changes=len(assessments),
        assessments=assessments[offset:end],
        next_offset=end if end < max(len(ranking), len(assessments)) else None,
    )


class ActionView(BaseModel):
    """An action that the policy names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: Bilingual
    wording: Bilingual
    type: str | None = Field(description="null for what is asked of every type.")
    measure: str | None = Field(description="null for what is asked of every type.")
    section: str | None


class ActionsView(BaseModel):
    """The actions of all measures, and those that are asked of every type."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    items: list[ActionView]


@router.get(
    "/{version}/actions",
    operation_id="policies.actions",
    summary="举措 · The actions of the measures",
    responses=problems("invalid-request", "not-on-record", "database-away"),
)
def list_actions(request: Request, version: PolicyVersion) -> ActionsView:
    """The actions of each measure, then those that are common to all types."""
    policy = edition_asked(request, version).policy
    of_measures = [
        ActionView(
            code=action.code,
            title=action.title,
            wording=Bilingual(zh=action.zh, en=action.en),
            type=each.code,
            measure=measure.code,
            section=measure.section,
        )
        for each in policy.types
        for measure in each.measures
        for action in measure.actions
    ]
    common = [
        ActionView(
            code=each.code,
            title=each.title,
            wording=Bilingual(zh=each.zh, en=each.en),
            type=None,
            measure=None,
            section=each.section,
        )
        for each in policy.common
    ]
    return ActionsView(version=version, items=[*of_measures, *common])


@router.get(
    "/{version}/file",
    operation_id="policies.export",
    summary="政策文件 · The policy file as it is",
    response_class=Response,
    responses={
        200: {"content": {TOML: TEXT}},
        **problems("invalid-request", "not-on-record", "database-away"),
    },
)
def get_file(request: Request, version: PolicyVersion) -> Response:
    """The file byte for byte, with its comments."""
    edition = edition_asked(request, version)
    headers = {
        "ETag": f'"{edition.digest}"',
        "Content-Disposition": f'attachment; filename="{version}.toml"',
    }
    return Response(edition.text.encode(), media_type=TOML, headers=headers)


_NOT_UTF8 = (Fault("", Refused("policy-file.not-utf8")),)


def _text(content: bytes) -> str | None:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def draft_of(content: bytes) -> Policy:
    """The policy in a file; PolicyFileWrong with every fault."""
    text = _text(content)
    if text is None:
        raise PolicyFileWrong(_NOT_UTF8)
    return read_policy(text)


def drafting(request: Request, by: Acting, *, whole_city: bool = False) -> Policy:
    """The policy in force today; NotAuthorised unless it lets the actor work on drafts."""
    record: Record = request.app.state.record
    policy = permitted_by(record, by, DRAFT)
    founded: Founded = record.state("record")
    if whole_city and by.authority.jurisdiction != founded.city:
        where = by.authority.jurisdiction
        raise NotAuthorised("place.out-of-scope", place=founded.city, jurisdiction=where)
    return policy


async def _apart(work: Callable[[], T]) -> T:
    return await to_thread.run_sync(work, limiter=_threads)
