"""The settings of a run: `ANNALS_…` variables, `.env`, and `DATABASE_URL`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NotLoopback(Exception):
    """The server is to listen where others could reach it; the message says what to do."""


class Settings(BaseSettings):
    """The settings of one run. Nothing else is read from the environment."""

    model_config = SettingsConfigDict(
        env_prefix="ANNALS_", env_file=".env", extra="ignore", frozen=True
    )

    home: Path = Path(".annals")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65_535)
    published_on: str | None = Field(
        default=None,
        description="For a container: this machine's address on which its port is published.",
    )
    alive_file: Path | None = Field(
        default=None, description="A file that the worker touches at each turn."
    )
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    database_password_file: Path | None = Field(
        default=None, validation_alias="DATABASE_PASSWORD_FILE"
    )


def require_loopback(host: str, published_on: str | None = None) -> str:
    """The host to bind to; raises NotLoopback unless it is this machine's own.

    Without sign-in, anybody who reaches the port can act under any name. A container listens on
    its own address, so there `published_on` must be this machine's.
    """
    if (published_on or host) in LOOPBACK:
        return host
    raise NotLoopback(
        f"Annals does not listen on {published_on or host} yet: without sign-in, anybody "
        "who reaches the port could act under any name. Set ANNALS_HOST=127.0.0.1 and reach it "
        "through a tunnel; in a container, publish its port on 127.0.0.1 and name that in "
        "ANNALS_PUBLISHED_ON."
        f"\nAnnals 暂不监听 {published_on or host}：在登录功能启用之前，凡能连接该端口者均可冒用"
        "任何人的名义。请设 ANNALS_HOST=127.0.0.1，并通过隧道访问；在容器中请只在 127.0.0.1 上发布"
        "端口，并以 ANNALS_PUBLISHED_ON 说明。"
    )
