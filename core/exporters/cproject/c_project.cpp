#include "core/analysis/runtime_footprint.h"
#include "core/exporters/cproject/c_model.h"
#include "core/exporters/writers.h"
#include "core/model/design_file.h"
#include "core/model/resource.h"

#include <QCryptographicHash>
#include <QRegularExpression>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr int mostPixelChannels = 4; ///< more are no pixels

QByteArray number(qint64 value)
{
    return QByteArray::number(value);
}

/// Bytes of the finished program, as README.md shows them.
struct Figures {
    qint64 arena = 0, stack = 0, data = 0, constants = 0, code = 0;
    [[nodiscard]] qint64 flash() const { return constants + code; }
};

/// What finding constants in a file costs: checking it, and filling in addresses before each kind
/// of call. As linked for Cortex-M7.
qint64 weightsFileCode(const AtomGraph &graph)
{
    constexpr qint64 loader = 360, header = weightsHeaderBytes, adapter = 128, pairAdapter = 224;
    QSet<AtomKind> kinds;
    for (const Atom &atom : graph.atoms)
        if (biasesOf(atom.key) > 0) kinds << atom.key.kind;
    const bool pairs = kinds.remove(AtomKind::PointwisePair);
    return loader + header + kinds.size() * adapter + (pairs ? pairAdapter : 0);
}

Figures figuresOf(const CModel &model, const AtomGraph &graph)
{
    Figures figures;
    figures.arena = model.program.arenaBytes;
    figures.stack = stackBytes(graph);
    figures.data = dataBytes(graph);
    figures.constants = constantImage(model.program).bytes.size();
    figures.code = codeBytes(graph, model.softmax) + (model.softmax ? softmaxRecordBytes : 0);
    for (const Atom &atom : graph.atoms)
        figures.code += recordBytes(atom.key);
    if (model.weightsFile) {
        figures.code += weightsFileCode(graph);
        figures.data += 4; // where it lies
    }
    return figures;
}

QByteArray boardTable(const Figures &figures)
{
    QByteArray text;
    const auto fit = [](qint64 bytes, qint64 limit) {
        const QByteArray share = number(bytes) + " of " + number(limit) + ": ";
        return share + (bytes <= limit ? "fits" : number(bytes - limit) + " over");
    };
    for (const Board &board : boards()) {
        if (board.isVirtual) continue;
        const qint64 stack = board.id == QLatin1String("stm32h743") ? 0 : figures.stack;
        text += "| " + board.name.toUtf8() + " | " +
                fit(figures.arena + figures.data + stack, board.sramBytes) + " | " +
                fit(figures.flash(), board.flashBytes) + " |\n";
    }
    return text;
}

/// Constants that a call names, by index.
struct ConstantsOf {
    QSet<int> operator()(const ConvCall &c) const { return with(c.out, {c.weights}); }
    QSet<int> operator()(const DepthwiseCall &c) const { return with(c.out, {c.weights}); }
    QSet<int> operator()(const PointwiseCall &c) const { return with(c.out, {c.weights}); }
    QSet<int> operator()(const DenseCall &c) const { return with(c.out, {c.weights}); }
    QSet<int> operator()(const PairCall &c) const
    {
        return with(c.expand, with(c.project, {c.expandWeights, c.projectWeights}));
    }
    QSet<int> operator()(const SoftmaxCall &c) const { return {c.exponents}; }
    template <class Elementwise>
    QSet<int> operator()(const Elementwise &) const
    {
        return {};
    }
    static QSet<int> with(const OutputStage &out, QSet<int> others)
    {
        return others << out.bias << out.multiplier << out.table;
    }
};

QByteArray layerTable(const CModel &model, const AtomGraph &graph, const ArenaPlan &plan)
{
    QByteArray text;
    int index = 0;
    for (const Step &step : model.program.steps) {
        const QSet<int> constants = std::visit(ConstantsOf{}, step.call);
        qint64 bytes = 0;
        for (const int constant : constants)
            if (constant >= 0) bytes += model.program.constants[std::size_t(constant)].bytes.size();
        const bool ofGraph = step.atom >= 0;
        const auto atom = std::size_t(step.atom);
        QByteArray name = commentText(step.name);
        text += "| " + number(index++) + " | " + name.replace('|', "\\|") + " | " +
                (ofGraph ? describe(graph.atoms[atom].key).toUtf8() : QByteArray("softmax")) +
                " | " + number(bytes) + " | " + number(ofGraph ? plan.scratchBytes[atom] : 0) +
                " |\n";
    }
    return text;
}

ExportFile readme(const CModel &model, const AtomGraph &graph, const ArenaPlan &plan)
{
    const Figures figures = figuresOf(model, graph);
    TextValues values = commonValues(model, constantImage(model.program));
    values["trainedSentence"] =
        model.trained
            ? "Its weights are trained."
            : "**Its weights are seeded, not trained**: for comparing figures, not for use.";
    values["stackBytes"] = number(figures.stack);
    values["dataBytes"] = number(figures.data);
    values["constantBytes"] = number(figures.constants);
    values["codeBytes"] = number(figures.code);
    values["flashBytes"] = number(figures.flash());
    values["toleranceBytes"] = number(std::max<qint64>(1024, figures.flash() / 200));
    values["stackNote"] = " and stack; the H743 has its stack in DTCM";
    values["boards"] = boardTable(figures);
    values["pixelSentence"] =
        model.pixelTables.empty()
            ? QByteArray()
            : "`" + model.prefix.toLatin1() + "_pixels.h` does that for 8-bit pixels.\n";
    values["weightsNote"] = !model.weightsFile
                                ? QByteArray()
                                : "- The constants are in `" + model.prefix.toLatin1() +
                                      "_weights.bin`: keep it anywhere that can be "
                                      "read like memory and call `" +
                                      model.prefix.toLatin1() +
                                      "_set_weights`, which\n  refuses a file that is cut off, "
                                      "damaged or of another design.\n";
    values["vectors"] = number(qint64(model.vectors.size()));
    values["layerTable"] = layerTable(model, graph, plan);
    return {QStringLiteral("README.md"),
            fillTemplate(resource(QStringLiteral("cproject/templates/README.md.in")), values),
            false};
}

/// Names that the project, CMake, the kernels or the C library have taken.
Result<> checkPrefix(const QString &prefix)
{
    static const QRegularExpression identifier(QStringLiteral("\\A[A-Za-z][A-Za-z0-9_]{0,31}\\z"));
    static const QRegularExpression taken(
        QStringLiteral(
            "\\A(?:ak|ak_.*|all|clean|help|install|package|test|minimal|weights_blob|port|"
            "vectors|semihost|stack|assert|complex|ctype|errno|fenv|float|inttypes|"
            "iso646|limits|locale|math|setjmp|signal|std.*|string|tgmath|threads|time|"
            "uchar|wchar|wctype)\\z"),
        QRegularExpression::CaseInsensitiveOption);
    if (identifier.match(prefix).hasMatch() && !taken.match(prefix).hasMatch()) return {};
    return fail(ErrorCode::Usage,
                QStringLiteral("the prefix '%1' cannot begin the project's names; take another one")
                    .arg(prefix.left(60)));
}

std::vector<std::array<qint8, 256>> pixelTables(const QuantizedNetwork &network)
{
    const int channels = network.graph.tensors.front().shape.c;
    std::vector<std::array<qint8, 256>> tables;
    for (int c = 0; channels <= mostPixelChannels && c < channels; ++c)
        tables.push_back(pixelTable(network, c));
    return tables;
}

} // namespace

Result<std::vector<ExportFile>> writeCProject(const Network &network, const Prepared &prepared,
                                              const ExportRequest &request)
{
    if (auto good = checkPrefix(request.prefix); !good) return tl::make_unexpected(good.error());
    auto program = makeProgram(prepared.quantized, prepared.plan, prepared.layerNames,
                               {.softmax = request.softmax});
    if (!program) return tl::make_unexpected(program.error());

    CModel model;
    model.prefix = request.prefix;
    model.title = network.name.isEmpty() ? QStringLiteral("A network") : network.name;
    model.designHash =
        QCryptographicHash::hash(writeDesign(network), QCryptographicHash::Sha256).toHex().left(16);
    model.program = *std::move(program);
    model.input = network.input;
    if (prepared.quantized.labels.size() == model.program.outputBytes)
        model.labels = prepared.quantized.labels;
    model.pixelTables = pixelTables(prepared.quantized);
    model.trained = prepared.quantized.trained;
    model.softmax = request.softmax;
    model.weightsFile = request.weightsFile;
    auto vectors = makeVectors(model.program);
    if (!vectors) return tl::make_unexpected(vectors.error());
    model.vectors = *std::move(vectors);

    std::vector<ExportFile> files = projectFiles(model);
    files.push_back(readme(model, prepared.graph, prepared.plan));
    return files;
}

} // namespace atomnet
