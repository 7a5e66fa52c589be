"""photos and documents: a table of files, and rows that name them."""

import sqlalchemy as sa
from alembic import op

from geo.tables import JsonText

revision = "5"
down_revision = "4"

NAMING = ("marker_events", "inspections", "agreements", "commitments", "sources")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    """Make the table, and the columns of records and of what is shown of them."""
    op.create_table(
        "evidence",
        sa.Column("sha256", TEXT, primary_key=True),
        sa.Column("actor", TEXT, primary_key=True),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("bytes", WHOLE, nullable=False),
        sa.Column("media_type", TEXT, nullable=False),
        sa.Column("width", WHOLE),
        sa.Column("height", WHOLE),
        sa.Column("taken", TEXT),
    )
    for layer in NAMING:
        for table in (layer, f"{layer}_view"):
            op.add_column(table, sa.Column("files", JsonText()))
