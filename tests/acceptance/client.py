"""A client that records communities over HTTP, and prints every receipt that it gets.

python -m tests.acceptance.client PORT KEY SUBDISTRICT SEED

What it does not know to be recorded it repeats under its key, until it is stopped.
"""

import json
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from typing import Any

PAUSE_SECONDS = 0.05
ORIGIN = "annals.test/kills"


class Client:
    """One kept connection, made anew whenever it is lost."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._key = key
        self._connection: HTTPConnection | None = None

    def record(self, path: str, body: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Send a command until it is answered with a receipt."""
        while True:
            with suppress(OSError, HTTPException):
                status, answer = self._post(path, json.dumps(body).encode(), key)
                if status < 300:
                    return answer
                assert status >= 500, answer  # whatever else it is, it is no outage
            time.sleep(PAUSE_SECONDS)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _post(self, path: str, body: bytes, key: str) -> tuple[int, dict[str, Any]]:
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        try:
            self._connection.request("POST", path, body, headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, HTTPException):
            self._connection.close()
            self._connection = None
            raise
        place = response.getheader("location") or ""
        return response.status, {**json.loads(content), "id": place.rpartition("/")[2]}


def place(level: str, code: str, parent: str) -> dict[str, str]:
    """The body that establishes a jurisdiction."""
    name = f"{level}{code}"
    return {
        "level": level,
        "name": name,
        "code": code,
        "parent": parent,
        "effective_from": "2000-01-01",
    }


def main(port: str, key: str, subdistrict: str, seed: str) -> None:
    """Record without end."""
    client = Client(int(port), key)
    for number in count():
        body = {
            "name": f"第{seed}{number}社区",
            "subdistrict": subdistrict,
            "effective_from": "2018-01-01",
            "origin": "existing",
        }
        receipt = client.record("/api/v1/communities", body, f"{seed}-{number}")
        sys.stdout.write(f"{seed}-{number} {receipt['position']} {receipt['last_position']}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
