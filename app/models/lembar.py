"""The spreadsheets of residents, families and units as offices keep them (DOMAIN "Penduduk").

Headers and code numbers are those of OpenSID's population file, beside what people write.
"""

from app.models.spreadsheet import Layout, Sheet
from app.teks import N_

OPENSID = ("kk_level", "tempatlahir", "tanggallahir", "agama_id", "warganegara_id")
"""Headers by which OpenSID's population file is known."""

LEMBAR_PENDUDUK = Sheet(
    headers={
        "nama": ("nama",),
        "nik": ("nomor nik", "no nik", "nomor ktp", "no ktp"),
        "alasan_nik": ("alasan",),
        "keluarga_id": ("no kk", "nomor kk", "nokk", "kk"),
        "shdk": ("kk_level", "shdk", "hubungan keluarga", "hub keluarga"),
        "jenis_kelamin": ("sex", "jk", "l/p", "kelamin"),
        "tempat_lahir": ("tempatlahir", "tmp lahir"),
        "tanggal_lahir": ("tanggallahir", "tgl lahir"),
        "agama": ("agama_id",),
        "golongan_darah": ("golongan_darah_id", "gol darah"),
        "kewarganegaraan": ("warganegara_id", "warga negara"),
        "status_kawin": ("status kawin", "kawin"),
        "pekerjaan_id": ("pekerjaan",),
        "pendidikan_id": ("pendidikan_kk_id", "pendidikan dalam kk"),
        "disabilitas_id": ("cacat_id", "cacat"),
        "nama_ayah": ("ayah",),
        "nama_ibu": ("ibu", "ibu kandung"),
        "alamat": ("alamat rumah",),
        "wilayah_id": ("rt/rw", "wilayah"),
        "telepon": ("no hp", "hp", "telp", "no telepon"),
        "status_penduduk": ("status",),
        "nomor_akta_lahir": ("akta_lahir",),
        "nomor_akta_kawin": ("akta_perkawinan",),
        "nomor_akta_cerai": ("akta_perceraian",),
    },
    values={
        "jenis_kelamin": {"lk": "l", "pr": "p", "pria": "l", "wanita": "p", "laki laki": "l"},
        "agama": {"katholik": "katolik", "budha": "buddha", "konghucu": "khonghucu"},
        "shdk": {"orangtua": "orang_tua", "isteri": "istri"},
        "golongan_darah": {"tdk th": "tidak_tahu"},
        "status_kawin": {
            "bk": "belum_kawin",
            "k": "kawin",
            "ch": "cerai_hidup",
            "cm": "cerai_mati",
            "kawin tercatat": "kawin",
            "kawin belum tercatat": "kawin",
            "cerai hidup tercatat": "cerai_hidup",
            "cerai hidup belum tercatat": "cerai_hidup",
        },
        "status_dasar": {"meninggal": "mati", "pindah dalam negeri": "pindah"},
        "pendidikan_id": {
            "tidak/blm sekolah": "TIDAK/BELUM SEKOLAH",
            "tidak tamat sd/sederajat": "BELUM TAMAT SD/SEDERAJAT",
            "strata-ii": "STRATA II",
        },
    },
    numbers={"status_dasar": {6: "pergi", 9: "tidak_valid", 5: "", 7: "", 8: ""}},
    layouts=(Layout(N_("Data penduduk OpenSID"), OPENSID),),
)

LEMBAR_KELUARGA = Sheet(
    headers={
        "no_kk": ("no kk", "nomor kk", "nokk"),
        "nama_kepala": ("nama", "nama kepala keluarga"),
        "alamat": ("alamat rumah",),
        "wilayah_id": ("rt/rw", "wilayah"),
    },
    layouts=(
        Layout(
            N_("Data penduduk OpenSID (hanya kepala keluarga)"),
            ("no_kk", *OPENSID),
            ("kk_level", ("1", "kepala keluarga")),
        ),
    ),
)

LEMBAR_WILAYAH = Sheet(
    parts={
        "rt": (N_("nomor RT"), "rt", "no rt"),
        "rw": (N_("nomor RW"), "rw", "no rw"),
        "kelurahan": (N_("nama kelurahan"), "kelurahan", "desa", "kelurahan/desa"),
    },
    path="RT {rt:0>3}/RW {rw:0>3} {kelurahan}",
    noise=("kelurahan", "kel.", "desa", "rt", "rw"),
)
