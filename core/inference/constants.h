#pragma once

#include "core/inference/program.h"

#include <QHash>
#include <QSet>

namespace atomnet
{

/// "s1.1.pw", "", "bias" -> "s1_1_pw_bias": letters, digits and underscores, never two in a row,
/// beginning with a letter.
[[nodiscard]] QString constantName(const QString &layer, const QString &part, const QString &what);

/// Collects a program's constants: names made unique, equal tables once.
class Constants
{
public:
    /// Each returns the constant's index.
    int add(Constant::Type type, const QString &name, QByteArray bytes);
    int add(const QString &name, const std::vector<qint32> &values);
    int add(const QString &name, const std::vector<quint32> &values);
    int addTable(const QString &name, const std::array<qint8, 256> &table);
    [[nodiscard]] std::vector<Constant> take() { return std::move(m_constants); }

private:
    std::vector<Constant> m_constants;
    QSet<QString> m_names;
    QHash<QByteArray, int> m_tables;
};

} // namespace atomnet
