#include "core/device/flashing/flash_image.h"

#include "core/device/flashing/tool_calls.h"
#include "firmware/protocol/ap_pattern.h"

#include <QFile>
#include <QtEndian>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr qsizetype patternSeen = 256;    ///< of the constants: by chance nobody has as many
constexpr quint32 itcmFlash = 0x00200000; ///< the F7's other address of Flash

bool isIn(quint32 address, quint32 start, qint64 bytes)
{
    return address >= start && qint64(address) < qint64(start) + bytes;
}

} // namespace

bool isProfiler(QByteArrayView image)
{
    const QByteArrayView pattern(reinterpret_cast<const char *>(ap_weights_pattern), patternSeen);
    return image.indexOf(pattern) >= 0;
}

FlashContents contentsOf(QByteArrayView flash)
{
    const auto last =
        std::find_if(flash.rbegin(), flash.rend(), [](char byte) { return byte != char(0xff); });
    FlashContents contents;
    contents.bytes = std::distance(last, flash.rend());
    if (contents.bytes == 0) return contents;
    contents.what = isProfiler(flash) ? FlashContents::What::Profiler : FlashContents::What::Other;
    contents.atLeast = contents.bytes == flash.size();
    return contents;
}

QString toString(const FlashContents &contents)
{
    switch (contents.what) {
    case FlashContents::What::Nothing:
        return QStringLiteral("nothing");
    case FlashContents::What::Profiler:
        return QStringLiteral("the AtomNet profiler");
    case FlashContents::What::Other:
        break;
    }
    const QString size = QStringLiteral("%1 KiB").arg((contents.bytes + 1023) / 1024);
    return contents.atLeast ? QStringLiteral("another program (%1 or more)").arg(size)
                            : QStringLiteral("another program (%1)").arg(size);
}

Result<QByteArray> readImage(const QString &file, qint64 flashBytes, bool raw)
{
    QFile opened(file);
    if (!opened.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io,
                    QStringLiteral("the image cannot be read: %1").arg(opened.errorString()), file);
    QByteArray image = opened.read(flashBytes + 1);
    if (image.size() > flashBytes)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("the image is larger than the board's Flash (%1 KiB); build it "
                                   "for this board")
                        .arg(flashBytes / 1024),
                    file);
    if (image.startsWith("\x7f"
                         "ELF"))
        return fail(ErrorCode::BadInput,
                    QStringLiteral("this is an ELF file; give the raw image (.bin) made from it"),
                    file);
    if (image.isEmpty())
        return fail(ErrorCode::BadInput, QStringLiteral("the image is empty"), file);
    if (raw) return image;
    const auto word = [&image](qsizetype at) {
        return image.size() < at + 4 ? 0u : qFromLittleEndian<quint32>(image.constData() + at);
    };
    const quint32 stack = word(0), reset = word(4);
    const bool stackGood = isIn(stack, 0x10000000, 0x30000000) && stack % 4 == 0;
    const bool resetGood = reset % 2 == 1 && (isIn(reset, flashStart, flashBytes) ||
                                              isIn(reset, itcmFlash, flashBytes));
    if (!stackGood || !resetGood)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("this is no raw image (.bin) of an STM32 program at 0x08000000: "
                                   "its first words are no stack in RAM and start in Flash"),
                    file);
    return image;
}

} // namespace atomnet
