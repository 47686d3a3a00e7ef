"""A provider of OpenID Connect, in a process of its own: oidc-provider-mock, which is made on
Authlib's server. Run as `python -m tests.api.provider`; it says on which port it is.

Two things it does not do by itself are added before it: it compares the PKCE verifier (RFC 7636),
and it changes its key when it is told to.
"""

import sys
import warnings
from urllib.parse import parse_qs, urlsplit

import flask
import werkzeug.serving

with warnings.catch_warnings(action="ignore"):  # Authlib's own: it moves to joserfc
    from authlib import jose  # type: ignore[import-untyped]
    from authlib.oauth2.rfc7636 import (  # type: ignore[import-untyped]
        create_s256_code_challenge,
    )
    from oidc_provider_mock import app as provider  # type: ignore[import-untyped]


def made() -> flask.Flask:
    """The provider. Its clients register, and get a secret."""
    app: flask.Flask = provider(require_client_registration=True, require_nonce=True)
    challenges: dict[str, str] = {}

    @app.before_request
    def compare() -> flask.typing.ResponseReturnValue | None:
        if flask.request.path != "/oauth2/token":
            return None
        challenge = challenges.get(flask.request.form.get("code", ""))
        verifier = flask.request.form.get("code_verifier", "")
        if challenge is None or create_s256_code_challenge(verifier) != challenge:
            return {"error": "invalid_grant"}, 400
        return None

    @app.after_request
    def remember(response: flask.Response) -> flask.Response:
        code = parse_qs(urlsplit(response.location or "").query).get("code")
        if code and flask.request.args.get("code_challenge_method") == "S256":
            challenges[code[0]] = flask.request.args["code_challenge"]
        return response

    @app.post("/rotate")
    def rotate() -> flask.typing.ResponseReturnValue:
        flask.g.oidc_provider_mock_storage.jwk = jose.RSAKey.generate_key(is_private=True)
        return {}

    return app


def main() -> None:
    """Serve until the process is ended."""
    server = werkzeug.serving.make_server("127.0.0.1", 0, made(), threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
