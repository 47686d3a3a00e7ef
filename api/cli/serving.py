"""`annals serve` and `annals work`: the server and the worker."""

import gc
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer
import uvicorn

from access.openid.provider import Client, Provider
from api.cli.connections import BoundedConnection, connections_max
from api.cli.database import Database, database, settings_of
from api.cli.fronting import (
    Fronting,
    NameOption,
    ProxyOption,
    TlsCertOption,
    TlsKeyOption,
    fronting,
)
from api.cli.listening import HostOption, PortOption, listening
from api.cli.sealing import seal_of
from api.cli.terminal import Lang, Terminal, answering
from api.cli.visiting import require_no_visitors
from api.logs import write_json_lines
from api.settings import Settings
from domain.kernel.refusal import Refused, Stopped
from projections.all import PROJECTIONS
from projections.engine.view import ReadModels
from projections.engine.worker import work as follow
from record.disk import Disk
from record.store.bulk import collector_paused
from record.store.record import Record

if TYPE_CHECKING:
    from fastapi import FastAPI

CLOSE_SECONDS_MAX = 10
# An answer makes thousands of objects, which end with it: by default the collector looks for
# circles among them several times for each.
COLLECTED_AFTER = 50_000


def serve(
    host: HostOption = None,
    port: PortOption = None,
    with_worker: Annotated[
        bool,
        typer.Option(
            "--with-worker",
            help="同时运行 work；自带的 PostgreSQL 总是如此 · Run the worker, too; always on with "
            "the private PostgreSQL.",
        ),
    ] = False,
    tls_cert: TlsCertOption = None,
    tls_key: TlsKeyOption = None,
    proxy: ProxyOption = None,
    name: NameOption = None,
    lang: Lang = "zh",
) -> None:
    """提供网页与接口服务。非本机地址须用 --tls-cert 与 --tls-key，或以 --proxy 指明负责 TLS 的
    代理；在容器中见 ANNALS_PUBLISHED_ON。
    · Serve the pages and the API. On other addresses than this machine's only with --tls-cert and
    --tls-key, or behind the --proxy that does TLS; in a container see ANNALS_PUBLISHED_ON."""
    with answering(lang) as terminal:
        settings = settings_of()
        front = fronting(
            settings, host=host, tls_cert=tls_cert, tls_key=tls_key, proxy=proxy, name=name
        )
        with (
            listening(settings, host, port, guarded=front.is_guarded) as listener,
            database(settings, begins=True, lasts=True) as where,
        ):
            app = app_over(where, settings, provider=provider_of(settings))
            app.state.way = front.way
            require_no_visitors(app.state.access)
            serve_at(
                listener,
                where.logins.worker,
                app,
                terminal,
                with_worker=with_worker or where.embedded,
                front=front,
            )


def work(lang: Lang = "zh") -> None:
    """使读模型跟上编年；可同时运行多个，数据库中断时等待其恢复。
    · Keep the read models up to date. Several may run; each waits if the database is lost."""
    with answering(lang) as terminal:
        settings = settings_of()
        with database(settings, begins=True, lasts=True) as where, stopping() as stop:
            write_json_lines()
            terminal.remark("读模型正在跟随编年。", "The read models follow the record.")
            follow(where.logins.worker, PROJECTIONS, stop, on_turn=alive(settings.alive_file))
        terminal.remark("已停止。", "Stopped.")


def alive(file: Path | None) -> Callable[[], None]:
    """What touches a file to show that the worker does not hang."""
    return file.touch if file else lambda: None


def app_over(
    where: Database,
    settings: Settings,
    *,
    closed: Callable[[], Refused | None] = lambda: None,
    provider: Provider | None = None,
) -> "FastAPI":
    """The app over a database; commands are refused while `closed` returns a reason. Stopped if
    there are second factors that the server cannot read."""
    record = Record(where.url, closed=closed)
    record.policies.require_readable(record.state("policy"), record.today())
    disk = Disk(where.folder)
    seal = seal_of(settings, where)
    with collector_paused():  # all of it stays to the end
        from api.http.app import create_app

        app = create_app(record, ReadModels(where.url), disk=disk, provider=provider, seal=seal)
    app.state.access.second_factors.seal_again()
    return app


def provider_of(settings: Settings) -> Provider | None:
    """The provider through which people sign in, if one is set; Stopped unless it is set whole."""
    issuer, client_id = settings.oidc_issuer, settings.oidc_client_id
    secret, base = settings.oidc_client_secret_file, settings.oidc_redirect_base
    if not (issuer and client_id and secret and base):
        told = {"ISSUER": issuer, "CLIENT_ID": client_id}
        told |= {"CLIENT_SECRET_FILE": str(secret or ""), "REDIRECT_BASE": base}
        missing = [f"ANNALS_OIDC_{name}" for name, value in told.items() if not value]
        if len(missing) == len(told):
            return None
        raise Stopped("openid.settings-missing", names=missing)
    text = secret.read_text(encoding="utf-8").strip()
    client = Client(issuer, client_id, text, base, claim=settings.oidc_claim)
    client.require_sound()
    return Provider(client)


def serve_at(
    listener: socket.socket,
    worker_url: str,
    app: "FastAPI",
    terminal: Terminal,
    *,
    with_worker: bool,
    front: Fronting | None = None,
    ready: Callable[[Event], bool] = lambda _: True,
    pause_seconds: Callable[[], float] = lambda: 0.0,
) -> None:
    """Serve until SIGTERM or SIGINT, and then finish open requests.

    Before that, `ready` waits for what is needed. It returns False if the event that
    it gets is set in the meantime: then there is nothing to serve. The worker lets entries gather
    for `pause_seconds`.
    """
    write_json_lines()
    config = uvicorn.Config(
        app,
        http=BoundedConnection,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=CLOSE_SECONDS_MAX,
        ssl_certfile=front and front.cert,
        ssl_keyfile=front and front.key,
    )

    def tell() -> None:
        host, port, *_ = listener.getsockname()
        shown = f"[{host}]" if ":" in host else host
        at = f"http{'s' if front and front.cert else ''}://{shown}:{port}/"
        terminal.say(
            f"社区治理编年：{at} （按 Ctrl+C 停止）", f"Annals is at {at} (Ctrl+C stops it)"
        )
        terminal.out.file.flush()

    BoundedConnection.limit = connections_max()
    server = _Server(config, tell)
    with stopping() as stop:
        if ready(stop):
            working = (
                _working(worker_url, stop, server, pause_seconds) if with_worker else nullcontext()
            )
            with working:
                server.run(sockets=[listener])
    terminal.remark("已停止。", "Stopped.")


class _Server(uvicorn.Server):
    """A server that reports when it is ready."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then report."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # the app lives to the end: spare the collector from scanning it
        gc.set_threshold(COLLECTED_AFTER)
        if self.started:
            self._on_started()


@contextmanager
def _working(
    url: str, stop: Event, server: uvicorn.Server, pause_seconds: Callable[[], float]
) -> Iterator[None]:
    """Run the worker in a thread; if it fails, the server ends, too."""

    def ended(_: Future[None]) -> None:
        server.should_exit = True

    with ThreadPoolExecutor(1, thread_name_prefix="work") as pool:
        future = pool.submit(follow, url, PROJECTIONS, stop, pause_seconds=pause_seconds)
        future.add_done_callback(ended)
        try:
            yield
        finally:
            stop.set()
        future.result()


@contextmanager
def stopping() -> Iterator[Event]:
    """An event that SIGTERM and SIGINT set instead of ending the process at once."""
    stop = Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before: dict[int, Any] = {
        number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
