"""Assembles the FastAPI app over one record and its read models."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from prometheus_client import CollectorRegistry
from starlette.staticfiles import StaticFiles

from access.access import Access
from access.openid.provider import Provider
from access.sealing import Seal
from api.http import operations
from api.http.kernel.description import tidied
from api.http.kernel.lock import LockedRoute
from api.http.kernel.observing import Observing
from api.http.kernel.problems import answer_problems
from api.http.kernel.reading import require_known_parameters, require_sound_query
from api.http.kernel.routing import ReadTable
from api.http.kernel.way import Way
from projections.engine.view import ReadModels
from record.disk import Disk
from record.store.record import Record

STATIC = Path(__file__).parents[1] / "pages" / "static"
# The modules with routes, and their subjects: the first part of their operations' names.
ROUTES = {
    "api.http.record": ("record",),
    "api.http.communities.reads": ("communities",),
    "api.http.communities.replay": ("communities",),
    "api.http.communities.commands": ("communities",),
    "api.http.communities.classification": ("communities",),
    "api.http.worklist": ("communities", "worklist"),
    "api.http.jurisdictions": ("jurisdictions",),
    "api.http.units": ("units",),
    "api.http.people": ("people",),
    "api.http.authorities": ("authorities",),
    "api.http.sign_in": ("session", "sessions"),
    "api.http.keys": ("keys",),
    "api.http.operation_log": ("audit",),
    "api.http.rounds": ("rounds",),
    "api.http.reviews": ("reviews",),
    "api.http.grades": ("communities", "grades"),
    "api.http.supports": ("supports",),
    "api.http.policies": ("policies",),
    "api.http.policy_files": ("policies",),
    "api.http.partnerships": ("partnerships",),
    "api.http.checkins": ("checkins",),
    "api.http.exemplars": ("exemplars",),
    "api.http.honours": ("honours",),
    "api.http.tasks": ("tasks",),
    "api.http.councils": ("councils",),
    "api.http.programmes": ("programmes",),
    "api.http.measures": ("measures",),
    "api.http.attachments": ("attachments",),
    "api.http.imports": ("imports",),
    "api.http.statistics": ("statistics",),
    "api.http.dashboard": ("dashboard", "milestones"),
    "api.http.search": ("search",),
    "api.http.timelines": ("communities", "jurisdictions", "timelines"),
    "api.http.irregular": ("timelines",),
    "api.http.entries": ("entries",),
    "api.http.operations": ("operations",),
    "api.pages.routes": (),
    "api.pages.sign_in": (),
    "api.pages.openid": (),
    "api.pages.workbench": (),
    "api.pages.overview": (),
    "api.pages.communities": (),
    "api.pages.classification": (),
    "api.pages.rounds.board": (),
    "api.pages.rounds.review": (),
    "api.pages.rounds.results": (),
    "api.pages.rounds.scoring": (),
    "api.pages.supports": (),
    "api.pages.tasks": (),
    "api.pages.councils": (),
    "api.pages.programmes": (),
    "api.pages.partnerships": (),
    "api.pages.checkins": (),
    "api.pages.honours": (),
    "api.pages.audit": (),
    "api.pages.units": (),
    "api.pages.people": (),
    "api.pages.policies": (),
    "api.pages.imports": (),
    "api.pages.comparing": (),
    "api.pages.forms.pages": (),
    "api.pages.search": (),
    "api.pages.forms.suggesting": (),
    "api.pages.gallery": (),
}
DESCRIPTION = """
社区治理编年：一座城市社区的登记、分类与动态划分的编年。已有记录从不覆盖，任一过去时点的状态均可重现。

The record of how a city's communities are registered, classified and reclassified. Nothing on it is
ever overwritten, and any past state can be viewed.

* **Sign-in** 登录：`POST /api/v1/sign-in` begins a session; programs send a key as
  `Authorization: Bearer annals_…`. `Annals-Authority` names the grant, if several are in
  force. Without either only this documentation and `/health` are answered.
* **Commands** 命令：`POST` with `Idempotency-Key`; the answer is a receipt with `ETag`. `If-Match`
  makes sure that nothing has changed. A repeated key returns the first receipt again.
* **Reads** 查询：`effective` (as of a day) and `known` (as known at a position or an
  instant) on every read; `after_position` waits until a receipt's position is shown.
* **Problems** 问题：RFC 9457, in Chinese or English by `Accept-Language`; see /docs/problems.
"""


class _App(FastAPI):
    """FastAPI, with our description of its routes."""

    def openapi(self) -> dict[str, Any]:
        """The description of all routes, generated once."""
        if self._description is None:
            self._description = tidied(super().openapi())
        return self._description

    _description: dict[str, Any] | None = None


def build_app(
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
    *,
    only: str | None = None,
) -> FastAPI:
    """The app with its routes, or `only` those of one subject, importing only their modules.
    To serve requests, use `create_app`."""
    app = _App(
        title="社区治理编年 Annals",
        version=version("annals"),
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    registry = CollectorRegistry()
    app.state.registry = registry
    app.state.gauges = operations.Gauges(registry)
    app.state.disk = Disk()
    app.state.way = Way()
    answer_problems(app)
    app.add_middleware(Observing, registry=registry)
    routers = []
    for name, subjects in ROUTES.items():
        if only is None or only in subjects:
            lenient = name == "api.http.operations" or name.startswith("api.pages.")
            known = () if lenient else (Depends(require_known_parameters),)
            sound = (Depends(require_sound_query), *known)
            routers.append(import_module(name).router)
            assert all(isinstance(each, LockedRoute) for each in routers[-1].routes)
            app.include_router(routers[-1], dependencies=sound)
    app.router.routes.insert(0, ReadTable(route for each in routers for route in each.routes))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def create_app(
    the_record: Record,
    models: ReadModels,
    *,
    only: str | None = None,
    disk: Disk | None = None,
    provider: Provider | None = None,
    seal: Seal | None = None,
) -> FastAPI:
    """The app over a record and its read models, with all routes or `only` those of one subject.
    `disk` is that of the database, `provider` one through which people sign in, `seal` that of the
    second factors. Connections are opened at the start and closed at the end."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        models.open()
        if provider:
            provider.look_up_soon()
        yield
        models.close()
        the_record.close()

    app = build_app(lifespan, only=only)
    app.state.record = the_record
    app.state.access = Access(the_record.recorder.datastore, provider=provider, seal=seal)
    app.state.models = models
    app.state.disk = disk or app.state.disk
    return app
