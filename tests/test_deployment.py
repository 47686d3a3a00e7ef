"""The deployment files agree with each other and with the command line."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.cli import COMMANDS

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
    ours = [service["command"] for service in services.values() if "build" in service]
    assert ours == [["migrate"], ["serve"], ["work"]]
    assert {name for (name,) in ours} <= COMMANDS.keys()


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


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    found: dict[str, Any] = workflow["jobs"]
    return found


def test_ci_runs_on_every_version_that_is_promised(jobs: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pythons = re.findall(r"Python :: (3\.\d+)", " ".join(project["classifiers"]))
    first, last = re.findall(r"Python (3\.\d+) to (3\.\d+)", readme)[0]
    oldest, newest = map(int, re.findall(r"PostgreSQL (\d+) to (\d+)", readme)[0])

    assert project["requires-python"] == f">={first}"
    assert (pythons[0], pythons[-1]) == (first, last)
    assert jobs["check"]["strategy"]["matrix"] == {"python": pythons}
    assert jobs["test"]["strategy"]["matrix"] == {
        "python": pythons,
        "postgres": [str(version) for version in range(oldest, newest + 1)],
    }


def test_ci_runs_what_everybody_runs(jobs: dict[str, Any]) -> None:
    runs = {name: [s["run"] for s in job["steps"] if "run" in s] for name, job in jobs.items()}
    assert runs == {
        "check": ["make check PYTHON=python"],
        "test": ["make test PYTHON=python"],
        "bare": ["make test PYTHON=python"],
    }


def test_ci_tests_on_the_postgresql_of_its_matrix(jobs: dict[str, Any]) -> None:
    assert jobs["test"]["services"]["postgres"]["image"] == "postgres:${{ matrix.postgres }}"
    assert jobs["test"]["env"]["DATABASE_URL"].startswith("postgresql://postgres@127.0.0.1:5432/")
    assert "services" not in jobs["bare"]
    assert "env" not in jobs["bare"]


def test_ci_names_the_version_of_every_action(jobs: dict[str, Any]) -> None:
    used = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", each) for each in used)


def test_a_commit_is_checked_by_what_is_here() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [each["repo"] for each in config["repos"]] == ["local"]
    hooks = config["repos"][0]["hooks"]
    for hook in hooks:
        assert hook["language"] == "system"
        assert hook["entry"].replace(".venv/bin/", "$(BIN)/") in makefile
    assert [hook["id"] for hook in hooks] == ["ruff-format", "ruff-check", "mypy", "lint-imports"]
