#include "core/inference/constants.h"

#include <QtEndian>

namespace atomnet
{

namespace
{

constexpr int longestLayer = 48; ///< compilers promise 63 significant characters

template <class T>
QByteArray littleEndian(const std::vector<T> &values)
{
    QByteArray bytes(qsizetype(values.size() * sizeof(T)), Qt::Uninitialized);
    qToLittleEndian<T>(values.data(), qsizetype(values.size()), bytes.data());
    return bytes;
}

} // namespace

QString constantName(const QString &layer, const QString &part, const QString &what)
{
    QString name;
    // From the end of the layer's name, which tells block and role.
    for (const QChar c :
         QString(layer.right(longestLayer) + QLatin1Char('_') + part + QLatin1Char('_') + what)) {
        const bool plain = c.unicode() < 128 && c.isLetterOrNumber();
        if (plain)
            name += c;
        else if (!name.endsWith(QLatin1Char('_')) && !name.isEmpty())
            name += QLatin1Char('_');
    }
    return name.front().isDigit() ? QStringLiteral("layer_") + name : name;
}

int Constants::add(Constant::Type type, const QString &name, QByteArray bytes)
{
    QString unique = name;
    for (int i = 2; m_names.contains(unique); ++i)
        unique = QStringLiteral("%1_%2").arg(name).arg(i);
    m_names.insert(unique);
    m_constants.push_back({type, unique, std::move(bytes)});
    return int(m_constants.size()) - 1;
}

int Constants::add(const QString &name, const std::vector<qint32> &values)
{
    return add(Constant::Type::Int32, name, littleEndian(values));
}

int Constants::add(const QString &name, const std::vector<quint32> &values)
{
    return add(Constant::Type::UInt32, name, littleEndian(values));
}

int Constants::addTable(const QString &name, const std::array<qint8, 256> &table)
{
    const QByteArray bytes(reinterpret_cast<const char *>(table.data()), qsizetype(table.size()));
    if (const auto known = m_tables.constFind(bytes); known != m_tables.constEnd()) return *known;
    return m_tables[bytes] = add(Constant::Type::Int8, name, bytes);
}

} // namespace atomnet
