"""Riwayat is append-only: the database itself refuses to change or delete a row (ROUTING §1)."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MESSAGE = "riwayat hanya dapat ditambah"


def upgrade() -> None:
    """Add the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER riwayat_tolak_{act.lower()} BEFORE {act} ON riwayat "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION riwayat_tolak() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER riwayat_tolak BEFORE UPDATE OR DELETE ON riwayat "
        "FOR EACH ROW EXECUTE FUNCTION riwayat_tolak()"
    )


def downgrade() -> None:
    """Remove the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER riwayat_tolak_{act}")
        return
    op.execute("DROP TRIGGER riwayat_tolak ON riwayat")
    op.execute("DROP FUNCTION riwayat_tolak()")
