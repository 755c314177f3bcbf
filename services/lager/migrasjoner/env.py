"""Alembic's entry: the connection comes from ``services.lager.migrering``."""

from alembic import context
from sqlmodel import SQLModel

from services.lager import tabeller  # noqa: F401  (fills the metadata)

forbindelse = context.config.attributes["forbindelse"]
context.configure(connection=forbindelse, target_metadata=SQLModel.metadata, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
