#include "core/model/resource.h"

#include <QFile>
#include <QJsonDocument>

namespace atomnet
{

QByteArray resource(const QString &path)
{
    QFile file(QStringLiteral(":/atomnet/") + path);
    const bool opened = file.open(QIODevice::ReadOnly);
    Q_ASSERT_X(opened, "resource", qPrintable(path));
    return opened ? file.readAll() : QByteArray();
}

QJsonObject resourceObject(const QString &path)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(resource(path), &error);
    Q_ASSERT_X(document.isObject(), qPrintable(path), qPrintable(error.errorString()));
    return document.object();
}

} // namespace atomnet
