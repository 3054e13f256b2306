#include "core/quant/image_file.h"

#include "tests/core/quant/file_bytes.h"

#include <QTest>

#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

using namespace atomnet;
using test::PngType;

namespace
{

const QString fileName = QStringLiteral("image");

QByteArray hex(const char *text)
{
    return QByteArray::fromHex(text);
}

/// As any program would write it; `pixels` of 8 bits.
QByteArray jpegOf(int width, int height, int channels, J_COLOR_SPACE space,
                  const QByteArray &pixels, bool progressive = false)
{
    jpeg_compress_struct jpeg;
    jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    unsigned char *bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&jpeg, &bytes, &size);
    jpeg.image_width = JDIMENSION(width);
    jpeg.image_height = JDIMENSION(height);
    jpeg.input_components = channels;
    jpeg.in_color_space = space;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 100, TRUE);
    if (progressive) jpeg_simple_progression(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
        QByteArray row =
            pixels.mid(qsizetype(jpeg.next_scanline) * width * channels, width * channels);
        auto *data = reinterpret_cast<JSAMPROW>(row.data());
        jpeg_write_scanlines(&jpeg, &data, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    const QByteArray result(reinterpret_cast<const char *>(bytes), qsizetype(size));
    std::free(bytes);
    return result;
}

QByteArray noisePixels(int count)
{
    QByteArray pixels;
    for (int i = 0; i < count; ++i)
        pixels.append(char(i * 37 % 251));
    return pixels;
}

} // namespace

class TestImageFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEveryKindOfPng_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("channels");
        QTest::addColumn<QByteArray>("pixels"); // 2 wide
        const QByteArray palette = test::pngChunk("PLTE", hex("102030405060"));
        QTest::newRow("gray 1") << test::pngOf(2, PngType::Gray, 1, {hex("80"), hex("40")}) << 1
                                << hex("ff0000ff");
        QTest::newRow("gray 2") << test::pngOf(2, PngType::Gray, 2, {hex("60")}) << 1
                                << hex("55aa");
        QTest::newRow("gray 4") << test::pngOf(2, PngType::Gray, 4, {hex("3f")}) << 1
                                << hex("33ff");
        QTest::newRow("gray 8") << test::pngOf(2, PngType::Gray, 8, {hex("07f8")}) << 1
                                << hex("07f8");
        QTest::newRow("gray 16") << test::pngOf(2, PngType::Gray, 16, {hex("07ff8000")}) << 1
                                 << hex("0880");
        QTest::newRow("gray with a transparent shade")
            << test::pngOf(2, PngType::Gray, 8, {hex("07f8")}, test::pngChunk("tRNS", hex("0007")))
            << 1 << hex("07f8");
        QTest::newRow("gray and alpha")
            << test::pngOf(2, PngType::GrayAlpha, 8, {hex("0700f8ff")}) << 1 << hex("07f8");
        QTest::newRow("RGB") << test::pngOf(2, PngType::Rgb, 8, {hex("010203fdfeff")}) << 3
                             << hex("010203fdfeff");
        QTest::newRow("RGB 16") << test::pngOf(2, PngType::Rgb, 16,
                                               {hex("010102020303fdfdfefeffff")})
                                << 3 << hex("010203fdfeff");
        QTest::newRow("RGBA") << test::pngOf(2, PngType::Rgba, 8, {hex("01020300fdfeff80")}) << 3
                              << hex("010203fdfeff");
        QTest::newRow("palette") << test::pngOf(2, PngType::Palette, 1, {hex("40")}, palette) << 3
                                 << hex("102030405060");
        QTest::newRow("palette with alpha")
            << test::pngOf(2, PngType::Palette, 8, {hex("0100")},
                           palette + test::pngChunk("tRNS", hex("0080")))
            << 3 << hex("405060102030");
        QTest::newRow("gamma changes nothing")
            << test::pngOf(2, PngType::Gray, 8, {hex("07f8")},
                           test::pngChunk("gAMA", hex("000186a0")))
            << 1 << hex("07f8");
    }
    void readsEveryKindOfPng()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, channels);
        QFETCH(QByteArray, pixels);
        const auto image = decodeImage(bytes, fileName);
        QVERIFY2(image, image ? "" : qPrintable(image.error().message()));
        QCOMPARE(image->width, 2);
        QCOMPARE(image->channels, channels);
        QCOMPARE(image->pixels, std::vector<quint8>(pixels.begin(), pixels.end()));
    }

    void readsInterlacedPng()
    {
        // The only pass of one pixel is the first.
        const auto image =
            decodeImage(test::pngOf(1, PngType::Rgb, 8, {hex("0a0b0c")}, {}, true), fileName);
        QVERIFY2(image, image ? "" : qPrintable(image.error().message()));
        QCOMPARE(image->pixels, (std::vector<quint8>{10, 11, 12}));
    }

    void readsJpeg_data()
    {
        QTest::addColumn<int>("channels");
        QTest::addColumn<bool>("progressive");
        QTest::newRow("gray") << 1 << false;
        QTest::newRow("RGB") << 3 << false;
        QTest::newRow("progressive gray") << 1 << true;
        QTest::newRow("progressive RGB") << 3 << true;
    }
    void readsJpeg()
    {
        QFETCH(int, channels);
        QFETCH(bool, progressive);
        // One colour: neighbours cannot blur it.
        const QByteArray colour = hex("c8781e").left(channels);
        const auto space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
        const QByteArray bytes =
            jpegOf(9, 5, channels, space, colour.repeated(45), progressive) + "trailing bytes";
        const auto image = decodeImage(bytes, fileName);
        QVERIFY2(image, image ? "" : qPrintable(image.error().message()));
        QVERIFY(image->width == 9 && image->height == 5 && image->channels == channels);
        QCOMPARE(image->pixels.size(), std::size_t(45 * channels));
        for (std::size_t i = 0; i < image->pixels.size(); ++i)
            QVERIFY(std::abs(int(image->pixels[i]) - quint8(colour[qsizetype(i) % channels])) <= 2);
    }

    void refusesCmyk()
    {
        const auto image =
            decodeImage(jpegOf(4, 4, 4, JCS_CMYK, noisePixels(64)), QStringLiteral("print.jpg"));
        QVERIFY(!image);
        QCOMPARE(image.error().message(),
                 QStringLiteral("print.jpg: the image cannot be used: its colours are CMYK, for "
                                "printing; save it as RGB"));
    }

    void everyCutIsRefused()
    {
        const QByteArray png =
            test::pngOf(8, PngType::Rgb, 8, {noisePixels(24), noisePixels(24), noisePixels(24)});
        QVERIFY(decodeImage(png, fileName).has_value());
        for (qsizetype size = 0; size < png.size(); ++size)
            QVERIFY2(!decodeImage(png.left(size), fileName), qPrintable(QString::number(size)));
        const QByteArray jpeg = jpegOf(16, 16, 3, JCS_RGB, noisePixels(768));
        QVERIFY(decodeImage(jpeg, fileName).has_value());
        for (qsizetype size = 0; size < jpeg.size() - 2;
             ++size) // only its last marker may be absent
            QVERIFY2(!decodeImage(jpeg.left(size), fileName), qPrintable(QString::number(size)));
    }

    void damageIsRefused()
    {
        QByteArray png = test::pngOf(8, PngType::Gray, 8, {noisePixels(8), noisePixels(8)});
        const qsizetype crc = png.indexOf("IEND") - 8; // of the pixels, before the next length
        png[crc] = char(png[crc] ^ 0x10);
        const auto image = decodeImage(png, fileName);
        QVERIFY(!image);
        QVERIFY2(image.error().what.contains(QStringLiteral("CRC error")),
                 qPrintable(image.error().what));
        QVERIFY(!decodeImage("not an image", fileName));
        QVERIFY(!decodeImage(test::pngOf(2, PngType::Palette, 8, {hex("0001")}),
                             fileName)); // no palette
    }

    void largeImagesAreRefusedBeforeTheyTakeMemory_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto claiming = [](quint32 width, quint32 height) {
            QByteArray header =
                test::bigEndian(width) + test::bigEndian(height) + hex("0802000000");
            return QByteArray("\x89PNG\r\n\x1a\n", 8) + test::pngChunk("IHDR", header) +
                   test::pngChunk("IDAT", test::zlibOf(QByteArray(1000, '\0')));
        };
        QTest::newRow("a long side") << claiming(16'385, 1);
        QTest::newRow("many pixels") << claiming(16'000, 16'000);
        QTest::newRow("2^31") << claiming(0x7fffffff, 0x7fffffff);
        QByteArray jpeg = jpegOf(4, 4, 1, JCS_GRAYSCALE, noisePixels(16));
        const qsizetype frame = jpeg.indexOf(QByteArray("\xff\xc0"));
        jpeg.replace(frame + 5, 4, hex("80008000"));
        QTest::newRow("JPEG") << jpeg;
    }
    void largeImagesAreRefusedBeforeTheyTakeMemory()
    {
        QFETCH(QByteArray, bytes);
        const auto image = decodeImage(bytes, fileName);
        QVERIFY(!image);
        QVERIFY2(image.error().what.contains(QStringLiteral("at most 16384 a side and 64 million")),
                 qPrintable(image.error().what));
    }
};

QTEST_APPLESS_MAIN(TestImageFile)
#include "tst_image_file.moc"
