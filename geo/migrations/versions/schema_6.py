"""numbers of rows that are alike, and indexes for filters by kind, number and border."""

import sqlalchemy as sa
from alembic import op

from geo.tables import JsonText

revision = "6"
down_revision = "5"

BORDER, PROVINCE = ("border",), ("province_id", "province_origin_id")
COMMON = ("confidence", "classification")
TOLD = {
    "positions": (*BORDER, *PROVINCE, "multiplicity", "demarcated", "position_quality", *COMMON),
    "markers": (
        *BORDER, "border_ids", *PROVINCE, "kind", "multiplicity", "marker_class", "stage",
        "condition", "position_quality", *COMMON,
    ),
    "marker_events": ("event", "date_precision", *COMMON),
    "inspections": ("mode", "condition", *COMMON),
}  # fmt: skip
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    """Make the tables; they are filled after the scripts."""
    for layer, names in TOLD.items():
        op.create_table(
            f"{layer}_sums",
            sa.Column("key", TEXT, primary_key=True),
            sa.Column("audiences", sa.Integer(), nullable=False),
            sa.Column("t_to", TEXT, nullable=False),
            *(sa.Column(name, JsonText() if name == "border_ids" else TEXT) for name in names),
            sa.Column("alike", WHOLE, nullable=False),
        )
