"""Logs with one JSON object per line, including the request id."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

from api.visible import visible_json

ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)
# Loggers of the server's own, on which a stranger can make it write a line with each packet.
FLOODED = ("uvicorn.error", "asyncio")

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)


class JsonLines(logging.Formatter):
    """Formats a log record as one object: time, level, logger, message, request id, own fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The log record as JSON."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := REQUEST_ID.get():
            line["request_id"] = request_id
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return visible_json(ENCODER.encode(line))


class AtMost(logging.Filter):
    """Lets a logger say the same a few times a minute, so that nobody fills a disk with it."""

    def __init__(self, lines: int = 10) -> None:
        super().__init__()
        self.lines = lines
        self._said: dict[object, int] = {}
        self._minute = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written: known by its message before anything is filled in."""
        minute = int(record.created // 60)
        if minute != self._minute:
            self._minute, self._said = minute, {}
        self._said[record.msg] = said = self._said.get(record.msg, 0) + 1
        return said <= self.lines


def write_json_lines(level: int = logging.INFO) -> None:
    """Send all logs of this process to stderr as JSON lines."""
    writer = logging.StreamHandler()
    writer.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[writer], force=True)
    for name in FLOODED:
        logging.getLogger(name).addFilter(AtMost())
