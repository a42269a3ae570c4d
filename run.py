"""Sets everything up on a machine with python3 and pip, and runs one thing: `python3 run.py demo` or `… test`.

uv is used where it is installed, venv and pip elsewhere. Nothing outside this folder is changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def say(text: str) -> None:
    """Progress for the person who waits."""
    print(f"==> {text}", flush=True)


def run(*command: str | Path, **environment: str) -> None:
    """Run one command here; end with its exit code where it fails."""
    done = subprocess.run([str(part) for part in command], cwd=HERE, env={**os.environ, **environment})
    if done.returncode:
        sys.exit(done.returncode)


def make_environment() -> None:
    """An empty virtual environment; Debian's python3 without python3-venv has no ensurepip, the system's pip serves."""
    if PYTHON.exists():
        return
    if shutil.which("uv"):
        run("uv", "venv", "--python", sys.executable, VENV)
    elif subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True).returncode:
        run(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV)


def install(*groups: str) -> None:
    """Install the locked dependencies and this package; nothing is done where the lock has not changed since."""
    locks = [HERE / "requirements.lock", *(HERE / f"requirements-{group}.lock" for group in groups)]
    stamp = VENV / "installed.txt"
    key = hashlib.sha256(b"".join(p.read_bytes() for p in [*locks, HERE / "pyproject.toml"])).hexdigest()
    if stamp.exists() and key in stamp.read_text().split():
        return
    say("installing (once; about a minute and a half)")
    if shutil.which("uv"):
        pip = ["uv", "pip", "install", "--python", str(PYTHON), "--compile-bytecode"]
    elif subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True).returncode == 0:
        pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    else:
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet"]
    # The locks are whole: no resolving, and nothing in that they leave out on purpose.
    run(*pip, "--no-deps", *(part for lock in locks for part in ("-r", str(lock))))
    run(*pip, "--no-deps", "-e", ".")
    with stamp.open("a") as file:
        file.write(key + "\n")


def demo(arguments: list[str]) -> None:
    """The main job on the embedded example county."""
    make_environment()
    install()
    say("making and auditing the example county")
    run(PYTHON, "-m", "auditkit", "demo", *arguments)


def test(arguments: list[str]) -> None:
    """All checks: lint, types, floors, tests."""
    make_environment()
    install("dev")
    bin_ = PYTHON.parent
    if not arguments:
        for command in (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["pyright"], ["lint-imports"]):
            say(" ".join(command))
            run(bin_ / command[0], *command[1:])
    say("pytest")
    run(PYTHON, "-m", "pytest", *(arguments or ["-n", "auto"]))


if __name__ == "__main__":
    jobs = {"demo": demo, "test": test}
    if len(sys.argv) < 2 or sys.argv[1] not in jobs:
        sys.exit("usage: python3 run.py demo | test  (further arguments go to auditkit demo, or to pytest)")
    jobs[sys.argv[1]](sys.argv[2:])
