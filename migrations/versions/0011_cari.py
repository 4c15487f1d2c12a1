"""Words are found by three letters at a time; the indexes of lists follow the models.

What `app.models.indeks` derives is made after the last migration (`env.py`); here goes what it
replaces, and PostgreSQL learns to compare by three letters.
"""

from alembic import op
from sqlalchemy.exc import ProgrammingError

from app.models.indeks import drop_all

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = (
    *("ab_user", "berkas", "catatan_ekspor", "catatan_impor", "keluarga", "pembukaan_data"),
    *("pekerjaan", "penduduk", "penugasan", "perubahan", "surat"),
)
AREAS = ("kecamatan_id", "kelurahan_id", "rw_id", "rt_id")

REFUSED = (
    "PostgreSQL menolak memasang pg_trgm, yang diperlukan pencarian. Mintalah pengelola server"
    " menjalankan sekali, di basis data portal: CREATE EXTENSION pg_trgm;"
)


def upgrade() -> None:
    """Let go of the indexes by area and key; the derived ones begin with the area too."""
    if op.get_bind().dialect.name == "postgresql":
        try:
            op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except ProgrammingError as error:
            raise SystemExit(REFUSED) from error
    for table in TABLES:
        for area in AREAS:
            op.drop_index(f"ix_{table}_{area}_id", table)


def downgrade() -> None:
    """Bring them back, and take away what was derived."""
    drop_all(op.get_bind())
    for table in TABLES:
        for area in AREAS:
            op.create_index(f"ix_{table}_{area}_id", table, [area, "id"])
