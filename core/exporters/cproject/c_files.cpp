#include "core/exporters/cproject/c_model.h"
#include "core/exporters/cproject/crc32.h"
#include "core/model/resource.h"
#include "firmware/kernels/ak_types.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>

namespace atomnet
{

namespace
{

QByteArray number(qint64 value)
{
    return QByteArray::number(value);
}

/// Nine digits bring a float back bit by bit.
QByteArray floatText(float value)
{
    return QByteArray::number(double(value), 'e', 8);
}

QByteArray hex(quint32 value)
{
    return QByteArray::number(value, 16).rightJustified(8, '0');
}

/// Values in lines of `perLine`, indented.
template <class Values, class Show>
QByteArray listed(const Values &values, const char *indent, int perLine, Show show)
{
    QByteArray text;
    int i = 0;
    for (const auto &value : values) {
        text += i % perLine == 0 ? indent : " ";
        text += show(value) + ',';
        if (++i % perLine == 0) text += '\n';
    }
    if (i % perLine != 0) text += '\n';
    return text;
}

QByteArray asNumber(qint8 value)
{
    return QByteArray::number(int(value));
}

/// Hash of every kernel that ships: two projects of one program must agree on it.
QByteArray kernelHash()
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const QDir folder(QStringLiteral(":/atomnet/firmware/kernels"));
    for (const QString &name : folder.entryList(QDir::Files, QDir::Name))
        hash.addData(kernelSource(name));
    return hash.result().toHex().left(16);
}

QByteArray templateText(const QString &name)
{
    return resource(QStringLiteral("cproject/templates/") + name);
}

void addPlanValues(TextValues &values, const CModel &model, const PlanText &plan)
{
    values["records"] = plan.records;
    values["steps"] = plan.steps;
    QStringList sources;
    QByteArray includes;
    for (const QString &file : kernelFiles(plan.kinds)) {
        if (file.endsWith(QLatin1String(".c")))
            sources += file;
        else if (QFile::exists(QStringLiteral(":/atomnet/firmware/kernels/") + file.chopped(1) +
                               'c'))
            includes += "#include \"" + file.toLatin1() + "\"\n";
    }
    values["kernelSources"] = sources.join(QLatin1Char(' ')).toLatin1();
    values["kernelIncludes"] = includes;
    values["kernelHash"] = kernelHash();
    const auto &steps = model.program.steps;
    values["names"] = listed(steps, "    ", 1, [](const Step &step) { return cString(step.name); });
    values["outputSizes"] =
        listed(steps, "    ", 8, [](const Step &step) { return number(step.outputBytes); });
}

void addVectorValues(TextValues &values, const CModel &model)
{
    values["vectors"] = number(qint64(model.vectors.size()));
    QByteArray seeds, outputs;
    for (const CVector &vector : model.vectors) {
        seeds += (seeds.isEmpty() ? "{" : ", {") + number(vector.seed) + ", " +
                 number(vector.amplitude) + '}';
        outputs += "    {\n" + listed(vector.output, "        ", 20, asNumber) + "    },\n";
    }
    values["seeds"] = seeds;
    values["outputs"] = outputs;
    values["layerCrcs"] = listed(model.vectors.front().layerCrcs, "    ", 8,
                                 [](quint32 crc) { return "0x" + hex(crc) + 'u'; });
}

void addBuildValues(TextValues &values, const CModel &model)
{
    const QByteArray prefix = model.prefix.toLatin1();
    QByteArray sources = prefix + ".c " + prefix + "_text.c";
    if (!model.pixelTables.empty()) sources += ' ' + prefix + "_pixels.c";
    if (!model.weightsFile) sources += ' ' + prefix + "_weights.c";
    values["sources"] = sources;
    values["blobSource"] = model.weightsFile ? "weights_blob.c" : "";
    values["blobIncludes"] = !model.weightsFile
                                 ? QByteArray()
                                 : "set_source_files_properties(weights_blob.c PROPERTIES\n"
                                   "  COMPILE_OPTIONS -Wa,-I${CMAKE_CURRENT_SOURCE_DIR}\n"
                                   "  OBJECT_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/" +
                                       prefix + "_weights.bin)\n";
}

} // namespace

TextValues commonValues(const CModel &model, const ConstantImage &image)
{
    const Program &program = model.program;
    const quint32 crc = crc32({image.bytes.constData(), std::size_t(image.bytes.size())});
    const Shape &in = model.input;
    return {
        {"prefix", model.prefix.toLatin1()},
        {"PREFIX", model.prefix.toUpper().toLatin1()},
        {"title", commentText(model.title)},
        {"designHash", model.designHash},
        {"designHashHigh", model.designHash.left(8)},
        {"designHashLow", model.designHash.mid(8)},
        {"weightsCrc", hex(crc)},
        {"weightsFileBytes", number(weightsHeaderBytes + image.bytes.size())},
        {"kernelVersion", number(AK_KERNEL_VERSION)},
        {"trained", model.trained ? "1" : "0"},
        {"inputHeight", number(in.h)},
        {"inputWidth", number(in.w)},
        {"inputChannels", number(in.c)},
        {"inputShape", number(in.h) + " x " + number(in.w) + " x " + number(in.c)},
        {"inputBytes", number(program.inputBytes)},
        {"inputOffset", number(program.inputOffset)},
        {"inputScale", floatText(program.input.scale)},
        {"inputZeroPoint", number(program.input.zeroPoint)},
        {"outputBytes", number(program.outputBytes)},
        {"outputOffset", number(program.outputOffset)},
        {"outputScale", floatText(program.output.scale)},
        {"outputZeroPoint", number(program.output.zeroPoint)},
        {"outputMeaning", model.softmax ? "one probability a class" : "one logit a class"},
        {"layers", number(qint64(program.steps.size()))},
        {"arenaBytes", number(program.arenaBytes)},
    };
}

std::vector<ExportFile> projectFiles(const CModel &model)
{
    const ConstantImage image = constantImage(model.program);
    const PlanText plan = planText(model, image);
    TextValues values = commonValues(model, image);
    addPlanValues(values, model, plan);
    addVectorValues(values, model);
    addBuildValues(values, model);
    values["labels"] = listed(model.labels, "        ", 1, cString);
    values["pixelTables"] = listed(model.pixelTables, "    ", 1, [](const auto &table) {
        return "{\n" + listed(table, "        ", 20, asNumber) + "    }";
    });
    values["constants"] = model.weightsFile ? QByteArray() : constantDeclarations(model);
    QSet<QByteArray> conditions = plan.kinds;
    if (!model.labels.isEmpty()) conditions.insert("labels");
    conditions.insert(model.weightsFile ? "weightsFile" : "constTables");

    std::vector<ExportFile> files;
    const auto write = [&](const QString &from, const QString &to) {
        files.push_back({to, fillTemplate(templateText(from), values, conditions), false});
    };
    const auto copy = [&files](const QString &from, const QString &to) {
        files.push_back({to, resource(from), false});
    };
    const QString &p = model.prefix;
    write(QStringLiteral("CMakeLists.txt.in"), QStringLiteral("CMakeLists.txt"));
    write(QStringLiteral("model.h.in"), p + QStringLiteral(".h"));
    write(QStringLiteral("model.c.in"), p + QStringLiteral(".c"));
    write(QStringLiteral("model_plan.h.in"), p + QStringLiteral("_plan.h"));
    write(QStringLiteral("model_text.c.in"), p + QStringLiteral("_text.c"));
    write(QStringLiteral("minimal.c.in"), QStringLiteral("minimal.c"));
    if (!model.pixelTables.empty()) {
        write(QStringLiteral("model_pixels.h.in"), p + QStringLiteral("_pixels.h"));
        write(QStringLiteral("model_pixels.c.in"), p + QStringLiteral("_pixels.c"));
    }
    for (const char *name :
         {"selftest/main.c", "selftest/vectors.h", "selftest/vectors.c", "selftest/port.h",
          "selftest/port_host.c", "selftest/port_qemu.c", "selftest/port_board.c",
          "cmake/cortex-m4.cmake", "cmake/cortex-m7.cmake"})
        write(QLatin1String(name) + QStringLiteral(".in"), QLatin1String(name));
    if (model.weightsFile) {
        files.push_back({p + QStringLiteral("_weights.bin"), weightsFile(model, image), false});
        write(QStringLiteral("weights_blob.c.in"), QStringLiteral("weights_blob.c"));
    } else {
        values["constants"] = constantDefinitions(model);
        write(QStringLiteral("weights.c.in"), p + QStringLiteral("_weights.c"));
    }
    for (const QString &name : kernelFiles(plan.kinds))
        files.push_back({QStringLiteral("kernels/") + name, kernelSource(name), false});
    copy(QStringLiteral("firmware/kernels/ak_flags.cmake"),
         QStringLiteral("kernels/ak_flags.cmake"));
    copy(QStringLiteral("firmware/LICENSE"), QStringLiteral("LICENSE"));
    for (const char *name : {"startup.c", "sections.ld", "f412/stm32f412.ld", "f746/stm32f746.ld",
                             "h743/stm32h743.ld", "qemu/qemu.ld"})
        copy(QStringLiteral("firmware/boards/") + QLatin1String(name),
             QStringLiteral("boards/") + QFileInfo(QLatin1String(name)).fileName());
    for (const char *name : {"semihost.c", "semihost.h", "stack.c", "stack.h"})
        copy(QStringLiteral("firmware/port/qemu/") + QLatin1String(name),
             QStringLiteral("boards/") + QLatin1String(name));
    return files;
}

} // namespace atomnet
