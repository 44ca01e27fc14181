"""A small archive of articles invented for the tests."""

# Invented from end to end; real are the places alone. Each shows one thing that rules must tell apart.
INVENTED = {
    # Kota and kabupaten of one name, with different aid.
    "kota-tegal-beras": """\
Pemkot Tegal Salurkan Beras untuk Lansia

KOTA TEGAL, WartaContoh.id - Pemerintah Kota Tegal menyalurkan bantuan beras 10 kilogram kepada 1.250 lansia di Balai \
Kota Tegal, Selasa (14/3/2023).

Baca juga: Peternak Kota Tegal Dapat Sapi Perah Gratis

Bantuan diserahkan oleh Wakil Wali Kota Tegal, Rahmat Fauzi. Menurutnya, beras itu untuk meringankan beban lansia yang \
hidup sendiri.

Para lansia didampingi Rumah Singgah Lansia Mandiri (RSLM). RSLM dikelola relawan dari tiap kelurahan.

Share: Facebook Twitter WhatsApp
Editor: Dini Sapi Perah
""",
    "kabupaten-tegal-kursi-roda": """\
35 Kursi Roda untuk Warga Difabel

SLAWI, WartaContoh.id - Pemerintah Kabupaten Tegal membagikan bantuan 35 kursi roda kepada penyandang disabilitas di \
Pendopo Slawi, Kamis (8/6/2023).

Bupati Tegal Siti Marwah mengatakan kursi roda itu dibeli dari zakat pegawai. Wakil Bupati Tegal Hendro Laksono \
menambahkan bahwa penerima dipilih oleh kader Kampung Sapa.

Kampung Sapa adalah kelompok warga yang merawat tetangga difabel secara bergiliran.
""",
    # A place far away with the same aid as the kota's, in another year.
    "kupang-jagung": """\
Petani Kupang Terima Benih Jagung

KUPANG, WartaContoh.id - Dinas Pertanian Kabupaten Kupang membagikan bantuan benih jagung kepada 400 petani di Desa \
Oebola, Senin (5/8/2024).

Benih itu dibagikan agar petani dapat menanam sebelum musim hujan. Kepala Dinas Pertanian, Yohanes Lede, meminta \
petani menanam bersama-sama.
""",
    "sleman-pelatihan": """\
Perempuan Sleman Belajar Membatik

SLEMAN, WartaContoh.id - Sebanyak 25 perempuan kepala keluarga mengikuti pelatihan membatik di Kapanewon Turi, Rabu \
(21/2/2024). Pelatihan berlangsung selama lima hari.

Peserta wajib membawa fotokopi KTP dan surat keterangan dari kelurahan. Mesin canting dipinjamkan oleh penyelenggara.
""",
}
