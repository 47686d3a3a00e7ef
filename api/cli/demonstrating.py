"""`annals demo`: a lifelike fictional city, recorded through the same commands, and served."""

from api.cli.acting import founded_or_not
from api.cli.database import Database, raw_database, settings_of
from api.cli.refusals import Stopped
from api.cli.serving import HostOption, PortOption, listening, serve_at
from api.cli.terminal import Lang, Terminal, answering
from projections.all import PROJECTIONS
from projections.worker import catch_up
from record.migrate import migrate
from record.record import Record


def demo(host: HostOption = None, port: PortOption = None, lang: Lang = "zh") -> None:
    """演示：记录一座虚构城市的五年，然后提供服务。已有真实城市的编年时拒绝。
    · Record five years of a fictional city and serve it; refused where a real city is on record."""
    with answering(lang) as terminal:
        settings = settings_of()
        with (
            listening(settings, host, port) as door,
            raw_database(settings, begins=True, lasts=True) as where,
        ):
            migrate(where.url)
            _record(where, terminal)
            serve_at(door, where.url, terminal, with_worker=True)


def _record(where: Database, terminal: Terminal) -> None:
    """Record the demo city, or go on where that was interrupted; Stopped where another is."""
    from api.demo import record_demo_city
    from api.demo.names import ORIGIN

    with Record(where.url) as record:
        founded = founded_or_not(record)
    if founded.version and not (founded.simulation and founded.origin == ORIGIN):
        raise Stopped(
            f"此处已有{founded.city_name}的编年，不会写入演示数据；"
            "请以 ANNALS_HOME 指定另一目录，或取消 DATABASE_URL。",
            f"The record of {founded.city_name} is here: no demo is recorded into it. Name "
            "another folder in ANNALS_HOME, or unset DATABASE_URL.",
        )
    with terminal.progress("记录演示城市", "Recording the demo city") as on_progress:
        record_demo_city(where.url, on_progress)
    catch_up(where.url, PROJECTIONS)
