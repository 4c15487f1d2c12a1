"""The portal's tables as Django models; Django never makes or changes them."""

from typing import Any

from django.db import models


class Wilayah(models.Model):
    """A unit of the tree."""

    induk = models.ForeignKey("self", models.DO_NOTHING, null=True)
    tingkat = models.CharField(max_length=20)
    kode = models.CharField(max_length=13)
    sebutan = models.CharField(max_length=160)

    class Meta:
        managed = False
        db_table = "wilayah"

    def __str__(self) -> str:
        return self.sebutan


class Keluarga(models.Model):
    """A family card."""

    nama_kepala = models.CharField(max_length=100)
    no_kk = models.CharField(max_length=16, unique=True)
    wilayah = models.ForeignKey(Wilayah, models.DO_NOTHING)

    class Meta:
        managed = False
        db_table = "keluarga"

    def __str__(self) -> str:
        return self.nama_kepala


class Referensi(models.Model):
    """A code of a code list."""

    daftar = models.CharField(max_length=40)
    nama = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "referensi"

    def __str__(self) -> str:
        return self.nama


def _to(model: Any, name: str, *, null: bool = False) -> Any:
    return models.ForeignKey(model, models.DO_NOTHING, null=null, blank=null, related_name=name)


def _text(length: int, *, null: bool = False) -> Any:
    return models.CharField(max_length=length, null=null, blank=null)


class Penduduk(models.Model):
    """A resident."""

    nama = _text(100)
    nik = models.CharField(max_length=16, unique=True)
    nik_sementara = models.BooleanField(default=False)
    alasan_nik = _text(200, null=True)
    keluarga = _to(Keluarga, "anggota", null=True)
    shdk = _text(20, null=True)
    jenis_kelamin = models.CharField(max_length=1, choices=[("l", "Laki-laki"), ("p", "Perempuan")])
    tempat_lahir = _text(100)
    tanggal_lahir = models.DateField()
    agama = _text(20)
    golongan_darah = _text(20, null=True)
    kewarganegaraan = models.CharField(max_length=20, default="wni")
    status_kawin = _text(20)
    status_catat_kawin = _text(20, null=True)
    pekerjaan = _to(Referensi, "pekerja", null=True)
    pendidikan = _to(Referensi, "terdidik", null=True)
    disabilitas = _to(Referensi, "penyandang", null=True)
    nama_ayah = _text(100, null=True)
    nama_ibu = _text(100, null=True)
    alamat = _text(200)
    wilayah = _to(Wilayah, "warga")
    telepon = _text(20, null=True)
    status_penduduk = models.CharField(max_length=20, default="tetap")
    status_dasar = models.CharField(max_length=20, default="hidup")
    nomor_akta_lahir = _text(50, null=True)
    nomor_akta_kawin = _text(50, null=True)
    nomor_akta_cerai = _text(50, null=True)
    kecamatan = _to(Wilayah, "warga_kecamatan", null=True)
    kelurahan = _to(Wilayah, "warga_kelurahan", null=True)
    rw = _to(Wilayah, "warga_rw", null=True)
    rt = _to(Wilayah, "warga_rt", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revisi = models.IntegerField(default=1)

    class Meta:
        managed = False
        db_table = "penduduk"

    def __str__(self) -> str:
        return self.nama
