#include "core/quant/onnx_model.h"

#include "core/formats/onnx.pb.h"
#include "core/quant/weight_file.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/logging.h>

namespace atomnet
{

namespace
{

using google::protobuf::io::CodedInputStream;

/// A part of two bytes becomes an object of a hundred: so their number is bound before any is made.
constexpr int maxParts = 2'000'000;
constexpr int maxDepth = 32;

const quint8 *bytesOf(const QByteArray &bytes)
{
    return reinterpret_cast<const quint8 *>(bytes.constData());
}

/// The message in which a field number of another message has parts of its own; only where the
/// format nests.
enum class Message { Model, Graph, Node, Attribute, Tensor, Value, Type, TensorType, Shape, Leaf };

Message messageOf(Message parent, int field)
{
    switch (parent) {
    case Message::Model:
        return field == 7 ? Message::Graph : Message::Leaf;
    case Message::Graph:
        return field == 1                                  ? Message::Node
               : field == 5                                ? Message::Tensor
               : field == 11 || field == 12 || field == 13 ? Message::Value
                                                           : Message::Leaf;
    case Message::Node:
        return field == 5 ? Message::Attribute : Message::Leaf;
    case Message::Attribute:
        return field == 5 ? Message::Tensor : Message::Leaf;
    case Message::Value:
        return field == 2 ? Message::Type : Message::Leaf;
    case Message::Type:
        return field == 1 ? Message::TensorType : Message::Leaf;
    case Message::TensorType:
        return field == 2 ? Message::Shape : Message::Leaf;
    default:
        return Message::Leaf; // a shape's dimensions are counted, not entered
    }
}

/// Counts strings and messages down from `left`; false when the bytes are no such message or there
/// are too many.
bool countParts(CodedInputStream &in, Message message, int &left)
{
    while (const quint32 tag = in.ReadTag()) {
        const quint32 wire = tag & 7, field = tag >> 3;
        std::uint64_t number = 0;
        std::uint32_t length = 0, half = 0;
        if (field == 0) return false;
        if (wire == 0) {
            if (!in.ReadVarint64(&number)) return false;
        } else if (wire == 1) {
            if (!in.ReadLittleEndian64(&number)) return false;
        } else if (wire == 5) {
            if (!in.ReadLittleEndian32(&half)) return false;
        } else if (wire == 2) {
            if (--left < 0 || !in.ReadVarint32(&length) ||
                qint64(length) > qint64(in.BytesUntilLimit()))
                return false;
            const Message inner = messageOf(message, int(field));
            if (inner == Message::Leaf) {
                if (!in.Skip(int(length))) return false;
            } else {
                const auto limit = in.PushLimit(int(length));
                if (!countParts(in, inner, left)) return false;
                in.PopLimit(limit);
            }
        } else {
            return false; // groups: the format has none
        }
    }
    return in.BytesUntilLimit() == 0;
}

} // namespace

Result<> parseOnnx(const QByteArray &bytes, const QString &fileName, onnx::ModelProto &model)
{
    // What is wrong with a file is said once, by us.
    static const auto before = google::protobuf::SetLogHandler(nullptr);
    Q_UNUSED(before);

    if (bytes.size() > maxWeightFileBytes)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("the file is larger than %1 MiB; no design's weights are")
                        .arg(maxWeightFileBytes >> 20),
                    fileName);
    CodedInputStream counting(bytesOf(bytes), int(bytes.size()));
    const auto all = counting.PushLimit(int(bytes.size()));
    int left = maxParts;
    if (!countParts(counting, Message::Model, left))
        return fail(
            ErrorCode::BadInput,
            left < 0 ? QStringLiteral("the file has more than %1 parts; no design's model has")
                           .arg(maxParts)
                     : QStringLiteral("this is neither a safetensors nor an ONNX file, or it was "
                                      "cut or damaged"),
            fileName);
    counting.PopLimit(all);

    CodedInputStream in(bytesOf(bytes), int(bytes.size()));
    in.SetRecursionLimit(maxDepth);
    if (!model.ParseFromCodedStream(&in) || !in.ConsumedEntireMessage())
        return fail(ErrorCode::BadInput,
                    QStringLiteral("the ONNX file cannot be read; it was cut or damaged"),
                    fileName);
    if (model.graph().node_size() == 0)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("this is no ONNX file of a network: it has no operators"),
                    fileName);
    return {};
}

} // namespace atomnet
