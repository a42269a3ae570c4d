"""The end of the log in a table of its own, so that entries cut off at the end are missed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it, with the end as it stands."""
    op.create_table(
        "log_end",
        sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.execute("INSERT INTO log_end (one, seq, hash) SELECT 1, seq, hash FROM steps ORDER BY seq DESC LIMIT 1")


def downgrade() -> None:
    """Take it away."""
    op.drop_table("log_end")
