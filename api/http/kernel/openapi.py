"""Prints the API's description: `python -m api.http.kernel.openapi > docs/openapi.json`. Needs no database."""

import json
import sys

from api.http.app import build_app


def description() -> str:
    """The OpenAPI document as it is kept in docs/openapi.json."""
    return json.dumps(build_app().openapi(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(description())
