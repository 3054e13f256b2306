#include "core/exporters/cproject/c_model.h"
#include "core/exporters/cproject/crc32.h"

#include <QtEndian>

namespace atomnet
{

namespace
{

quint32 word(const QByteArray &bytes, qsizetype at)
{
    return qFromLittleEndian<quint32>(bytes.constData() + at);
}

void appendHex(QByteArray &text, quint32 value)
{
    static constexpr char digits[] = "0123456789abcdef";
    char word[11] = "0x00000000";
    for (int i = 9; i > 1; --i, value >>= 4)
        word[i] = digits[value & 15];
    text.append(word, 10);
}

/// Packed weights and tables are words too: compilers read them three times as fast as bytes.
QByteArray typeOf(const Constant &constant)
{
    return constant.type == Constant::Type::Int32 ? "int32_t" : "uint32_t";
}

QByteArray head(const CModel &model, const Constant &constant)
{
    const qsizetype words = (constant.bytes.size() + 3) / 4;
    return "const " + typeOf(constant) + ' ' + model.prefix.toLatin1() + "_k_" +
           constant.name.toLatin1() + '[' + QByteArray::number(words) + ']';
}

} // namespace

ConstantImage constantImage(const Program &program)
{
    ConstantImage image;
    for (const Constant &constant : program.constants) {
        image.offsets.push_back(image.bytes.size());
        image.bytes += constant.bytes;
        image.bytes.append((4 - constant.bytes.size() % 4) % 4, '\0');
    }
    return image;
}

QByteArray weightsFile(const CModel &model, const ConstantImage &image)
{
    const quint64 hash = model.designHash.toULongLong(nullptr, 16);
    const std::array<quint32, weightsHeaderBytes / 4> header{
        0x42574b41, // "AKWB"
        1,
        commonValues(model, image).value("kernelVersion").toUInt(),
        quint32(weightsHeaderBytes + image.bytes.size()),
        quint32(hash >> 32),
        quint32(hash),
        crc32({image.bytes.constData(), std::size_t(image.bytes.size())}),
        0,
    };
    QByteArray bytes(weightsHeaderBytes, '\0');
    for (std::size_t i = 0; i < header.size(); ++i)
        qToLittleEndian(header[i], bytes.data() + 4 * i);
    return bytes + image.bytes;
}

QByteArray constantDeclarations(const CModel &model)
{
    QByteArray text;
    for (const Constant &constant : model.program.constants)
        text += "extern " + head(model, constant) + ";\n";
    return text;
}

QByteArray constantDefinitions(const CModel &model)
{
    const ConstantImage image = constantImage(model.program);
    QByteArray text;
    text.reserve(image.bytes.size() * 3);
    for (std::size_t i = 0; i < model.program.constants.size(); ++i) {
        const Constant &constant = model.program.constants[i];
        const bool numbers = constant.type == Constant::Type::Int32;
        const qsizetype count = (constant.bytes.size() + 3) / 4;
        text += '\n' + head(model, constant) + " = {";
        for (qsizetype w = 0; w < count; ++w) {
            text += w % 8 == 0 ? "\n    " : " ";
            const quint32 value = word(image.bytes, image.offsets[i] + 4 * w);
            if (!numbers)
                appendHex(text, value);
            else if (qint32(value) == std::numeric_limits<qint32>::min())
                text += "INT32_MIN"; // its digits alone are no int
            else
                text += QByteArray::number(qint32(value));
            text += ',';
        }
        text += "\n};\n";
    }
    return text;
}

} // namespace atomnet
