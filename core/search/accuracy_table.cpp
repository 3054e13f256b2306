#include "core/atomdb/csv_reader.h"
#include "core/search/evolution.h"
#include "core/search/genes.h"
#include "core/search/space_options.h"

#include <QFile>
#include <QHash>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

namespace atomnet
{

namespace
{

constexpr qint64 mostTableBytes = 256 * 1024 * 1024;

QString inputText(const Shape &input)
{
    return input.h == input.w ? QString::number(input.h)
                              : QStringLiteral("%1x%2").arg(input.h).arg(input.w);
}

QString seText(const std::optional<SqueezeExcite> &se, const SpaceStage &stage)
{
    if (!se) return QStringLiteral("no");
    const auto with = std::count_if(stage.se.begin(), stage.se.end(),
                                    [](const auto &one) { return one.has_value(); });
    if (with < 2) return QStringLiteral("yes");
    return se->channels ? QStringLiteral("c%1").arg(*se->channels)
                        : QStringLiteral("r%1").arg(se->reduction);
}

QString nameOf(const SpaceStage &stage, int index)
{
    return stage.name.isEmpty() ? QStringLiteral("s%1").arg(index + 1) : stage.name;
}

/// A gene as a column: its name, and how a table spells each choice.
struct Column {
    QString name;
    QStringList choices;
    int field = -1; ///< of the file
};

template <class T, class Text>
QStringList texts(const std::vector<T> &values, Text text)
{
    QStringList list;
    for (const T &value : values)
        list << text(value);
    return list;
}

QString numberText(double value)
{
    return QString::number(value);
}

Column columnOf(const Genes &genes, const Gene &gene)
{
    const SearchSpace &space = genes.space();
    if (gene.stage < 0) return {QStringLiteral("resolution"), texts(spaceInputs(space), inputText)};
    const SpaceStage &stage = space.stages[std::size_t(gene.stage)];
    const QString name = nameOf(stage, gene.stage);
    switch (gene.what) {
    case Gene::What::Type:
        return {name + QStringLiteral(".type"),
                texts(stage.types, [](BlockType type) { return toString(type); })};
    case Gene::What::Width:
        return {name + QStringLiteral(".width"), texts(stage.widths, numberText)};
    case Gene::What::Depth:
        return {name + QStringLiteral(".depth"), texts(stage.depths, numberText)};
    case Gene::What::Kernel:
        return {name + QStringLiteral(".kernel"), texts(stage.kernels, numberText)};
    case Gene::What::Expand:
        return {name + QStringLiteral(".expand"), texts(stage.expands, numberText)};
    case Gene::What::Se:
        return {name + QStringLiteral(".se"),
                texts(stage.se, [&stage](const auto &se) { return seText(se, stage); })};
    default:
        return {};
    }
}

QByteArray keyOf(const Genome &genome)
{
    return {reinterpret_cast<const char *>(genome.data()),
            qsizetype(genome.size() * sizeof(quint16))};
}

Genome genomeFrom(const QByteArray &key)
{
    Genome genome(std::size_t(key.size()) / sizeof(quint16));
    std::memcpy(genome.data(), key.constData(), std::size_t(key.size()));
    return genome;
}

using Scores = QHash<QByteArray, double>; ///< by canonical genome

class Table
{
public:
    Table(const Genes &genes, const QString &path) : m_genes(genes), m_path(path) {}
    [[nodiscard]] Result<Scores> read(const QByteArray &bytes);

private:
    [[nodiscard]] Result<> readHeader(const CsvReader &csv);
    [[nodiscard]] Result<> readRow(const CsvReader &csv);
    [[nodiscard]] tl::unexpected<Error> wrong(qint64 line, int field, const QString &what) const
    {
        return fail(ErrorCode::BadInput, what,
                    QStringLiteral("%1:%2:%3").arg(m_path).arg(line).arg(field + 1));
    }

    const Genes &m_genes;
    const QString &m_path;
    std::vector<Column> m_columns; ///< by gene; without a name where there is no choice
    int m_accuracy = -1;
    Scores m_scores;
    QHash<QByteArray, qint64> m_lines;
};

Result<> Table::readHeader(const CsvReader &csv)
{
    QStringList names;
    for (const QByteArrayView field : csv.fields())
        names << QString::fromUtf8(field).trimmed();
    for (int i = 0; i < int(names.size()); ++i)
        if (names.indexOf(names[i]) != i)
            return wrong(csv.line(), i,
                         QStringLiteral("the column \"%1\" stands here twice").arg(names[i]));
    m_accuracy = int(names.indexOf(QStringLiteral("accuracy")));
    if (m_accuracy < 0)
        return wrong(csv.line(), 0, QStringLiteral("the column \"accuracy\" is missing"));
    for (const Gene &gene : m_genes.all()) {
        Column column = gene.choices < 2 ? Column{} : columnOf(m_genes, gene);
        if (gene.choices > 1 && column.name.isEmpty())
            return wrong(csv.line(), 0,
                         QStringLiteral("a table cannot tell the locked variants of stage %1 "
                                        "apart; use a command instead")
                             .arg(gene.stage + 1));
        column.field = int(names.indexOf(column.name));
        if (gene.choices > 1 && column.field < 0)
            return wrong(csv.line(), 0,
                         QStringLiteral("the column \"%1\" is missing, which the space leaves open")
                             .arg(column.name));
        m_columns.push_back(std::move(column));
    }
    return {};
}

Result<> Table::readRow(const CsvReader &csv)
{
    const auto &fields = csv.fields();
    if (csv.malformed()) return wrong(csv.line(), 0, QStringLiteral("this is no line of CSV"));
    const auto text = [&fields](int field) {
        return std::size_t(field) < fields.size()
                   ? QString::fromUtf8(fields[std::size_t(field)]).trimmed()
                   : QString();
    };
    Genome genome;
    // The type of a stage stands before what depends on it.
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const Column &column = m_columns[i];
        genome.push_back(0);
        if (column.name.isEmpty()) continue;
        Genome soFar = genome;
        soFar.resize(m_columns.size());
        if (!m_genes.means(soFar, i)) continue;
        const QString value = text(column.field);
        auto choice = column.choices.indexOf(value, 0);
        bool number = false;
        const double asNumber = value.toDouble(&number);
        if (choice < 0 && number) choice = column.choices.indexOf(numberText(asNumber));
        if (choice < 0)
            return wrong(
                csv.line(), column.field,
                QStringLiteral("%1 is \"%2\"; the space has %3")
                    .arg(column.name, value.left(40), column.choices.join(QStringLiteral(", "))));
        genome.back() = quint16(choice);
    }
    bool number = false;
    const double accuracy = text(m_accuracy).toDouble(&number);
    if (!number || !std::isfinite(accuracy))
        return wrong(csv.line(), m_accuracy,
                     QStringLiteral("the accuracy is \"%1\"; write a number such as 0.664")
                         .arg(text(m_accuracy).left(40)));
    const QByteArray key = keyOf(m_genes.canonical(genome));
    const auto known = m_scores.constFind(key);
    if (known != m_scores.constEnd() && *known != accuracy)
        return wrong(csv.line(), m_accuracy,
                     QStringLiteral("this network stands in line %1 too, with another accuracy")
                         .arg(m_lines.value(key)));
    m_scores.insert(key, accuracy);
    m_lines.insert(key, csv.line());
    return {};
}

Result<Scores> Table::read(const QByteArray &bytes)
{
    CsvReader csv(bytes);
    if (!csv.next()) return wrong(1, 0, QStringLiteral("the table is empty"));
    if (Result<> header = readHeader(csv); !header) return tl::make_unexpected(header.error());
    while (csv.next()) {
        if (csv.blank()) continue;
        if (Result<> row = readRow(csv); !row) return tl::make_unexpected(row.error());
    }
    if (m_scores.isEmpty()) return wrong(2, 0, QStringLiteral("the table holds no network"));
    return std::move(m_scores);
}

Result<Scores> readTable(const Genes &genes, const QString &csvPath)
{
    QFile file(csvPath);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, QStringLiteral("cannot be read: %1").arg(file.errorString()),
                    csvPath);
    if (file.size() > mostTableBytes)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("the table is larger than 256 MiB; split the space"), csvPath);
    return Table(genes, csvPath).read(file.readAll());
}

} // namespace

Result<Score> tableScore(const QString &csvPath, const SearchSpace &space)
{
    const auto genes = std::make_shared<const Genes>(space);
    Result<Scores> read = readTable(*genes, csvPath);
    if (!read) return tl::make_unexpected(read.error());
    const auto scores = std::make_shared<const Scores>(*std::move(read));
    return Score(
        [genes, scores](const Network &network, const Report &) -> Result<std::optional<double>> {
            const auto genome = genes->genomeOf(network);
            if (!genome) return std::optional<double>{};
            const auto found = scores->constFind(keyOf(*genome));
            return found == scores->constEnd() ? std::nullopt : std::optional(*found);
        });
}

Result<std::vector<Network>> tableNetworks(const QString &csvPath, const SearchSpace &space)
{
    const Genes genes(space);
    const Result<Scores> read = readTable(genes, csvPath);
    if (!read) return tl::make_unexpected(read.error());
    // A hash has no order of its own.
    std::vector<QByteArray> keys(read->keyBegin(), read->keyEnd());
    std::sort(keys.begin(), keys.end());
    std::vector<Network> networks;
    for (const QByteArray &key : keys)
        networks.push_back(genes.network(genomeFrom(key)));
    return networks;
}

} // namespace atomnet
