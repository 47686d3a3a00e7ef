"""Failures of a command that a person can act on, and their sentences."""

from collections.abc import Iterator

import eventsourcing.persistence as store
import psycopg

from api.settings import NotLoopback
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual
from projections.engine.engine import OtherDefinition
from projections.engine.following import RecordAltered, RecordRestored
from projections.engine.rebuild import RebuildBlocked, RebuildCancelled, RebuildRunning
from projections.engine.view import NotYetShown
from record.postgres.data_directory import PostgresInUse, PostgresUnavailable
from record.store.entry import RecordDamaged
from record.store.record import BatchRefused

AWAY = (
    store.OperationalError,
    store.InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
REFUSALS_SHOWN_MAX = 20


class Stopped(Exception):
    """The command line cannot continue; the sentence says what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = Bilingual(zh=zh, en=en)


ANSWERED = (
    Stopped,
    Refused,
    NotLoopback,
    NotYetShown,
    OtherDefinition,
    RebuildBlocked,
    RebuildCancelled,
    RebuildRunning,
    RecordAltered,
    RecordDamaged,
    RecordRestored,
    PostgresUnavailable,
    psycopg.errors.InsufficientPrivilege,
    OSError,
    *AWAY,
)


def sentences_of(problem: BaseException) -> Iterator[Bilingual]:
    """The sentences for a failure that a person can act on."""
    match problem:
        case Stopped() | Refused():
            yield problem.words
            if isinstance(problem, BatchRefused):
                for step, refusal in problem.refusals[:REFUSALS_SHOWN_MAX]:
                    words = refusal.words
                    yield Bilingual(
                        zh=f"第 {step + 1} 项：{words.zh}", en=f"{step + 1}: {words.en}"
                    )
        case PostgresInUse():
            yield Bilingual(
                zh=f"该编年正由进程 {problem.pid} 使用；请先停止该进程，"
                "或以 ANNALS_HOME 指定另一目录。",
                en=str(problem),
            )
        case PostgresUnavailable():
            yield Bilingual(zh=f"自带的 PostgreSQL 不可用：{problem}", en=str(problem))
        case RecordDamaged():
            yield Bilingual(zh=f"编年数据损坏：{problem}", en=str(problem))
        case RecordAltered():
            yield Bilingual(
                zh=f"编年在位置 {problem.position} 被改动；读模型保持原状。请查明是谁所为，"
                "从备份恢复编年，再运行 annals rebuild。",
                en=str(problem),
            )
        case RecordRestored():
            yield Bilingual(
                zh="编年已从备份恢复，缺少读模型所显示的条目；请运行 annals rebuild。",
                en=f"{problem} Run annals rebuild.",
            )
        case NotLoopback():
            en, _, zh = str(problem).partition("\n")
            yield Bilingual(zh=zh or en, en=en)
        case NotYetShown():
            yield Bilingual(
                zh=f"读模型现处于位置 {problem.reached}，尚未到达 {problem.asked}；"
                "请确认 annals work 正在运行。",
                en=f"{problem} Make sure that annals work is running.",
            )
        case OtherDefinition():
            yield Bilingual(
                zh="读模型由另一版本的程序生成；请运行 annals rebuild，或改用该版本。",
                en=str(problem),
            )
        case RebuildRunning():
            yield Bilingual(
                zh="另一进程正在重建读模型；请等待其完成，或以 annals rebuild --cancel 放弃。",
                en=str(problem),
            )
        case RebuildBlocked():
            yield Bilingual(
                zh="有连接一直占用现有读模型，重建结果无法启用；请查明占用者（pg_locks），"
                "再运行 annals rebuild 继续。",
                en=str(problem),
            )
        case RebuildCancelled():
            yield Bilingual(zh="重建已被放弃；现有读模型未受影响。", en=str(problem))
        case psycopg.errors.InsufficientPrivilege():
            what = problem.diag.message_primary
            yield Bilingual(
                zh=f"数据库登录名权限不足（{what}）；请改用有此权限的登录名，"
                "或由数据库所有者运行 annals migrate 授予（见 record/roles.sql）。",
                en=f"The login of DATABASE_URL may not do this ({what}). Use one that may, or let "
                "the owner of the database run annals migrate, which gives the roles of "
                "record/roles.sql their rights.",
            )
        case OSError():
            what = f"{problem.filename}: {problem.strerror}" if problem.filename else str(problem)
            yield Bilingual(zh=f"文件无法读写：{what}。", en=f"A file cannot be used: {what}.")
        case _:
            lines = str(problem).strip().splitlines() or [type(problem).__name__]
            yield Bilingual(
                zh=f"无法使用数据库：{lines[0]}。请检查 DATABASE_URL，并确认数据库正在运行。",
                en=f"The database cannot be used: {lines[0]}. Check DATABASE_URL, and that the "
                "database is running.",
            )
