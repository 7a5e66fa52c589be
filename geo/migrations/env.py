"""What Alembic runs around the scripts of either store; see geo.migrating."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
