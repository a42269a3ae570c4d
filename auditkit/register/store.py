"""The register's tables, on SQLite beside the output or on PostgreSQL by URL."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import event

META: Final = sa.MetaData()

PROBLEMS: Final = sa.Table(
    "problems", META,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("reopened", sa.Integer, nullable=False, default=0),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("matter", sa.Text, nullable=False),
    sa.Column("county", sa.Text, nullable=False, default=""),
    sa.Column("compound_id", sa.Text, nullable=False, index=True),
    sa.Column("compound_name", sa.Text, nullable=False, default=""),
    sa.Column("company", sa.Text, nullable=False, default=""),
    sa.Column("rule", sa.Text, nullable=False, default=""),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False, default=""),
    sa.Column("kind", sa.Text, nullable=False, default=""),
    sa.Column("subject", sa.Text, nullable=False, default=""),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("basis", sa.Text, nullable=False, default=""),
    sa.Column("amount_low", sa.BigInteger),
    sa.Column("amount_high", sa.BigInteger),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("present", sa.Boolean, nullable=False, default=True),
    sa.Column("first_seen", sa.Text, nullable=False),
    sa.Column("lead", sa.Text, nullable=False, default=""),
    sa.Column("person", sa.Text, nullable=False, default=""),
    sa.Column("deadline", sa.Text, nullable=False, default=""),
    sa.Column("measures", sa.Text, nullable=False, default=""),
    sa.Column("progress", sa.Text, nullable=False, default=""),
    sa.Column("note", sa.Text, nullable=False, default=""),
)  # fmt: skip
"""One row a problem: the state of things that the log adds up to. Amounts in fen."""

STEPS: Final = sa.Table(
    "steps", META,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("problem_id", sa.Text, nullable=False, index=True),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("from_state", sa.Text, nullable=False),
    sa.Column("to_state", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("second", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)  # fmt: skip
"""The log: append only, each row carrying the hash of the one before."""

LOG_END: Final = sa.Table(
    "log_end", META,
    sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)  # fmt: skip
"""One row: number and hash of the last entry. A chain alone does not tell that its last entries were cut off."""

RUNS: Final = sa.Table(
    "runs", META,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("compound_id", sa.Text, primary_key=True),
    sa.Column("imported", sa.Text, nullable=False),
    sa.Column("tests", sa.Text, nullable=False),
)  # fmt: skip
"""What was imported: the hash of findings.json, and which tests had been made."""


COMPOUNDS: Final = sa.Table(
    "compounds", META,
    sa.Column("compound_id", sa.Text, primary_key=True),
    *(sa.Column(name, sa.Text, nullable=False, default="") for name in (
        "name", "county", "company", "audited_on", "disclosed_on", "account_on",
    )),
)  # fmt: skip
"""Every compound of the campaign: since when it is audited, discloses, keeps its own account; "" where it does not."""


class Register:
    """A register at a database URL; every write is one serialised transaction."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = sa.create_engine(url, connect_args={"timeout": 60} if url.startswith("sqlite") else {})
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _plain_connection)
            event.listen(self.engine, "begin", _begin_immediate)

    @contextmanager
    def writing(self) -> Generator[sa.Connection]:
        """One writer at a time, so that the chain has one end: SQLite by BEGIN IMMEDIATE, PostgreSQL by a lock."""
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(sa.text("LOCK TABLE steps IN EXCLUSIVE MODE"))
            yield connection

    @contextmanager
    def reading(self) -> Generator[sa.Connection]:
        """One consistent view of the register."""
        with self.engine.connect() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def _plain_connection(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def open_register(place: str | Path) -> Register:
    """The register at a database URL, or in a SQLite file; made or brought up to date where it is not."""
    text = str(place)
    url = text if "://" in text else f"sqlite:///{Path(text).resolve().as_posix()}"
    register = Register(url)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with register.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return register
