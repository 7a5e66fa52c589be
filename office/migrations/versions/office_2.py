"""addresses of mail, when somebody last came from his identity provider, sealed secrets."""

import sqlalchemy as sa
from alembic import op

from office import clock, sealing

revision = "2"
down_revision = "1"
_accounts = sa.table(
    "accounts", *map(sa.column, ("id", "totp", "totp_pending", "issuer", "came_at"))
)


def upgrade() -> None:
    """Add the columns, and seal what lies in the open."""
    op.add_column("accounts", sa.Column("mail", sa.Text))
    op.add_column("links", sa.Column("mail", sa.Text))
    op.add_column("accounts", sa.Column("came_at", sa.BigInteger))
    conn = op.get_bind()
    outside = _accounts.c.issuer.is_not(None)
    conn.execute(sa.update(_accounts).where(outside).values(came_at=clock.now()))
    for name in ("totp", "totp_pending"):
        _seal(conn, _accounts.c[name])


def _seal(conn: sa.Connection, column: sa.ColumnClause[str]) -> None:
    seal, key = sealing.of(conn), _accounts.c.id
    held = conn.execute(sa.select(key, column).where(column.is_not(None))).all()
    for owner, secret in held:
        kept = seal.close(secret, owner)
        conn.execute(sa.update(_accounts).where(key == owner).values({column.name: kept}))
