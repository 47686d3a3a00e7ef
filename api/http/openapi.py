"""The API's description as stored in api/http, for programs that do not load the app.

`python -m api.http.openapi > api/http/openapi.json` writes it again, without a database. A
test compares it with the routes.
"""

import json
import sys
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_suffix(".json")


def kept() -> dict[str, Any]:
    """The stored description."""
    described: dict[str, Any] = json.loads(KEPT.read_bytes())
    return described


def description() -> str:
    """The description generated from the routes, as it would be stored."""
    from api.http.app import build_app  # here, so that reading the file imports no app

    return json.dumps(build_app().openapi(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(description())
