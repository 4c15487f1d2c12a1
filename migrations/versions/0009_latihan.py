"""The one-time keys of generated forms: sending one twice adds one row.

Revision: 0009, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "kunci_formulir",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pengguna_id", sa.Integer(), nullable=False),
        sa.Column("sumber_daya", sa.String(length=60), nullable=False),
        sa.Column("kunci", sa.String(length=64), nullable=False),
        sa.Column("baris_id", sa.Integer(), nullable=True),
        sa.Column("waktu", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pengguna_id"],
            ["ab_user.id"],
            name=op.f("fk_kunci_formulir_pengguna_id_ab_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kunci_formulir")),
        sa.UniqueConstraint(
            "pengguna_id",
            "sumber_daya",
            "kunci",
            name=op.f("uq_kunci_formulir_pengguna_id_sumber_daya_kunci"),
        ),
    )
    op.create_index("ix_kunci_formulir_waktu", "kunci_formulir", ["waktu"])


def downgrade() -> None:
    """Remove the table."""
    op.drop_index("ix_kunci_formulir_waktu", "kunci_formulir")
    op.drop_table("kunci_formulir")
