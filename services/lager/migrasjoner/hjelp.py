"""Migrations are SQL files beside their revision."""

from pathlib import Path

from alembic import op


def kjor_fil(navn: str) -> None:
    """Run every statement of one SQL file in the migration's transaction."""
    sql = (Path(__file__).parent / "versions" / navn).read_text()
    op.get_bind().connection.cursor().execute(sql)  # the driver's own cursor: no parameters, so % stays %
