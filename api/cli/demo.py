"""`annals demo`: a fictional city, recorded through the same commands and served.

A second process records the city. It records the first two months at once, and tells the rest
while these are served already.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from threading import Event, Thread
from typing import TYPE_CHECKING, Self

from api.cli.listening import HostOption, PortOption, listening
from api.cli.terminal import Lang, OnProgress, Terminal, answering

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from domain.kernel.refusal import Refused

WAIT_SECONDS = 0.1
# Between two batches of the read models while the city is recorded: fewer batches cost less.
PAUSE_SECONDS = 1.0


def demo(host: HostOption = None, port: PortOption = None, lang: Lang = "zh") -> None:
    """演示：记录一座虚构城市的五年，然后提供服务。已有真实城市的编年时拒绝。
    · Record five years of a fictional city and serve it; refused if a real city is on record."""
    with _Recorder() as recorder, answering(lang) as terminal:
        from api.cli.database import raw_database, settings_of
        from api.cli.serving import app_over, serve_at
        from api.cli.visiting import let_in
        from record.store.migrate import migrate, pending

        settings = settings_of()
        with (
            listening(settings, host, port) as listener,
            raw_database(settings, begins=True, lasts=True) as where,
        ):
            if pending(where.logins.owner):
                migrate(where.logins.owner)
            _require_free(where.url)
            with recorder.recording(where.url, terminal):
                app = app_over(where, settings, closed=recorder.unfinished)

                def begun(stop: Event) -> bool:
                    if not recorder.has_begun(stop):
                        return False
                    app.state.visitors = let_in(app.state.access, terminal)
                    return True

                serve_at(
                    listener,
                    where.logins.worker,
                    app,
                    terminal,
                    with_worker=True,
                    ready=begun,
                    pause_seconds=recorder.pause_seconds,
                )


def _require_free(url: str) -> None:
    """Stopped if another city is on record here."""
    from api.cli.acting import founded_or_not
    from demo.names import ORIGIN
    from domain.kernel.refusal import Stopped
    from record.store.record import Record

    with Record(url) as record:
        founded = founded_or_not(record)
    if founded.version and not (founded.simulation and founded.origin == ORIGIN):
        raise Stopped("command-line.no-demo-here", city=founded.city_name)


class _Recorder:
    """The recording process, which ends with the context."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._process_end, its_end = context.Pipe()
        self._process = context.Process(target=_record, args=(its_end,), daemon=True)
        self._process.start()
        its_end.close()
        self._begun, self._whole = Event(), Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()

    @contextmanager
    def recording(self, url: str, terminal: Terminal) -> Iterator[None]:
        """Record the demo city, or continue an interrupted recording.

        The pages show what is recorded so far, with its position. Commands
        are refused until it is complete, because entries of today would conflict with the
        years still to be recorded. If the server stops before that, the recording is
        interrupted, and continued at the next start.
        """
        with terminal.progress("记录演示城市", "Recording the demo city") as on_progress:
            self._hearing = Thread(target=self._hear, args=(on_progress, terminal), daemon=True)
            with suppress(ConnectionError):  # the process has ended; the waiting thread reports it
                self._process_end.send(url)
            self._hearing.start()
            try:
                yield
            finally:
                self._process.terminate()
                self._hearing.join()

    def has_begun(self, stop: Event) -> bool:
        """Wait until the city's first two months are recorded; False if `stop` is set before."""
        while not self._begun.wait(WAIT_SECONDS):
            if stop.is_set():
                return False
            if not self._hearing.is_alive():
                raise RuntimeError("The recording process ended early; its output says why.")
        return True

    def pause_seconds(self) -> float:
        """How long the read models let entries gather: none once the city is complete."""
        return 0.0 if self._whole.is_set() else PAUSE_SECONDS

    def unfinished(self) -> "Refused | None":
        """Why commands are refused; None once the city is complete."""
        if self._whole.is_set():
            return None
        from domain.kernel.refusal import Refused

        return Refused("command-line.demo-unfinished")

    def _hear(self, on_progress: OnProgress, terminal: Terminal) -> None:
        """Show the progress of the recording until it ends, and whether it is complete."""
        done, total = 0, 1
        with suppress(EOFError, ConnectionError):
            self._process_end.recv()
            self._begun.set()
            while True:
                done, total = self._process_end.recv()
                on_progress(done, total)
        if done == total:
            self._whole.set()
            terminal.remark("演示城市已记录完毕。", "The demo city is recorded.")
        else:
            terminal.remark(
                f"演示城市只记录到第 {done} 项（共 {total} 项）；再次启动 annals demo 即可继续。",
                f"The demo city is recorded up to command {done} of {total}; start annals demo "
                "again to continue.",
            )


def _record(server: "Connection") -> None:
    """The recording process: it gets the database's address, says when the city has begun, and
    reports its progress in commands. It ends when the server does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which then stops us
    from demo.recording import begin_demo_city, record_demo_city

    with suppress(EOFError, ConnectionError):
        url = server.recv()
        begin_demo_city(url)
        server.send("begun")
        record_demo_city(url, lambda done, total: server.send((done, total)))
