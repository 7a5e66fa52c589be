"""the oldest that can be upgraded."""

revision = "3"
down_revision = None


def upgrade() -> None:
    """Change nothing: this is where the scripts begin."""
