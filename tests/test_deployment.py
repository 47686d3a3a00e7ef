"""The deployment files agree with each other and with the command line."""

import re
import shutil
import stat
import subprocess
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from access.sealing import Seal
from api.cli import COMMANDS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(
        (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    )
    return found


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = compose["services"]
    return found


def test_postgresql_18_is_healthy_before_anything_uses_it(services: dict[str, Any]) -> None:
    assert services["postgres"]["image"] == "${POSTGRES_IMAGE:-postgres:18}"
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


def test_each_service_has_a_login_of_its_own_and_only_its_own_secret(
    services: dict[str, Any],
) -> None:
    logins = {"migrate": "owner", "serve": "server", "work": "worker"}
    users = set()
    for name, secret in logins.items():
        environment = services[name]["environment"]
        keys = ["second_factor_keys"] if name == "serve" else []
        assert services[name]["secrets"] == [f"{secret}_password", *keys]
        assert environment["DATABASE_PASSWORD_FILE"] == f"/run/secrets/{secret}_password"
        user = urlsplit(environment["DATABASE_URL"])
        assert user.password is None
        users.add(user.username)
    assert users == {"annals_owner", "annals_serve", "annals_work"}
    made = (ROOT / "deploy" / "logins.sh").read_text(encoding="utf-8")
    for user, role in (("serve", "server"), ("work", "worker"), ("audit", "auditor")):
        assert re.search(f"create role annals_{user} login .* in role annals_{role};", made)
        assert f"alter role annals_{user} set statement_timeout" in made
        assert f"alter role annals_{user} set idle_in_transaction_session_timeout" in made


def test_secrets_are_files_and_none_is_in_a_variable(compose: dict[str, Any]) -> None:
    for name, secret in compose["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
    for service in compose["services"].values():
        assert set(service.get("secrets", ())) <= compose["secrets"].keys()
        for variable, value in service.get("environment", {}).items():
            assert "PASSWORD" not in variable or value.startswith("/run/secrets/"), variable
    assert "/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_what_runs_is_checked_limited_and_does_not_fill_the_disk_with_logs(
    services: dict[str, Any],
) -> None:
    for name, service in services.items():
        assert service["mem_limit"], name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name
        assert ("healthcheck" in service) == (service["restart"] != "no"), name
    assert "/health/ready" in " ".join(services["serve"]["healthcheck"]["test"])
    alive = services["work"]["environment"]["ANNALS_ALIVE_FILE"]
    assert alive in " ".join(services["work"]["healthcheck"]["test"])


def test_every_change_of_the_database_is_archived_on_a_volume_of_its_own(
    services: dict[str, Any],
) -> None:
    command = services["postgres"]["command"]
    assert "archive_mode=on" in command
    assert any(each.startswith("archive_command=test ! -f /archive/%f && ") for each in command)
    assert "archive:/archive" in services["postgres"]["volumes"]
    assert services["archive"]["volumes"] == ["archive:/archive"]


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


def test_no_password_is_shipped(tmp_path: Path) -> None:
    assert not (ROOT / "secrets").exists() or "/secrets/" in (ROOT / ".gitignore").read_text()
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    made = []
    for _ in range(2):
        subprocess.run([tmp_path / "deploy" / "make-secrets.sh"], check=True)
        files = sorted((tmp_path / "secrets").iterdir())
        made.append([file.read_text() for file in files])
    assert made[0] == made[1], "what is there stays"
    assert len(set(made[0])) == 6
    assert [len(secret) for secret in made[0]] == [48, 48, 48, 45, 48, 48]
    assert Seal.of_file(tmp_path / "secrets" / "second_factor_keys").keys
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


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
