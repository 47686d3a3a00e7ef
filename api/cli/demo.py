"""`annals demo`: a lifelike fictional city, recorded through the same commands, and served.

The city is recorded in a process beside the server. That process is started first: it tells itself
the city's story while the server is loaded and the database made.
"""

import gc
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

TOLD_EVERY = 20
WAIT_SECONDS = 0.1
# By then the city's communities stand, and are surveyed and classified.
BEGUN_COMMANDS = 600


def demo(host: HostOption = None, port: PortOption = None, lang: Lang = "zh") -> None:
    """演示：记录一座虚构城市的五年，然后提供服务。已有真实城市的编年时拒绝。
    · Record five years of a fictional city and serve it; refused where a real city is on record."""
    with _Recorder() as recorder, answering(lang) as terminal:
        from api.cli.database import raw_database, settings_of
        from api.cli.serving import app_over, serve_at
        from record.store.migrate import migrate

        settings = settings_of()
        with (
            listening(settings, host, port) as door,
            raw_database(settings, begins=True, lasts=True) as where,
        ):
            migrate(where.url)
            _require_free(where.url)
            with recorder.recording(where.url, terminal):
                app = app_over(where.url, closed=recorder.unfinished)
                serve_at(door, where.url, app, terminal, with_worker=True, ready=recorder.has_begun)


def _require_free(url: str) -> None:
    """Stopped where the record of another city is."""
    from api.cli.acting import founded_or_not
    from api.cli.refusals import Stopped
    from demo.names import ORIGIN
    from record.store.record import Record

    with Record(url) as record:
        founded = founded_or_not(record)
    if founded.version and not (founded.simulation and founded.origin == ORIGIN):
        raise Stopped(
            f"此处已有{founded.city_name}的编年，不会写入演示数据；"
            "请以 ANNALS_HOME 指定另一目录，或取消 DATABASE_URL。",
            f"The record of {founded.city_name} is here: no demo is recorded into it. Name "
            "another folder in ANNALS_HOME, or unset DATABASE_URL.",
        )


class _Recorder:
    """The recording process, from its start on; it ends with the context."""

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
        """Record the demo city, or go on where that was interrupted.

        The pages show it as far as it has come, each with the position that it stands at; commands
        are refused until it is whole, because what is recorded today would lie in the way of the
        years that are still to be told. When the server stops before that, the recording is
        interrupted; the next start goes on.
        """
        with terminal.progress("记录演示城市", "Recording the demo city") as on_progress:
            self._hearing = Thread(target=self._hear, args=(on_progress, terminal), daemon=True)
            with suppress(ConnectionError):  # the process has ended; whoever waits for it says so
                self._process_end.send(url)
            self._hearing.start()
            try:
                yield
            finally:
                self._process.terminate()
                self._hearing.join()

    def has_begun(self, stop: Event) -> bool:
        """Wait until the city's first months stand; False when `stop` is set before."""
        while not self._begun.wait(WAIT_SECONDS):
            if stop.is_set():
                return False
            if not self._hearing.is_alive():
                raise RuntimeError("The recording process ended early; its output says why.")
        return True

    def unfinished(self) -> "Refused | None":
        """Why no command is taken yet; None when the city is whole."""
        if self._whole.is_set():
            return None
        from domain.kernel.refusal import Refused

        return Refused("command-line.demo-unfinished")

    def _hear(self, on_progress: OnProgress, terminal: Terminal) -> None:
        """Show how far the recording has come, until it ends; say whether it is whole."""
        done, total = 0, 1
        with suppress(EOFError, ConnectionError):
            while True:
                done, total = self._process_end.recv()
                on_progress(done, total)
                if done >= BEGUN_COMMANDS:
                    self._begun.set()
        if done == total:
            self._whole.set()
            terminal.remark("演示城市已记录完毕。", "The demo city is recorded.")
        else:
            terminal.remark(
                f"演示城市只记录到第 {done} 项（共 {total} 项）；再次启动 annals demo 即可继续。",
                f"The demo city is recorded up to command {done} of {total}; start annals demo "
                "again to go on.",
            )


def _record(server: "Connection") -> None:
    """The recording process: tells the story, is sent the database's address, and says how many
    commands are done, and of how many. It ends when nobody hears it any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's, which then stops us
    from demo import record_demo_city, tell_demo_city

    def say(done: int, total: int) -> None:
        if done % TOLD_EVERY == 0 or done == total:
            server.send((done, total))

    tell_demo_city()
    gc.freeze()  # the story stays to the end: the collector need not go through it again and again
    with suppress(EOFError, ConnectionError):
        record_demo_city(server.recv(), say)
