"""The closed list of kinds of problems; /docs/problems shows it."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from domain.kernel.text import Bilingual


class ProblemKind(NamedTuple):
    """One kind of problem: its name in the `type` address, its status, and what it means."""

    name: str
    status: int
    title: Bilingual
    meaning: Bilingual


def _kind(name: str, status: int, title: tuple[str, str], meaning: tuple[str, str]) -> ProblemKind:
    return ProblemKind(
        name, status, Bilingual(zh=title[0], en=title[1]), Bilingual(zh=meaning[0], en=meaning[1])
    )


ALL = (
    _kind(
        "unreadable",
        400,
        ("无法读取", "Unreadable"),
        ("请求正文不是 UTF-8 编码的 JSON。", "The body is not JSON in UTF-8."),
    ),
    _kind(
        "key-missing",
        400,
        ("缺少幂等键", "No idempotency key"),
        (
            "每个命令须带 Idempotency-Key 请求头（1 至 128 个可见字符），"
            "以便断线后重新提交而不重复记录。",
            "Every command needs an Idempotency-Key header (1 to 128 visible characters), so that "
            "it can be repeated after a lost connection and still be recorded once.",
        ),
    ),
    _kind(
        "precondition-unreadable",
        400,
        ("If-Match 无法读取", "If-Match unreadable"),
        (
            'If-Match 只接受一个带引号的版本号，例如 "7"；不接受弱标签（W/）、* 与列表。',
            'If-Match takes one version in quotes, such as "7"; weak tags (W/), * and lists are '
            "not supported.",
        ),
    ),
    _kind(
        "not-signed-in",
        401,
        ("未登录", "Not signed in"),
        (
            "登录名、密码、验证码、登录状态或密钥无效；请重新登录，或换用有效的密钥。",
            "Login, password, code, session or key is wrong or no longer holds; sign in again, or "
            "use a key that is in force.",
        ),
    ),
    _kind(
        "not-authorised",
        403,
        ("无权办理", "Not authorised"),
        (
            "该职责或辖区不及于此事项；请由有权的人员办理。",
            "The role or the jurisdiction does not cover this; ask somebody with the authority.",
        ),
    ),
    _kind(
        "not-on-record",
        404,
        ("编年中没有", "Not on record"),
        (
            "请求所指的对象从未记录；请核对编号。",
            "What the request names is not on record; check its id.",
        ),
    ),
    _kind(
        "no-such-page",
        404,
        ("没有此地址", "No such address"),
        ("地址有误。", "The address is wrong."),
    ),
    _kind(
        "method-not-allowed",
        405,
        ("不接受该方法", "Method not allowed"),
        ("此地址不接受该请求方法。", "The address does not support this method."),
    ),
    _kind(
        "refused",
        409,
        ("不予办理", "Refused"),
        (
            "命令违反某项规则；detail 说明是哪一项，以及接下来该怎么做。",
            "The command breaks a rule; the detail says which one and what to do next.",
        ),
    ),
    _kind(
        "irregular",
        409,
        ("不合程序", "Against procedure"),
        (
            "所登记的事实不合程序；irregular 逐项列明。如确已如此发生，"
            "请附 despite（仍要登记的理由）再次提交：将予登记并注明。",
            "The fact breaks rules of procedure, all of which `irregular` lists. If it did happen "
            "so, send it again with `despite`, a reason: it is then recorded and marked.",
        ),
    ),
    _kind(
        "conflict",
        409,
        ("已被他人先行变更", "Changed by somebody else"),
        (
            "命令所依据的内容在此期间已被他人变更；请查看变更后重新提交。系统从不自动重试。",
            "What the command rests on has changed in the meantime. Check the changes and send it "
            "again; commands are never retried automatically.",
        ),
    ),
    _kind(
        "batch-refused",
        409,
        ("整批未记录", "Batch refused"),
        (
            "批次中有命令被拒绝，因此整批未作任何记录；refusals 逐项列明。",
            "Commands of the batch were refused, so nothing was recorded; refusals lists them.",
        ),
    ),
    _kind(
        "file-refused",
        409,
        ("整份表格未记录", "Sheet refused"),
        (
            "表格有误或被规则拒绝，因此整份未作任何记录；errors 逐处列明行、列、内容与原因。",
            "The sheet is wrong in places, or rules refuse rows of it, so nothing was recorded; "
            "errors lists row, column, cell and reason.",
        ),
    ),
    _kind(
        "stale",
        412,
        ("版本已变", "Stale"),
        (
            "If-Match 所指版本已不是最新；version 为现版本，changes 列出此后的变更。",
            "The version in If-Match is no longer the newest; `version` has the newest, `changes` "
            "what was recorded since.",
        ),
    ),
    _kind(
        "too-large",
        413,
        ("内容过大", "Too large"),
        (
            "请求正文超过 1 MiB；表格超过 10 MiB；附件超过 100 MiB。",
            "The body has more than 1 MiB, a sheet more than 10 MiB, or a document more than 100.",
        ),
    ),
    _kind(
        "media-type-refused",
        415,
        ("文件类型不符", "Type of document refused"),
        (
            "不接受该类型的文件，或文件内容与所注明的类型不符。",
            "Documents of that type are not accepted, or the document is not of the type that it "
            "claims to be.",
        ),
    ),
    _kind(
        "range-beyond",
        416,
        ("超出文件范围", "Range beyond the document"),
        ("Range 所指范围超出文件末尾。", "The range begins after the document's end."),
    ),
    _kind(
        "misdirected",
        421,
        ("访问地址不符", "Misdirected"),
        (
            "只以自己的主机名应答；由代理提供服务时，只应答代理与本机。",
            "Annals answers only under its own host names; behind a proxy, only to the proxy and "
            "on this machine.",
        ),
    ),
    _kind(
        "invalid-request",
        422,
        ("格式不符", "Malformed request"),
        (
            "请求的字段或参数不符合格式；errors 以 JSON 指针逐处说明。",
            "Fields or parameters are malformed; errors names each place by JSON pointer.",
        ),
    ),
    _kind(
        "command-id-reused",
        422,
        ("幂等键已用于另一命令", "Idempotency key used before"),
        (
            "同一 Idempotency-Key 已随另一内容提交过；请换新的键。",
            "The same Idempotency-Key came with another command before; use a new key.",
        ),
    ),
    _kind(
        "locked-out",
        429,
        ("暂时锁定", "Locked for a while"),
        (
            "以此登录名登录失败次数过多；请按 Retry-After 稍后再试。",
            "Too many sign-ins under this login have failed; try again after Retry-After.",
        ),
    ),
    _kind(
        "our-mistake",
        500,
        ("程序出错", "Internal error"),
        (
            "程序自身出错，并非您的请求有误。",
            "Annals itself failed; your request is not at fault.",
        ),
    ),
    _kind(
        "database-away",
        503,
        ("数据库不可用", "Database unavailable"),
        (
            "无法连接数据库。命令是否已记录尚不确定：请以相同的 Idempotency-Key 重新提交。",
            "The database cannot be reached, so it is unknown whether a command was recorded: "
            "repeat it with the same Idempotency-Key.",
        ),
    ),
    _kind(
        "provider-away",
        503,
        ("统一身份认证不可用", "Sign-in provider unavailable"),
        (
            "暂时无法通过统一身份认证登录；有本地账号者可用登录名和密码登录。",
            "The provider cannot be used now; whoever has a local account can sign in with it.",
        ),
    ),
    _kind(
        "no-room",
        507,
        ("磁盘已满", "Disk full"),
        (
            "数据库所在磁盘空间不足。请在管理员腾出空间后，以相同的 Idempotency-Key 重新提交。",
            "The disk of the database has no room. Repeat the command with the same "
            "Idempotency-Key once the operator has made some.",
        ),
    ),
    _kind(
        "not-yet-shown",
        503,
        ("尚未显示", "Not yet shown"),
        (
            "读模型尚未到达所要求的位置；请按 Retry-After 稍后再查询。",
            "The read models have not reached the requested position; retry after Retry-After.",
        ),
    ),
    _kind(
        "busy",
        503,
        ("服务繁忙", "Busy"),
        (
            "连接数已达上限；请按 Retry-After 稍后再试。",
            "The server has as many connections as it can serve; try again after Retry-After.",
        ),
    ),
)
KINDS = {kind.name: kind for kind in ALL}
CODES_KEPT = Path(__file__).parents[1] / "problem_codes.json"


@cache
def codes_of(kind: str) -> tuple[str, ...]:
    """The codes of a kind of problem, as `make docs` found them in the source."""
    kept: dict[str, list[str]] = json.loads(CODES_KEPT.read_bytes())
    return tuple(kept.get(kind, ()))


CODE = "The code of the rule. Codes never change; /docs/problems lists all of them."
PARAMS = (
    "The sentence's parameters by name: days as 2024-06-30, spans of days as {from, until}, texts "
    "in the language of the sentence, other refusals as {code, params}; the first fifty of a list."
)


class Mistake(BaseModel):
    """One malformed place of a request, or one wrong cell of a sheet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pointer: str | None = Field(
        None, description="JSON pointer into the body.", examples=["#/effective_from"]
    )
    parameter: str | None = Field(None, description="Name of the query or path parameter.")
    header: str | None = Field(None, description="Name of the request header.")
    row: int | None = Field(None, description="Row of a sheet, from 1.")
    column: str | None = Field(None, description="Header of a sheet's column.")
    cell: str | None = Field(None, description="The content of the cell.")
    detail: str
    code: str | None = Field(None, description=CODE, examples=["cell.no-day"])
    params: dict[str, Any] | None = Field(None, description=PARAMS)
    irregular: bool | None = Field(
        None, description="Of a sheet: not wrong but against procedure; the row may say why."
    )


class BrokenRule(BaseModel):
    """One rule of procedure that a fact breaks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    detail: str
    code: str = Field(description=CODE, examples=["session.notice-too-short"])
    params: dict[str, Any] = Field(description=PARAMS)


class RefusedStep(BaseModel):
    """One command of a batch that was refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: int = Field(description="The index of the command in the batch, from 0.")
    detail: str
    code: str = Field(description=CODE, examples=["task.not-accepted"])
    params: dict[str, Any] = Field(description=PARAMS)


class ProblemDetails(BaseModel):
    """A problem document (RFC 9457). Some kinds have further members; see /docs/problems."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str = Field(examples=["/docs/problems/refused"])
    title: str
    status: int
    detail: str = Field(description="A sentence in Chinese or English, by Accept-Language.")
    code: str = Field(description=CODE, examples=["task.not-accepted"])
    params: dict[str, Any] = Field(description=PARAMS, examples=[{"title": "划定车位", "entry": 3}])
    instance: str
    errors: list[Mistake] = Field(
        default=[], description="Only with invalid-request and file-refused."
    )
    irregular: list[BrokenRule] = Field(default=[], description="Only with irregular.")
    refusals: list[RefusedStep] = Field(default=[], description="Only with batch-refused.")


PROBLEM_JSON = "application/problem+json"


def problems(*names: str) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI responses for these kinds of problems, one for each status."""
    kinds = [KINDS[name] for name in (*names, "misdirected", "our-mistake")]
    return {kind.status: {"description": "", "content": {PROBLEM_JSON: {}}} for kind in kinds}
