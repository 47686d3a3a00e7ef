"""Sheets of tasks, imported at the command line."""

from datetime import date
from pathlib import Path

from record.store.record import Record
from tests.api.console import Answer, annals
from tests.city import DISTRICT

CODE, CODE_2 = "510703001001", "510703001002"
AS_DECIDER = ("--role", "decider", "--unit", DISTRICT)
TASK = {
    "任务": "划定夜间停车位",
    "责任单位": "城厢街道办事处",
    "责任人": "赵敏",
    "交办日期": date(2024, 3, 1),
    "完成时限": date(2024, 6, 30),
    "社区代码": CODE,
    "社区名称": "临园社区",
}
OTHER = {**TASK, "任务": "清理消防通道", "责任单位": "城市管理局", "完成时限": "2024年7月31日"}


def imported(url: str, file: Path, *words: str, kind: str = "tasks") -> Answer:
    return annals(url, "import", kind, file, *AS_DECIDER, "--json", *words)


def head_of(url: str) -> int:
    with Record(url) as record:
        return record.head()
