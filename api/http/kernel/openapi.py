"""The API's description as it is kept in api/http: for programs that need no app for it.

`python -m api.http.kernel.openapi > api/http/openapi.json` writes it anew, and needs no database. A
test holds it against the routes.
"""

import json
import sys
from pathlib import Path
from typing import Any

KEPT = Path(__file__).parents[1] / "openapi.json"


def kept() -> dict[str, Any]:
    """The description that is kept."""
    described: dict[str, Any] = json.loads(KEPT.read_bytes())
    return described


def description() -> str:
    """The description that the routes come to now, as it is kept."""
    from api.http.app import build_app

    return json.dumps(build_app().openapi(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(description())
