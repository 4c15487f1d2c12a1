"""Rows that stay as they are: records only grow, a published version never changes (ROUTING §1).

Triggers, so that also what goes around the models is refused. A SQLite table that Alembic rebuilds
loses its triggers: a migration that alters one of these tables runs `drop_statements` before and
`trigger_statements` after, from a copy that knows the new columns.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RECORDS = ("riwayat", "catatan_ekspor", "pembukaan_data")
PARTS = ("tahapan", "isian", "persyaratan")
VERSION_COLUMNS = (
    *("id", "created_at", "layanan_id", "nomor", "sebutan", "tanggal_mulai", "pengaju"),
    *("tingkat_akhir", "sla_total_menit", "maks_kembali", "biaya", "dasar_biaya", "produk"),
    *("klasifikasi", "format_nomor", "masa_berlaku_bulan", "penandatangan", "catatan", "sidik"),
    *("waktu_terbit", "penerbit", "alasan_terbit"),
)
"""All but status, which may go from terbit to arsip, and revisi, which counts such changes."""

SURAT_COLUMNS = ("id", "created_at", "berkas_id", "unit_id", "tahun", "nomor", "nomor_surat")
"""What a letter keeps for ever; ``data`` changes only with a later signature, by its riwayat."""

GROWS = "hanya dapat ditambah"
LETTER = "surat yang sudah bernomor tidak dapat diubah"
COUNTER = "nomor_surat hanya dapat ditambah"
FIXED = "versi yang sudah terbit tidak dapat diubah"


def upgrade() -> None:
    """Add the triggers."""
    for statement in trigger_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Remove the triggers."""
    for statement in drop_statements(op.get_bind().dialect.name):
        op.execute(statement)


def trigger_statements(dialect_name: str) -> list[str]:
    """Return the statements that add the triggers; a refusal is an integrity error on both."""
    if dialect_name == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for name, act, table, when, message in _sqlite_triggers()
        ]
    return [
        *(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
            for name, body in FUNCTIONS.items()
        ),
        *(
            f"CREATE TRIGGER {table}_tetap BEFORE {acts} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            for table, acts, function in _postgresql_triggers()
        ),
    ]


def drop_statements(dialect_name: str) -> list[str]:
    """Return the statements that remove the triggers."""
    if dialect_name == "sqlite":
        return [f"DROP TRIGGER {name}" for name, *_ in _sqlite_triggers()]
    return [
        *(f"DROP TRIGGER {table}_tetap ON {table}" for table, *_ in _postgresql_triggers()),
        *(f"DROP FUNCTION {name}()" for name in FUNCTIONS),
    ]


def _sqlite_triggers() -> list[tuple[str, str, str, str, str]]:
    same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in VERSION_COLUMNS)
    status = "(NEW.status = OLD.status OR (OLD.status = 'terbit' AND NEW.status = 'arsip'))"
    triggers = [
        (f"{table}_tetap_{act.lower()}", act, table, "", f"{table} {GROWS}")
        for table in RECORDS
        for act in ("UPDATE", "DELETE")
    ]
    for act, unless in (("UPDATE", f" AND NOT ({status} AND {same})"), ("DELETE", "")):
        when = f"WHEN OLD.status <> 'konsep'{unless}"
        triggers.append((f"versi_layanan_tetap_{act.lower()}", act, "versi_layanan", when, FIXED))
    for table in PARTS:
        for act, rows in (("INSERT", "NEW"), ("UPDATE", "NEW OLD"), ("DELETE", "OLD")):
            ids = ", ".join(f"{row}.versi_layanan_id" for row in rows.split())
            when = (
                f"WHEN EXISTS (SELECT 1 FROM versi_layanan WHERE id IN ({ids})"
                " AND status <> 'konsep')"
            )
            triggers.append((f"{table}_tetap_{act.lower()}", act, table, when, FIXED))
    return triggers + _sqlite_ladder() + _sqlite_letters()


def _sqlite_ladder() -> list[tuple[str, str, str, str, str]]:
    """The rungs of a published version's tahapan are part of it."""
    triggers = []
    for act, rows in (("INSERT", "NEW"), ("UPDATE", "NEW OLD"), ("DELETE", "OLD")):
        ids = ", ".join(f"{row}.tahapan_id" for row in rows.split())
        when = (
            "WHEN EXISTS (SELECT 1 FROM tahapan JOIN versi_layanan"
            " ON versi_layanan.id = tahapan.versi_layanan_id"
            f" WHERE tahapan.id IN ({ids}) AND versi_layanan.status <> 'konsep')"
        )
        triggers.append((f"eskalasi_tetap_{act.lower()}", act, "eskalasi", when, FIXED))
    return triggers


def _sqlite_letters() -> list[tuple[str, str, str, str, str]]:
    same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in SURAT_COLUMNS)
    signature = "coalesce(json_extract({}.data, '$.riwayat_nomor'), 0)"
    newer = f"{signature.format('NEW')} > {signature.format('OLD')}"
    signed = f"(NEW.data IS OLD.data OR {newer})"
    counts = "NEW.unit_id = OLD.unit_id AND NEW.tahun = OLD.tahun AND NEW.terakhir >= OLD.terakhir"
    return [
        ("surat_tetap_update", "UPDATE", "surat", f"WHEN NOT ({same} AND {signed})", LETTER),
        ("surat_tetap_delete", "DELETE", "surat", "", LETTER),
        ("nomor_surat_tetap_update", "UPDATE", "nomor_surat", f"WHEN NOT ({counts})", COUNTER),
        ("nomor_surat_tetap_delete", "DELETE", "nomor_surat", "", COUNTER),
    ]


def _postgresql_triggers() -> list[tuple[str, str, str]]:
    return [
        *((table, "UPDATE OR DELETE", "tolak_perubahan") for table in RECORDS),
        ("versi_layanan", "UPDATE OR DELETE", "jaga_versi_terbit"),
        *((table, "INSERT OR UPDATE OR DELETE", "jaga_bagian_versi") for table in PARTS),
        ("eskalasi", "INSERT OR UPDATE OR DELETE", "jaga_eskalasi"),
        ("surat", "UPDATE OR DELETE", "jaga_surat"),
        ("nomor_surat", "UPDATE OR DELETE", "jaga_nomor_surat"),
    ]


FUNCTIONS = {
    "tolak_perubahan": f"""
BEGIN
    RAISE EXCEPTION USING ERRCODE = '23000', MESSAGE = TG_TABLE_NAME || ' {GROWS}';
END
""",
    "jaga_versi_terbit": f"""
BEGIN
    IF OLD.status = 'konsep' THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE'
        AND (NEW.status = OLD.status OR (OLD.status = 'terbit' AND NEW.status = 'arsip'))
        AND to_jsonb(NEW) - 'status' - 'revisi' = to_jsonb(OLD) - 'status' - 'revisi'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '23000', MESSAGE = '{FIXED}';
END
""",
    # FOR SHARE waits for somebody who is publishing the version at this moment.
    "jaga_bagian_versi": f"""
DECLARE
    versi record;
BEGIN
    FOR versi IN
        SELECT status FROM versi_layanan
        WHERE (TG_OP <> 'INSERT' AND id = OLD.versi_layanan_id)
            OR (TG_OP <> 'DELETE' AND id = NEW.versi_layanan_id)
        FOR SHARE
    LOOP
        IF versi.status <> 'konsep' THEN
            RAISE EXCEPTION USING ERRCODE = '23000', MESSAGE = '{FIXED}';
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
""",
    "jaga_eskalasi": f"""
DECLARE
    versi record;
BEGIN
    FOR versi IN
        SELECT v.status FROM versi_layanan v JOIN tahapan t ON t.versi_layanan_id = v.id
        WHERE (TG_OP <> 'INSERT' AND t.id = OLD.tahapan_id)
            OR (TG_OP <> 'DELETE' AND t.id = NEW.tahapan_id)
        FOR SHARE OF v
    LOOP
        IF versi.status <> 'konsep' THEN
            RAISE EXCEPTION USING ERRCODE = '23000', MESSAGE = '{FIXED}';
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
""",
    "jaga_surat": f"""
BEGIN
    IF TG_OP = 'UPDATE'
        AND {" AND ".join(f"NEW.{column} = OLD.{column}" for column in SURAT_COLUMNS)}
        AND (NEW.data::text = OLD.data::text
            OR coalesce((NEW.data->>'riwayat_nomor')::int, 0)
                > coalesce((OLD.data->>'riwayat_nomor')::int, 0))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '23000', MESSAGE = '{LETTER}';
END
""",
    "jaga_nomor_surat": f"""
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.unit_id = OLD.unit_id AND NEW.tahun = OLD.tahun
        AND NEW.terakhir >= OLD.terakhir
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '23000', MESSAGE = '{COUNTER}';
END
""",
}
