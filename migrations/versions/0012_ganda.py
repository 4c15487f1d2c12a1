"""Why a row changed, and when a resident died or moved.

Revision: 0012, after 0011. Both columns are added in place: a table of SQLite that is rebuilt
would lose its triggers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("perubahan", sa.Column("catatan", sa.String(length=500), nullable=True))
    op.add_column("penduduk", sa.Column("tanggal_peristiwa", sa.Date(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("penduduk", "tanggal_peristiwa")
    op.drop_column("perubahan", "catatan")
