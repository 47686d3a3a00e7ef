"""The named peer of a page: a bare FastAPI endpoint that answers the same bytes from memory.

`python -m bench.bare FOLDER` serves each file of the folder at its name, and says its address.
"""

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response


def main(folder: Path) -> None:
    """Serve until SIGTERM, with the server's settings that the product has."""
    app = FastAPI()
    for path in folder.iterdir():
        app.get(f"/{path.name}")(_endpoint(path.read_bytes()))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}/\n")
        sys.stdout.flush()
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, proxy_headers=False
        )
        uvicorn.Server(config).run(sockets=[listener])


def _endpoint(body: bytes) -> Callable[[], Response]:
    def answer() -> Response:
        return Response(body, media_type="application/json")

    return answer


if __name__ == "__main__":
    main(Path(sys.argv[1]))
