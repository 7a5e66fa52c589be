"""an index of the texts of the search, and numbers of rows by the name of their province."""

import sqlalchemy as sa
from alembic import op

revision = "7"
down_revision = "6"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the columns; texts, their index and the numbers are made anew after the scripts."""
    for layer in ("positions", "markers"):
        op.add_column(f"{layer}_sums", sa.Column("province", TEXT))
