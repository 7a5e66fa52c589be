"""an index of the texts of the search."""

revision = "7"
down_revision = "6"


def upgrade() -> None:
    """Change nothing: the texts and their index are made anew after the scripts."""
