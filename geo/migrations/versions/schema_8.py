"""stamps of the rows that were written, so that finished pages lie ready beside the store."""

import sqlalchemy as sa
from alembic import op

revision = "8"
down_revision = "7"
KEEPS_SHOWN = True

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    """Make the table; nothing was written since it is there."""
    op.create_table(
        "touched",
        sa.Column("layer", TEXT, primary_key=True),
        sa.Column("run", WHOLE, primary_key=True),
        sa.Column("stamp", WHOLE, nullable=False),
    )
