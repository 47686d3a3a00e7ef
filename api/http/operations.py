"""For operators: liveness, readiness, the positions of the read models, metrics."""

from typing import Literal

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.http.kernel.lock import LockedRoute
from api.http.kernel.problem_kinds import problems
from api.http.kernel.problems import DATABASE_AWAY
from api.http.kernel.signed_in import access_of
from domain.kernel.text import Number
from projections.all import PROJECTIONS
from projections.engine.engine import WORKER, Generation, ProjectionStatus, connect
from projections.engine.following import RecordRestored, is_altered
from record.disk import Disk
from record.store.migrate import pending
from record.store.record import Record

router = APIRouter(tags=["运行 Operations"], route_class=LockedRoute)

LAG_ENTRIES_MAX = 10_000
WORKERS = (
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and application_name = %s"
)
MAY_RECORD = """
    select coalesce(bool_and(has_function_privilege(session_user, p.oid, 'execute')), true)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'record' and p.proname = 'append'
"""


class ProjectionView(BaseModel):
    """The position of one read model, which is parked if it failed on an entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    position: int
    lag: int = Field(description="Entries of the record that it has not seen yet.")
    parked_position: int | None = Field(None, description="The entry on which it failed.")
    error: str | None = None


class Status(BaseModel):
    """The positions of the record and its read models."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: int = Field(description="The record's last position.")
    position: int = Field(description="The position of the read models.")
    lag: int
    migrations_pending: list[str]
    may_record: bool = Field(
        description="Whether the login that was asked with may append to the record."
    )
    workers: int = Field(description="How many connections of workers there are.")
    record: Literal["sound", "altered", "restored"] = Field(
        description="Whether the record is what the read models were made from. `altered`: an "
        "entry was changed or removed, and nothing is made from it until somebody has looked. "
        "`restored`: it came from a backup; a worker rebuilds the read models."
    )
    projections: list[ProjectionView]
    outdated: list[str] = Field(description="Read models that another version of the code made.")


class Live(BaseModel):
    """The process answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    live: Literal[True] = True


class Ready(BaseModel):
    """Whether requests can be served, and if not, why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ready: bool
    database: Literal["ok", "away"]
    reasons: list[str] = Field([], description="What keeps it from being ready.")
    warnings: list[str] = Field([], description="What somebody should look after, though it is.")


def status_of(record: Record) -> Status:
    """The status; `annals status` shows it, too."""
    missing = list(pending(record.url))
    standings: dict[str, ProjectionStatus] = {}
    outdated: tuple[str, ...] = ()
    restored = False
    with connect(record.url) as connection, connection.transaction():
        may_record = connection.execute(MAY_RECORD).fetchone()
        assert may_record is not None
        generation = Generation(connection, PROJECTIONS)
        if generation.exists():
            standings, outdated = generation.standings(), generation.outdated()
            restored = not missing and not generation.is_of_this_record()
        row = connection.execute(WORKERS, (WORKER,)).fetchone()
    head = 0 if missing else record.head()  # after the read models, which follow it
    altered = any(each.parked and is_altered(each.parked.error) for each in standings.values())
    position = max((each.position for each in standings.values()), default=0)
    return Status(
        head=head,
        position=position,
        lag=max(head - position, 0),
        migrations_pending=missing,
        may_record=may_record[0],
        workers=row[0] - 1 if row else 0,  # without the connection that asks
        record="altered" if altered else "restored" if restored else "sound",
        projections=[
            ProjectionView(
                name=name,
                position=each.position,
                lag=max(head - each.position, 0),
                parked_position=each.parked.position if each.parked else None,
                error=each.parked.error if each.parked else None,
            )
            for name, each in standings.items()
        ],
        outdated=list(outdated),
    )


@router.get("/health/live", operation_id="operations.live", summary="存活 · Alive")
async def live() -> Live:  # on no thread of those that reads may be using all of
    """The process answers."""
    return Live()


@router.get(
    "/health/ready",
    operation_id="operations.ready",
    summary="就绪 · Ready",
    responses={503: {"model": Ready, "description": "Not ready; the reasons are in the body."}},
)
def ready(request: Request, response: Response) -> Ready:
    """Checks the database, its disk, migrations, read models and their lag."""
    disk: Disk = request.app.state.disk
    try:
        status = status_of(request.app.state.record)
    except DATABASE_AWAY as problem:
        response.status_code = 503
        reasons = [*_full(disk), f"The database is unavailable: {problem}"]
        return Ready(ready=False, database="away", reasons=reasons)
    reasons = [*_full(disk), *_reasons(status)]
    if reasons:
        response.status_code = 503
    warnings = _warnings(status)
    if not disk.takes(0):
        warnings.append("The disk of the database is nearly full: no documents are stored.")
    openid = access_of(request).openid
    if openid.is_configured and (away := openid.provider.away):
        warnings.append(f"{away} Local accounts sign in meanwhile.")
    return Ready(ready=not reasons, database="ok", reasons=reasons, warnings=warnings)


def _full(disk: Disk) -> list[str]:
    if not disk.is_full:
        return []
    return ["The disk of the database is full; make room, and everything goes on by itself."]


def _reasons(status: Status) -> list[str]:
    reasons = []
    if not status.may_record:
        reasons.append(
            "The server's login may not append to the record; give it the rights of annals_server."
        )
    if status.migrations_pending:
        reasons.append(
            f"Migrations are missing ({', '.join(status.migrations_pending)}); run annals migrate."
        )
    if not status.projections:
        reasons.append("The read models are not built; run annals work.")
    if status.lag > LAG_ENTRIES_MAX:
        reasons.append(
            f"The read models are {Number(status.lag):entry|entries} behind; see that annals work "
            "runs."
        )
    return reasons


def _warnings(status: Status) -> list[str]:
    warnings = []
    if status.record == "altered":
        warnings.append(
            next(e for e in (each.error for each in status.projections) if e and is_altered(e))
        )
    if status.record == "restored":
        reason = RecordRestored().reason.en
        warnings.append(f"{reason}. A worker rebuilds them: see that annals work runs.")
    if not status.workers:
        warnings.append("No worker keeps the read models up with the record; run annals work.")
    if status.projections and status.outdated:
        warnings.append(
            f"Another version of Annals made the read models ({', '.join(status.outdated)})."
        )
    warnings += [
        f"The read model {each.name} shows nothing from position {each.parked_position} on, where "
        "it failed; annals status says why."
        for each in status.projections
        if each.error is not None and not is_altered(each.error)
    ]
    return warnings


@router.get(
    "/api/v1/status",
    operation_id="operations.status",
    summary="运行状况 · Status",
    responses=problems("database-away"),
)
def status(request: Request) -> Status:
    """The positions of the record and its read models, and the parked read models."""
    return status_of(request.app.state.record)


@router.get(
    "/metrics",
    operation_id="operations.metrics",
    summary="指标 · Metrics",
    response_class=PlainTextResponse,
)
def metrics(request: Request) -> Response:
    """Metrics in the Prometheus text format."""
    state = request.app.state
    state.gauges.set(state.record)
    return Response(generate_latest(state.registry), media_type=CONTENT_TYPE_LATEST)


class Gauges:
    """Metrics that are read from the database for each scrape."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._up = Gauge("annals_database_up", "Whether the database answers.", registry=registry)
        self._head = Gauge("annals_record_head", "The record's last position.", registry=registry)
        self._sound = Gauge(
            "annals_record_sound",
            "1 when the record is what the read models were made from, 0 when it was altered, or "
            "restored from a backup.",
            registry=registry,
        )
        self._position = Gauge(
            "annals_projection_position",
            "The position of a read model.",
            ("projection",),
            registry=registry,
        )
        self._parked = Gauge(
            "annals_projection_parked",
            "1 when a read model failed on an entry.",
            ("projection",),
            registry=registry,
        )

    def set(self, record: Record) -> None:
        """Read the current values from the database."""
        try:
            status = status_of(record)
        except DATABASE_AWAY:
            self._up.set(0)
            return
        self._up.set(1)
        self._head.set(status.head)
        self._sound.set(status.record == "sound")
        for projection in status.projections:
            self._position.labels(projection.name).set(projection.position)
            self._parked.labels(projection.name).set(projection.parked_position is not None)
