"""Classes of Indonesian words that a question is read by: what they are for in it, not what they mean."""

from __future__ import annotations

import re

# Words that name the attribute asked for and not the matter: a sentence that answers "syaratnya apa" may well list the
# conditions without the word "syarat", so they weigh less than the matter does.
ATTRIBUTE_WORDS = frozenset(
    """
    jumlah besar besaran nilai nominal harga biaya tarif ongkos banyak
    nama tanggal hari jam pukul tahun bulan waktu jadwal lokasi tempat
    alamat letak cara langkah prosedur mekanisme tahap syarat persyaratan ketentuan kriteria tujuan manfaat alasan
    sebab fungsi guna isi macam jenis bentuk rincian rangkaian termasuk terdiri unsur artikel berita daerah
    wilayah kabupaten kota provinsi acara kegiatan kejadian peristiwa warga masyarakat bahas membahas dibahas
    menyebut disebut nyebut menyinggung disinggung nyinggung memuat dimuat bercerita menceritakan kata bilang
    sebut ujar ucap sampaikan bicara info informasi kabar soal tentang terkait mengenai pihak orang kalimat
    lengkap persen persentase rupiah juta ribu berapa golongan kelompok kalangan kategori unsur elemen profesi jabatan
    julukan sebutan instansi lembaga bagian kutipan bunyi pernyataan ucapan angka pasti buah biji
    ekor lembar helai unit kemarin tadi nanti besok lusa lebih paling dulu duluan tetangga teman kawan
    gara penderita pengidap
    diadakan digelar dilaksanakan diselenggarakan berlangsung
    """.split()
)
MONEY_WORDS = ATTRIBUTE_WORDS | frozenset(("uang", "duit", "dana", "anggaran"))
# What a request for a definition is made of; the rest of it is the term.
DEFINITION_WORDS = frozenset(
    """
    arti artinya maksud maksudnya dimaksud pengertian pengertiannya definisi definisinya kepanjangan
    kepanjangannya singkatan singkatannya akronim istilah makna maknanya jelaskan sebenarnya dengan dari sebutan
    program bagian lembaga organisasi instansi kegiatan penyakit
    """.split()
)
# Of whom a story comes from, how the asker heard of it, felt about it and what for it is asked: no part of the matter.
TELLING_WORDS = frozenset(
    """
    tetangga teman kawan sahabat saudara sepupu kerabat mertua ipar suami istri kakak adik paman bibi guru dosen senior
    atasan bos murid rt rw mengatakan bilang kata katanya cerita bercerita menceritakan dengar mendengar kabar baca
    membaca lihat melihat tanya bertanya menanyakan ditanya suruh disuruh menyuruh minta diminta dimintai bingung takut
    panik sedih malu khawatir cemas kesal marah penasaran ragu lupa ingat seingat debat berdebat ngobrol mengobrol
    pusing stres capek lelah heran kaget gelisah
    gabung bergabung tugas makalah skripsi ppkn kuliah pr menulis tulis menyusun siang pagi sore malam dulu kemarin
    """.split()
)
# Who heads an organisation, before its name.
HEADS = frozenset("kepala ketua direktur pimpinan koordinator sekretaris bendahara manajer komandan".split())

# Verbs that everyday speech leaves without a prefix.
_BARE_VERBS = frozenset(
    """
    ikut dapat ambil masuk datang buka tutup kirim pakai beli bayar urus tinggal pergi pulang kumpul terima minta cari
    lihat jatuh mulai habis bawa dengar kasih beri buat bikin jalan kerja pindah naik turun tanya lapor
    """.split()
)
_VERBAL = re.compile(r"^(?:di|me|mem|men|meng|meny|ber|ter)[a-z]{3,}")


def is_verb(word: str, stem: str) -> bool:
    """Whether a lower-case word is a verb, by its prefix or as one that goes without; ``stem`` is its root."""
    return word in _BARE_VERBS or (word != stem and _VERBAL.match(word) is not None)


AID = ("bantuan",)  # the stems of the word for aid
# News tells of aid by what is done with it as often as by its name: "menyerahkan 60 unit mesin".
HANDING = ("beri", "serah", "salur")
GIVING = (*HANDING, "sedia", "sumbang")
