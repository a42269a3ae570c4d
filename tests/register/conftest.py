"""A PostgreSQL of our own on loopback, in a temporary folder, for the tests that need one."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@pytest.fixture(scope="session")
def postgres():
    """The URL of an empty PostgreSQL server's maintenance database; skips where none is installed."""
    binaries = _binaries()
    if binaries is None or not (binaries / "initdb").exists():
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="auditkit-pg-"))
    user: list[str] = []
    if os.geteuid() == 0:
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("running as root and there is no user postgres: initdb refuses root")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        user = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"

    def pg(program, *arguments):
        subprocess.run([*user, str(binaries / program), *arguments], check=True, capture_output=True, cwd=folder)

    pg("initdb", "-D", str(data), "-U", "audit", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    pg("pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
    yield f"postgresql+psycopg://audit@127.0.0.1:{port}"
    pg("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(request, tmp_path):
    """A fresh database URL on SQLite or PostgreSQL (parametrize with indirect)."""
    if request.param == "sqlite":
        return f"sqlite:///{(tmp_path / 'register.db').as_posix()}"
    import sqlalchemy as sa

    server = request.getfixturevalue("postgres")
    name = f"register_{os.urandom(6).hex()}"
    engine = sa.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return f"{server}/{name}"
