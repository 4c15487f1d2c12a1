"""Names, streets and birthplaces from which the benih makes fictional people; chance joins them."""

from random import Random

LAKI_LAKI = (
    *("Abdul", "Achmad", "Agus", "Arif", "Bambang", "Budi", "Busri", "Dedi", "Didik", "Eko"),
    *("Fajar", "Faisol", "Fathor", "Gatot", "Hadi", "Hamid", "Hariyanto", "Heri", "Imam"),
    *("Joko", "Jumadi", "Kholil", "Lutfi", "Mahfud", "Misnadi", "Moh. Hasan", "Mulyadi"),
    *("Nasir", "Nurhadi", "Parman", "Rahmat", "Ridwan", "Rofi'i", "Samsul", "Satuki"),
    *("Sholeh", "Slamet", "Sugeng", "Supardi", "Sutrisno", "Taufik", "Untung", "Wahyu", "Yusuf"),
)
PEREMPUAN = (
    *("Aisyah", "Ani", "Dewi", "Dian", "Endang", "Erna", "Fatimah", "Fitri", "Halimah"),
    *("Hosniyah", "Ida", "Indah", "Intan", "Jumiati", "Khotijah", "Kusmiati", "Lilik", "Lestari"),
    *("Maimunah", "Mariyam", "Misnatun", "Mutmainah", "Ningsih", "Nur", "Nurul", "Puji"),
    *("Rahma", "Ratna", "Rini", "Rohani", "Rukmini", "Sari", "Siti", "Sri", "Suhartatik"),
    *("Sulastri", "Sumiati", "Titik", "Umi", "Wahyuni", "Wiwik", "Yuliana", "Zainab", "Zubaidah"),
)
BELAKANG_LAKI_LAKI = (
    *("Arifin", "Cahyono", "Efendi", "Fauzi", "Firmansyah", "Hakim", "Hidayat", "Iskandar"),
    *("Kurniawan", "Kusnadi", "Mustofa", "Nugroho", "Pranoto", "Prasetyo", "Purnomo", "Rahman"),
    *("Ramadhan", "Santoso", "Saputra", "Setiawan", "Subagyo", "Suryadi", "Wibowo", "Wijaya"),
)
BELAKANG_PEREMPUAN = (
    *("Agustina", "Anggraini", "Astutik", "Azizah", "Handayani", "Hasanah", "Hidayati"),
    *("Jamilah", "Kurniasih", "Kusuma", "Lailatul", "Maharani", "Maulidia", "Mulyani"),
    *("Nuraini", "Oktaviani", "Permatasari", "Puspita", "Rahayu", "Safitri", "Setyowati"),
    *("Susanti", "Utami", "Wulandari"),
)
JALAN = (
    *("Jalan Anggrek", "Jalan Bengawan", "Jalan Cempaka", "Jalan Dahlia", "Jalan Flamboyan"),
    *("Jalan Kenanga", "Jalan Mangga", "Jalan Mawar", "Jalan Melati", "Jalan Nusa Indah"),
    *("Gang Kamboja", "Gang Sawo"),
)
TEMPAT_LAHIR = (
    *("Probolinggo",) * 14,
    *("Pasuruan", "Lumajang", "Situbondo", "Jember", "Malang", "Sumenep", "Bangkalan"),
)


def random_nama(acak: Random, *, is_perempuan: bool) -> str:
    """Return a name of two parts; nobody real is meant."""
    depan, belakang = (
        (PEREMPUAN, BELAKANG_PEREMPUAN) if is_perempuan else (LAKI_LAKI, BELAKANG_LAKI_LAKI)
    )
    return f"{acak.choice(depan)} {acak.choice(belakang)}"
