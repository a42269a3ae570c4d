"""The first tables: problems, steps, runs, compounds."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _text(name: str, *, unique: bool = False, index: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, unique=unique, index=index)


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "problems",
        sa.Column("id", sa.Text, primary_key=True),
        _text("number", unique=True),
        sa.Column("reopened", sa.Integer, nullable=False),
        *(_text(name) for name in ("source", "matter", "county")),
        _text("compound_id", index=True),
        *(_text(name) for name in ("compound_name", "company", "rule", "problem", "severity", "kind", "subject")),
        *(_text(name) for name in ("message", "basis")),
        sa.Column("amount_low", sa.BigInteger),
        sa.Column("amount_high", sa.BigInteger),
        _text("state"),
        sa.Column("present", sa.Boolean, nullable=False),
        *(_text(name) for name in ("first_seen", "lead", "person", "deadline", "measures", "progress", "note")),
    )
    op.create_table(
        "steps",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        _text("key", unique=True),
        _text("problem_id", index=True),
        *(_text(name) for name in ("action", "from_state", "to_state", "who", "second", "at", "why", "facts")),
        *(_text(name) for name in ("previous", "hash")),
    )
    op.create_table(
        "runs",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("compound_id", sa.Text, primary_key=True),
        _text("imported"),
        _text("tests"),
    )
    op.create_table(
        "compounds",
        sa.Column("compound_id", sa.Text, primary_key=True),
        *(_text(name) for name in ("name", "county", "company", "audited_on", "disclosed_on", "account_on")),
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("compounds", "runs", "steps", "problems"):
        op.drop_table(table)
