"""For maintainers: copies third-party browser assets into static/vendor, at exact versions.

`python -m api.pages.vendor` downloads each package by npm and writes vendor.json. Users need
neither.
"""

import json
import subprocess
import tarfile
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "static" / "vendor"


class Package(NamedTuple):
    """An npm package at an exact version, with the files that we serve."""

    name: str
    version: str
    files: tuple[str, ...]


PACKAGES = (
    Package(
        "swagger-ui-dist",
        "5.35.0",
        (
            "swagger-ui-bundle.js",
            "swagger-ui-bundle.js.LICENSE.txt",
            "swagger-ui.css",
            "LICENSE",
            "NOTICE",
        ),
    ),
)


def bring(package: Package, folder: Path = FOLDER) -> dict[str, object]:
    """Unpack the wanted files of one package; returns its entry for vendor.json."""
    with tempfile.TemporaryDirectory() as scratch:
        answer = subprocess.run(
            ["npm", "pack", "--json", f"{package.name}@{package.version}"],
            cwd=scratch,
            check=True,
            capture_output=True,
            text=True,
        )
        (packed,) = Path(scratch).glob("*.tgz")
        assert json.loads(answer.stdout), "npm says what it packed"
        with tarfile.open(packed) as archive:
            content = {name: _read(archive, f"package/{name}") for name in package.files}
            about = json.loads(_read(archive, "package/package.json"))
    target = folder / package.name
    target.mkdir(parents=True, exist_ok=True)
    for name, data in content.items():
        (target / name).write_bytes(data)
    return {
        "name": package.name,
        "version": package.version,
        "licence": about["license"],
        "sha256": {name: sha256(data).hexdigest() for name, data in content.items()},
    }


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    assert member is not None, f"{name} is a file of the package"
    return member.read()


def main() -> None:
    """Copy all packages and write vendor.json."""
    lines = [bring(package) for package in PACKAGES]
    text = json.dumps(lines, indent=2, ensure_ascii=False)
    (FOLDER / "vendor.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
