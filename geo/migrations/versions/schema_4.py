"""indexes for windows, pages and filters of today."""

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Change nothing: indexes are made anew after the scripts."""
