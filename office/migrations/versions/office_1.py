"""the tables as they were when their version was first noted."""

revision = "1"
down_revision = None


def upgrade() -> None:
    """Change nothing: this is where the scripts begin."""
