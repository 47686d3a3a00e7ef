"""Logs with one JSON object per line, including the request id."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

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
        return json.dumps(line, ensure_ascii=False, default=str)


def write_json_lines(level: int = logging.INFO) -> None:
    """Send all logs of this process to stderr as JSON lines."""
    writer = logging.StreamHandler()
    writer.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[writer], force=True)
