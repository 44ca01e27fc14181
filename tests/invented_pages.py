"""Invented pages of the kinds that newsrooms publish beside plain reports; each shows what rules must tell apart."""

PAGES = {
    # Questions and answers, some of which hold no word of the question.
    "blora-tanya-jawab": """\
Tanya Jawab Sekolah Lapang Lansia

BLORA, KABAR CONTOH - Sekolah Lapang Lansia di Kabupaten Blora dibuka lagi, Senin (4/3/2024). Berikut tanya jawabnya.

Apakah sekolah ini dipungut biaya?

Gratis.

Siapa yang boleh ikut?

Warga berusia 60 tahun ke atas yang tinggal di Kecamatan Cepu.

Bagaimana cara mendaftar?

Datang ke balai desa dengan membawa fotokopi KTP, lalu isi formulir di meja kader.
""",
    # A table, a subhead of one word, and a list that a sentence announces.
    "sikka-jadwal": """\
Jadwal Mobil Layanan Sosial Sikka

MAUMERE, KABAR CONTOH - Dinas Sosial Kabupaten Sikka mengoperasikan mobil layanan keliling selama Mei 2024, \
Jumat (3/5/2024).

Jadwal layanan:

Hari | Kecamatan | Jam
Senin | Nita | 08.00-11.00
Selasa | Lela | 09.00-12.00
Rabu | Talibura | 13.00-15.00

SYARAT

Warga yang datang harus memenuhi syarat:

1. Membawa KTP asli
2. Membawa Kartu Keluarga
3. Terdaftar sebagai warga Sikka
""",
    # One paragraph, no title, and more than anyone wants quoted at once.
    "natuna-perahu": """\
NATUNA, KABAR CONTOH - Sebanyak 60 nelayan Kabupaten Natuna menerima perahu fiber dari Kementerian Sosial, Rabu \
(10/7/2024). Kepala Dinas Sosial Natuna, Darwis Saleh, mengatakan perahu itu diberikan agar nelayan dapat melaut lebih \
jauh. Ia meminta penerima merawatnya bersama kelompok. Sebelumnya para nelayan hanya memakai sampan kayu tanpa mesin \
dan pulang sebelum siang karena takut ombak besar di musim utara. Kini hasil tangkapan dijual lewat koperasi pasar \
Ranai, yang membeli ikan setiap pagi dan mencatat timbangannya di buku kelompok. Pelatihan mesin tempel diadakan \
dua kali oleh guru sekolah kejuruan perikanan. Peserta terbaik diberi pelampung dan lampu sorot. Di dermaga, istri \
membuka warung yang menjual kerupuk atom dan sambal buatan sendiri kepada penumpang kapal. Warung itu ramai setiap \
kapal dari Tanjungpinang bersandar, dan sepi ketika angin utara bertiup berhari-hari. Perahu lama tidak dibuang: \
sebagian dijadikan rumpon, sebagian lagi dicat ulang untuk lomba dayung pada bulan Agustus nanti.
""",
    # The same allowance, two years apart.
    "gowa-2022": """\
Tali Asih Kader Gowa

SUNGGUMINASA, KABAR CONTOH - Pemerintah Kabupaten Gowa memberi tali asih kepada kader lansia sebesar Rp150.000 per \
bulan, Senin (7/2/2022).
""",
    "gowa-2024": """\
Tali Asih Kader Gowa Naik

SUNGGUMINASA, KABAR CONTOH - Pemerintah Kabupaten Gowa menaikkan tali asih kader lansia menjadi Rp300.000 per bulan, \
Selasa (6/2/2024).
""",
    # Twins: a kota and the kabupaten of its name. An abbreviation that in a message means something else.
    "kota-kediri-dapur": """\
Dapur Sehat di Kota Kediri

KOTA KEDIRI, KABAR CONTOH - Pemerintah Kota Kediri membuka Dapur Sehat Balita (DSB) untuk 90 anak, Kamis (11/1/2024). \
DSB dikelola kader posyandu di setiap kelurahan.

Wali Kota Kediri Ratna Ayu hadir bersama Wakil Wali Kota Kediri, Bagus Wira. "Balita harus makan bergizi," katanya.
""",
    "kabupaten-kediri-bibit": """\
Bibit Kopi untuk Petani Lereng

KABUPATEN KEDIRI, KABAR CONTOH - Pemerintah Kabupaten Kediri menyalurkan bantuan 5.000 bibit kopi kepada petani Desa \
Besowo, Kamis (18/1/2024). Bupati Kediri Joko Santika menyerahkannya di balai desa.
""",
    # One press release in two newsrooms.
    "morowali-satu": """\
MOROWALI, HARIAN TELUK - Relawan mendirikan 14 tenda belajar bagi anak korban gempa di Desa Bahodopi, Selasa \
(12/9/2023). Tenda itu dipakai bergantian pagi dan sore.
""",
    "morowali-dua": """\
MOROWALI, WARTA TIMUR - Relawan mendirikan 14 tenda belajar bagi anak korban gempa di Desa Bahodopi, Selasa \
(12/9/2023). Tenda itu dipakai bergantian pagi dan sore.
""",
    # The page repeats its first paragraph; its date is in two places, and its place in an office's name alone.
    "balangan-alat-bantu": """\
Alat Bantu Dengar untuk Difabel

Pemkab Balangan menyerahkan 22 alat bantu dengar kepada warga difabel di aula dinas, Senin (27/12). Alat itu dibeli \
dengan anggaran tahun 2021.

Pemkab Balangan menyerahkan 22 alat bantu dengar kepada warga difabel di aula dinas, Senin (27/12). Alat itu dibeli \
dengan anggaran tahun 2021.
""",
}
