"""indexes on who read what."""

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Make the indexes, unless the table itself is still to be made."""
    if sa.inspect(op.get_bind()).has_table("reads"):
        for name in ("actor", "name"):
            op.create_index(f"reads_{name}", "reads", [name, "id"], if_not_exists=True)
