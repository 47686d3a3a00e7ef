"""The deployment files agree with each other and with the command line."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.core import TyperGroup
from typer.main import get_command

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    found: dict[str, Any] = compose["services"]
    return found


def test_postgresql_18_is_healthy_before_anything_uses_it(services: dict[str, Any]) -> None:
    assert services["postgres"]["image"] == "postgres:18"
    assert "pg_isready" in services["postgres"]["healthcheck"]["test"]
    for name in ("migrate", "serve", "work"):
        needs = services[name]["depends_on"]
        assert needs["postgres"] == {"condition": "service_healthy"}, name


def test_the_schema_is_migrated_once_before_anybody_serves_or_works(
    services: dict[str, Any],
) -> None:
    assert services["migrate"]["restart"] == "no"
    for name in ("serve", "work"):
        needs = services[name]["depends_on"]
        assert needs["migrate"] == {"condition": "service_completed_successfully"}, name


def test_the_database_outlives_its_container(services: dict[str, Any]) -> None:
    assert "record:/var/lib/postgresql" in services["postgres"]["volumes"]


def test_only_this_machine_reaches_the_server_and_nobody_the_database(
    services: dict[str, Any],
) -> None:
    assert services["serve"]["ports"] == ["127.0.0.1:${ANNALS_PORT:-8000}:8000"]
    assert {name for name, service in services.items() if "ports" in service} == {"serve"}


def test_every_file_that_compose_names_is_there(services: dict[str, Any]) -> None:
    for service in services.values():
        if build := service.get("build"):
            assert (ROOT / build["context"] / build["dockerfile"]).is_file()
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert not source.startswith(".") or (ROOT / source).is_file(), source


def test_every_service_of_ours_is_a_command_of_annals(services: dict[str, Any]) -> None:
    cli = pytest.importorskip("api.cli")
    command = get_command(cli.app)
    assert isinstance(command, TyperGroup)
    ours = [service["command"] for service in services.values() if "build" in service]
    assert ours == [["migrate"], ["serve"], ["work"]]
    assert {name for (name,) in ours} <= set(command.commands)


def test_every_variable_of_compose_is_explained_in_the_example() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"\$\{(\w+)", compose))
    explained = set(re.findall(r"^(?:# )?(\w+)=", example, re.MULTILINE))
    assert named <= explained
    assert {"DATABASE_URL", "ANNALS_HOME", "ANNALS_HOST", "ANNALS_PORT"} <= explained


def test_no_password_is_shipped() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert re.search(r"^POSTGRES_PASSWORD=$", example, re.MULTILINE)


def test_the_image_is_built_in_stages_and_does_not_run_as_root() -> None:
    lines = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").splitlines()
    last = max(number for number, line in enumerate(lines) if line.startswith("FROM"))
    assert sum(line.startswith("FROM") for line in lines) == 2
    assert "USER 10001" in lines[last:]
    assert 'ENTRYPOINT ["annals"]' in lines[last:]


def test_the_image_holds_every_package_and_nothing_unhashed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for package in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        assert f"COPY {package} {package}" in dockerfile
        assert f"!{package}" in ignored
    for installation in re.findall(r"pip install (.*)", dockerfile):
        assert installation.startswith(("--require-hashes -r", "--no-deps --no-index"))


@pytest.mark.parametrize("lock", ["requirements.lock", "deploy/requirements.lock"])
def test_a_lock_pins_by_hash_and_holds_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = text.replace("\\\n", "").splitlines()
    assert all(re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", pin) for pin in pins)
    assert "://" not in text


def test_the_server_runs_the_versions_that_were_tested() -> None:
    tested, served = (
        set(re.findall(r"^[a-z0-9-]+==\S+", (ROOT / lock).read_text("utf-8"), re.MULTILINE))
        for lock in ("requirements.lock", "deploy/requirements.lock")
    )
    assert served < tested
