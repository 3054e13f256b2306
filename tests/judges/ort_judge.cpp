#include "tests/judges/ort_judge.h"

#include "tests/judges/tflite_judge.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

namespace atomnet::judges
{

namespace
{

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) file.write(bytes);
}

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

QString OrtJudge::unavailable()
{
    if (judgesFolder().isEmpty())
        return QStringLiteral("the judges are not installed; ./check installs them");
    if (QStandardPaths::findExecutable(QStringLiteral("node")).isEmpty())
        return QStringLiteral("node is not installed");
    return {};
}

std::vector<QByteArray> OrtJudge::run(const std::vector<Job> &jobs, QString *problem)
{
    const QTemporaryDir folder;
    QJsonArray list;
    QString model;
    for (size_t i = 0; i < jobs.size(); ++i) {
        if (i == 0 || jobs[i].model != jobs[i - 1].model) {
            model = folder.filePath(QStringLiteral("%1.onnx").arg(i));
            write(model, jobs[i].model);
        }
        QJsonArray inputs;
        for (size_t k = 0; k < jobs[i].inputs.size(); ++k) {
            const Input &input = jobs[i].inputs[k];
            const QString file = folder.filePath(QStringLiteral("%1.%2.in").arg(i).arg(k));
            write(file, input.bytes);
            QJsonArray shape;
            for (const qint64 side : input.shape)
                shape.append(side);
            inputs.append(QJsonObject{{QStringLiteral("type"), input.type},
                                      {QStringLiteral("shape"), shape},
                                      {QStringLiteral("file"), file}});
        }
        list.append(QJsonObject{
            {QStringLiteral("model"), model},
            {QStringLiteral("inputs"), inputs},
            {QStringLiteral("output"), folder.filePath(QStringLiteral("%1.out").arg(i))}});
    }
    const QString jobsFile = folder.filePath(QStringLiteral("jobs.json"));
    write(jobsFile, QJsonDocument(list).toJson(QJsonDocument::Compact));

    QProcess node;
    node.setProcessChannelMode(QProcess::MergedChannels);
    node.start(
        QStringLiteral("node"),
        {QStringLiteral(ATOMNET_SOURCE_DIR "/tests/judges/run_onnx.js"), judgesFolder(), jobsFile});
    const bool finished =
        node.waitForFinished(240'000) && node.exitStatus() == QProcess::NormalExit;
    if (problem) {
        *problem = QString::fromUtf8(node.readAll()).trimmed();
        if (!finished && problem->isEmpty()) *problem = QStringLiteral("node did not finish");
    }

    std::vector<QByteArray> outputs;
    for (size_t i = 0; i < jobs.size(); ++i)
        outputs.push_back(read(folder.filePath(QStringLiteral("%1.out").arg(i))));
    return outputs;
}

} // namespace atomnet::judges
