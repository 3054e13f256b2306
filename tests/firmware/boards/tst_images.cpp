// The images of the five STM32 boards: what lies where, against the boards' figures.
#include "firmware/protocol/ap_frame.h"
#include "firmware/protocol/ap_pattern.h"
#include "tests/firmware/boards/elf_file.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QtEndian>
#include <QtTest>

namespace
{

constexpr quint32 flashStart = 0x08000000;
enum { Alloc = 2, NoBits = 8 };

struct Range {
    quint32 from, size;
    bool holds(quint32 at, quint32 count) const { return at >= from && at - from + count <= size; }
};

// Memory that exists, from the reference manuals.
std::vector<Range> ramOf(const QString &board)
{
    if (board == QLatin1String("stm32f412")) return {{0x20000000, 256 << 10}};
    if (board == QLatin1String("stm32f746")) return {{0x20000000, 320 << 10}};
    return {{0x20000000, 128 << 10}, {0x24000000, 512 << 10}, {0x30000000, 128 << 10}};
}

QJsonObject jsonOf(const QString &name)
{
    QFile file(QStringLiteral(ATOMNET_SOURCE_DIR "/resources/boards/") + name);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                          : QJsonObject{};
}

QByteArray fileOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString imagePath(const QString &variant, const char *suffix)
{
    return QStringLiteral(ATOMNET_FIRMWARE_FOLDER "/profiler-%1.%2")
        .arg(variant, QLatin1String(suffix));
}

} // namespace

class TestImages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void vectorsOfTheCore_data() { variants(); }
    void vectorsOfTheCore();
    void everythingLiesInMemoryThatExists_data() { variants(); }
    void everythingLiesInMemoryThatExists();
    void patternEndsTheImage_data() { variants(); }
    void patternEndsTheImage();
    void arenaIsWhatIsLeftOver_data() { variants(); }
    void arenaIsWhatIsLeftOver();
    void stackFaultsWhenItOverflows_data() { variants(); }
    void stackFaultsWhenItOverflows();
    void imageIsSmallAndSealed_data() { variants(); }
    void imageIsSmallAndSealed();
    void wordsThatSurviveAResetAreNotCleared_data() { variants(); }
    void wordsThatSurviveAResetAreNotCleared();

private:
    static void variants();
    static std::optional<ElfFile> load();
};

void TestImages::initTestCase()
{
    if (!QFileInfo::exists(imagePath(QStringLiteral("stm32f412-nucleo"), "elf")))
        QSKIP("no images: arm-none-eabi-gcc is not installed");
}

void TestImages::variants()
{
    QTest::addColumn<QString>("variant");
    QTest::addColumn<QString>("board");
    for (const QJsonValue &variant : jsonOf(QStringLiteral("flash.json"))[u"variants"].toArray())
        QTest::newRow(qPrintable(variant[u"id"].toString()))
            << variant[u"id"].toString() << variant[u"board"].toString();
}

std::optional<ElfFile> TestImages::load()
{
    QFETCH(QString, variant);
    auto elf = ElfFile::read(imagePath(variant, "elf"));
    if (!elf) QTest::qFail("is no ELF file", __FILE__, __LINE__);
    return elf;
}

void TestImages::vectorsOfTheCore()
{
    const auto elf = load();
    if (!elf) return;
    const ElfFile::Section *text = elf->section(QStringLiteral(".text"));
    QVERIFY(text && text->address == flashStart);
    QCOMPARE(elf->symbols[QStringLiteral("vectors")], flashStart);
    std::array<quint32, 16> vectors;
    for (size_t i = 0; i < vectors.size(); ++i)
        vectors[i] = qFromLittleEndian<quint32>(text->bytes.constData() + 4 * i);
    QCOMPARE(vectors[0], elf->symbols[QStringLiteral("__stack_top")]);
    QCOMPARE(vectors[0] % 8, 0u);
    QCOMPARE(vectors[1], elf->symbols[QStringLiteral("Reset_Handler")]);
    QCOMPARE(elf->entry, vectors[1]);
    const quint32 fault = elf->symbols[QStringLiteral("Fault_Handler")];
    for (const size_t number : {3u, 4u, 5u, 6u})
        QCOMPARE(vectors[number], fault);
    for (const size_t number : {2u, 11u, 12u, 14u, 15u}) {
        QVERIFY(vectors[number] != fault);
        QVERIFY(vectors[number] & 1); // Thumb
        QVERIFY(vectors[number] - flashStart < text->size);
    }
    QVERIFY(fault & vectors[1] & 1);
    for (const size_t number : {7u, 8u, 9u, 10u, 13u})
        QCOMPARE(vectors[number], 0u);
}

void TestImages::everythingLiesInMemoryThatExists()
{
    QFETCH(QString, board);
    const auto elf = load();
    if (!elf) return;
    const quint32 flashBytes =
        quint32(jsonOf(board + QStringLiteral(".json"))[u"flash_bytes"].toInt());
    for (const ElfFile::Section &section : elf->sections) {
        if (!(section.flags & Alloc) || section.size == 0) continue;
        bool exists = section.type != NoBits &&
                      Range{flashStart, flashBytes}.holds(section.address, section.size);
        for (const Range &ram : ramOf(board))
            exists = exists || ram.holds(section.address, section.size);
        QVERIFY2(exists, qPrintable(section.name));
    }
    for (const ElfFile::Segment &segment : elf->segments)
        if (segment.fileSize)
            QVERIFY(
                (Range{flashStart, flashBytes}.holds(segment.physicalAddress, segment.fileSize)));
    QCOMPARE(elf->symbols[QStringLiteral("__flash_end")], flashStart + flashBytes);
    const ElfFile::Section *dma = elf->section(QStringLiteral(".dma"));
    QVERIFY(dma && dma->size == 4096 && dma->address % 32 == 0);
    if (board == QLatin1String("stm32h743")) QVERIFY(dma->address >= 0x24000000); // not in DTCM
}

void TestImages::patternEndsTheImage()
{
    QFETCH(QString, variant);
    const auto elf = load();
    if (!elf) return;
    const quint32 pattern = elf->symbols[QStringLiteral("ap_weights_pattern")];
    QCOMPARE(pattern % 32, 0u);
    const QByteArray image = fileOf(imagePath(variant, "bin"));
    QCOMPARE(quint32(image.size()), pattern - flashStart + AP_PATTERN_BYTES);
    QCOMPARE(image.right(AP_PATTERN_BYTES),
             QByteArray(reinterpret_cast<const char *>(ap_weights_pattern), AP_PATTERN_BYTES));
    // The ELF file holds the very same image.
    QByteArray whole(image.size(), '\0');
    for (const ElfFile::Segment &segment : elf->segments)
        if (segment.fileSize)
            whole.replace(qsizetype(segment.physicalAddress - flashStart), segment.bytes.size(),
                          segment.bytes);
    QCOMPARE(whole, image);
}

void TestImages::arenaIsWhatIsLeftOver()
{
    QFETCH(QString, board);
    const auto elf = load();
    if (!elf) return;
    const quint32 from = elf->symbols[QStringLiteral("__arena_start")],
                  to = elf->symbols[QStringLiteral("__arena_end")];
    QVERIFY(from % 32 == 0 && to % 32 == 0 && from < to);
    for (const ElfFile::Section &section : elf->sections) // nothing else lies there
        if (section.flags & Alloc && section.size)
            QVERIFY2(section.address >= to || section.address + section.size <= from,
                     qPrintable(section.name));
    const quint32 limit = quint32(jsonOf(board + QStringLiteral(".json"))[u"sram_bytes"].toInt());
    if (board == QLatin1String("stm32h743")) {
        QCOMPARE(from, 0x24000000u);
        QCOMPARE(to - from, limit); // stack and data lie elsewhere
    } else {
        QCOMPARE(to, 0x20000000u + limit);
        QVERIFY(to - from >= limit - (40 << 10)); // stack, frames, steps, DMA
    }
}

void TestImages::stackFaultsWhenItOverflows()
{
    const auto elf = load();
    if (!elf) return;
    // Nothing lies below the stack: the next push leaves the RAM.
    QCOMPARE(elf->symbols[QStringLiteral("__stack_limit")], 0x20000000u);
    const quint32 bytes = elf->symbols[QStringLiteral("__stack_top")] - 0x20000000u;
    QVERIFY(bytes >= 4096 && bytes <= 65536); // and on M7 it is in DTCM
}

void TestImages::imageIsSmallAndSealed()
{
    QFETCH(QString, variant);
    const QByteArray image = fileOf(imagePath(variant, "bin"));
    qInfo("%s: %lld bytes", qPrintable(variant), static_cast<long long>(image.size()));
    QVERIFY(image.size() > AP_PATTERN_BYTES && image.size() < 65536);
    const quint32 crc = ap_crc32(0, image.constData(), size_t(image.size()));
    const qsizetype seal = image.size() - AP_PATTERN_BYTES - 32;
    QCOMPARE(qFromLittleEndian<quint32>(image.constData() + seal), crc);
}

void TestImages::wordsThatSurviveAResetAreNotCleared()
{
    QFETCH(QString, board);
    const auto elf = load();
    if (!elf) return;
    const ElfFile::Section *kept = elf->section(QStringLiteral(".kept"));
    QVERIFY(kept && kept->type == NoBits && kept->size == 8);
    QVERIFY(kept->address >= elf->symbols[QStringLiteral("__bss_end")] ||
            kept->address < elf->symbols[QStringLiteral("__bss_start")]);
    if (board != QLatin1String("stm32f412"))
        QVERIFY(kept->address < 0x20010000); // DTCM: no cache, no ECC in 64 bits
}

QTEST_APPLESS_MAIN(TestImages)
#include "tst_images.moc"
