#include "core/exporters/cproject/c_model.h"
#include "core/model/resource.h"

#include <QDir>
#include <QRegularExpression>

namespace atomnet
{

namespace
{

const QString folder = QStringLiteral(":/atomnet/firmware/kernels/");

struct KernelOf {
    const char *kind;
    const char *stem;
};
constexpr KernelOf kernelOf[] = {
    {"conv", "ak_conv2d"},
    {"depthwise", "ak_depthwise"},
    {"pointwise", "ak_pointwise"},
    {"pair", "ak_pointwise_pair"},
    {"dense", "ak_fully_connected"},
    {"add", "ak_add"},
    {"mul", "ak_mul"},
    {"mean", "ak_mean"},
    {"softmax", "ak_softmax"},
};

QStringList includesOf(const QString &fileName)
{
    static const QRegularExpression include(
        QStringLiteral("^\\s*#\\s*include\\s*\"(?:firmware/kernels/)?(ak_\\w+\\.h)\""),
        QRegularExpression::MultilineOption);
    QStringList names;
    auto matches = include.globalMatch(QString::fromUtf8(kernelSource(fileName)));
    while (matches.hasNext())
        names += matches.next().captured(1);
    return names;
}

} // namespace

QByteArray kernelSource(const QString &fileName)
{
    return resource(QStringLiteral("firmware/kernels/") + fileName);
}

// A source brings the sources of the headers it includes itself; a header brings headers only
// (ak_pointwise.h names ak_mul_t, which does not mean that ak_mul.c is called).
QStringList kernelFiles(const QSet<QByteArray> &kinds)
{
    QStringList open;
    for (const KernelOf &kernel : kernelOf)
        if (kinds.contains(kernel.kind)) open += QLatin1String(kernel.stem) + QLatin1String(".c");
    QSet<QString> found;
    while (!open.isEmpty()) {
        const QString name = open.takeLast();
        if (found.contains(name)) continue;
        found.insert(name);
        for (const QString &header : includesOf(name)) {
            open += header;
            const QString source = header.chopped(1) + QLatin1Char('c');
            if (name.endsWith(QLatin1String(".c")) && QFile::exists(folder + source))
                open += source;
        }
    }
    QStringList sorted(found.begin(), found.end());
    sorted.sort();
    return sorted;
}

} // namespace atomnet
