#include "core/exporters/cproject/text_template.h"
#include "core/exporters/pytorch/safetensors.h"
#include "core/exporters/writers.h"
#include "core/model/design_file.h"
#include "core/model/json_tree.h"
#include "core/model/resource.h"

namespace atomnet
{

namespace
{

QByteArray quoted(Activation act)
{
    return '"' + toString(act).toLatin1() + '"';
}

/// ", se=(24, "relu", "hsigmoid")"; nothing without.
QByteArray squeezeText(const Block &block, int channels)
{
    if (!block.se) return {};
    return ", se=(" + QByteArray::number(squeezeChannels(*block.se, channels)) + ", " +
           quoted(block.se->act) + ", " + quoted(block.se->gate) + ')';
}

/// One repeat of a block as Python calls its module.
QByteArray blockText(const Block &block, int inputs, int stride)
{
    const QByteArray in = QByteArray::number(inputs), out = QByteArray::number(block.out);
    const int expanded = makeDivisible(double(inputs) * block.expand, 8);
    QByteArray name, widths = in + ", " + out;
    int depthwise = inputs;
    switch (block.type) {
    case BlockType::Conv:
        name = "Conv";
        break;
    case BlockType::Sep:
        name = "Sep";
        break;
    case BlockType::ConvNext:
        name = "ConvNext";
        widths = in + ", " + QByteArray::number(expanded) + ", " + out;
        break;
    case BlockType::MbConv:
        name = "MbConv";
        if (block.expand != 1) depthwise = expanded;
        widths = in + ", " +
                 (block.expand != 1 ? QByteArray::number(expanded) : QByteArray("None")) + ", " +
                 out;
        break;
    }
    return name + '(' + widths + ", kernel=" + QByteArray::number(block.kernel) +
           (stride == 1 ? QByteArray() : ", stride=" + QByteArray::number(stride)) +
           ", act=" + quoted(block.act) + squeezeText(block, depthwise) + ')';
}

QByteArray stagesText(const Network &network)
{
    QByteArray text;
    int width = network.input.c;
    for (const Stage &stage : network.stages) {
        text += "            stage(  # " + commentText(stage.name) + '\n';
        for (const Block &block : stage.blocks) {
            text += "                [" + blockText(block, width, block.stride) + ']';
            width = block.out;
            if (block.repeat > 1)
                text += "\n                + [" + blockText(block, width, 1) + " for _ in range(" +
                        QByteArray::number(block.repeat - 1) + ")]";
            text += ",\n";
        }
        text += "            ),\n";
    }
    return text;
}

QByteArray headText(const Network &network)
{
    const int width = stageInput(network, int(network.stages.size())).c;
    const auto layer = [](const char *name, const std::optional<HeadLayer> &head) {
        if (!head) return QByteArray();
        return QByteArray(", ") + name + "=(" + QByteArray::number(head->out) + ", " +
               quoted(head->act) + ')';
    };
    return "Head(" + QByteArray::number(width) + ", CLASSES" + layer("conv", network.head.conv) +
           layer("hidden", network.head.hidden) + ')';
}

QByteArray part(const char *name)
{
    return resource(QStringLiteral("pytorch/templates/") + QLatin1String(name));
}

} // namespace

Result<std::vector<ExportFile>> writePyTorchProject(const Network &network,
                                                    const Prepared &prepared, const ExportRequest &)
{
    const FloatWeights &weights = prepared.weights;
    const QString name = network.name.isEmpty() ? QStringLiteral("Network") : network.name;
    const TextValues values{
        {"title", commentText(name)},
        {"name", jsonString(name)},
        {"height", QByteArray::number(network.input.h)},
        {"width", QByteArray::number(network.input.w)},
        {"channels", QByteArray::number(network.input.c)},
        {"classes", QByteArray::number(network.head.classes)},
        {"stages", stagesText(network)},
        {"head", headText(network)},
        {"weights", weights.trained ? "- `weights.safetensors`: the weights it was exported with; "
                                      "`train.py --weights weights.safetensors` starts from them.\n"
                                    : ""},
    };
    std::vector<ExportFile> files{
        {QStringLiteral("README.md"), fillTemplate(part("README.md.in"), values)},
        {QStringLiteral("LICENSE"), resource(QStringLiteral("firmware/LICENSE"))},
        {QStringLiteral("design.atomnet"), writeDesign(network)},
        {QStringLiteral("model.py"), fillTemplate(part("model.py.in"), values)},
        {QStringLiteral("train.py"), part("train.py"), true},
        {QStringLiteral("data.py"), part("data.py")},
        {QStringLiteral("tensors.py"), part("tensors.py")},
        {QStringLiteral("requirements.txt"), part("requirements.txt")},
    };
    if (weights.trained) {
        if (auto fits = checkFileSize(prepared.units, 4); !fits)
            return tl::make_unexpected(fits.error());
        const Normalisation normalisation =
            weights.normalisation.value_or(defaultNormalisation(network.input.c));
        const FileNotes notes = fileNotes(network.name, normalisation, weights.labels, true);
        files.push_back({QStringLiteral("weights.safetensors"),
                         writeSafetensors(prepared.units, weights, notes)});
    }
    return files;
}

} // namespace atomnet
