#include "core/atomdb/csv_import.h"

#include "core/atomdb/csv_reader.h"
#include "core/atomdb/csv_rows.h"
#include "core/atomdb/csv_values.h"

#include <QStringList>

#include <algorithm>

namespace atomnet
{

QByteArrayView CsvRow::operator[](std::size_t column) const
{
    const int place = m_places[column];
    if (place < 0 || std::size_t(place) >= m_fields.size()) return {};
    return trimmed(m_fields[std::size_t(place)]);
}

QString CsvRow::text(std::size_t column) const
{
    const int place = m_places[column];
    if (place < 0 || std::size_t(place) >= m_fields.size()) return {};
    return QString::fromUtf8(m_fields[std::size_t(place)]);
}

std::optional<qint64> CsvRow::number(std::size_t column) const
{
    return wholeNumber((*this)[column]);
}

RowResult rejected(const QString &reason)
{
    RowResult result;
    result.reason = reason;
    return result;
}

RowResult skipped(const QString &reason)
{
    RowResult result;
    result.action = ImportReport::Action::Skipped;
    result.reason = reason;
    return result;
}

namespace
{

bool sameName(QByteArrayView a, const char *b)
{
    return trimmed(a).compare(QByteArrayView(b), Qt::CaseInsensitive) == 0;
}

/// A reader together with where its columns stand in this file.
struct Layout {
    CsvFormat format = CsvFormat::Operators;
    std::unique_ptr<RowReader> reader;
    std::vector<int> places;
    QStringList missing, twice;
};

Layout layoutOf(CsvFormat format, std::unique_ptr<RowReader> reader,
                const std::vector<QByteArrayView> &header)
{
    Layout layout{format, std::move(reader), {}, {}, {}};
    const RowReader::Columns columns = layout.reader->columns();
    for (std::size_t i = 0; i < columns.names.size(); ++i) {
        const char *name = columns.names[i];
        const auto isName = [&](QByteArrayView field) { return sameName(field, name); };
        const auto place = std::find_if(header.begin(), header.end(), isName);
        layout.places.push_back(place == header.end() ? -1 : int(place - header.begin()));
        if (place == header.end()) {
            if (i < columns.required) layout.missing << QString::fromLatin1(name);
        } else if (std::find_if(place + 1, header.end(), isName) != header.end()) {
            layout.twice << QString::fromLatin1(name);
        }
    }
    return layout;
}

QString formatName(CsvFormat format)
{
    switch (format) {
    case CsvFormat::Operators:
        return QStringLiteral("AtomDB's operators");
    case CsvFormat::SqueezeExcite:
        return QStringLiteral("AtomDB's squeeze-excite modules");
    case CsvFormat::Export:
        break;
    }
    return QStringLiteral("an export of this program");
}

QString joined(const QStringList &names)
{
    if (names.size() < 2) return names.join(QString());
    return names.mid(0, names.size() - 1).join(QStringLiteral(", ")) + QStringLiteral(" and ") +
           names.last();
}

/// The format that the first line fits best.
Result<Layout> chooseLayout(const CsvReader &csv, const QString &where)
{
    std::vector<Layout> layouts;
    layouts.push_back(layoutOf(CsvFormat::Operators, operatorRows(), csv.fields()));
    layouts.push_back(layoutOf(CsvFormat::SqueezeExcite, squeezeExciteRows(), csv.fields()));
    layouts.push_back(layoutOf(CsvFormat::Export, exportRows(), csv.fields()));
    const auto found = [](const Layout &l) {
        return qsizetype(l.reader->columns().required) - l.missing.size();
    };
    const auto best =
        std::min_element(layouts.begin(), layouts.end(), [&](const Layout &a, const Layout &b) {
            return std::pair(-found(a), a.missing.size()) < std::pair(-found(b), b.missing.size());
        });
    if (found(*best) == 0)
        return fail(
            ErrorCode::BadInput,
            QStringLiteral("this is not a measurement file: its first line names none of the "
                           "columns of AtomDB's files, such as c_in, MACs and latency"),
            where);
    if (!best->missing.isEmpty())
        return fail(
            ErrorCode::BadInput,
            (best->missing.size() == 1
                 ? QStringLiteral("the column %1 is missing for a file of %2; choose the file "
                                  "as it was published")
                 : QStringLiteral("the columns %1 are missing for a file of %2; choose the "
                                  "file as it was published"))
                .arg(joined(best->missing), formatName(best->format)),
            where);
    if (!best->twice.isEmpty())
        return fail(ErrorCode::BadInput,
                    QStringLiteral("the first line names %1 twice; delete one of the columns")
                        .arg(joined(best->twice)),
                    where);
    return std::move(*best);
}

/// Why this record cannot be read at all; empty when it can.
QString formFault(const CsvReader &csv, std::size_t columns)
{
    const std::vector<QByteArrayView> &fields = csv.fields();
    if (csv.malformed())
        return QStringLiteral("a quote is not closed, or stands where none may be");
    if (fields.size() < columns)
        return QStringLiteral("the row has fewer fields than the first line");
    const bool more = std::any_of(fields.begin() + qsizetype(columns), fields.end(),
                                  [](QByteArrayView field) { return !trimmed(field).isEmpty(); });
    return more ? QStringLiteral("the row has more fields than the first line") : QString();
}

} // namespace

Result<CsvContents> parseCsv(QByteArrayView bytes, const QString &name, const RunControl &control)
{
    CsvReader csv(bytes);
    bool found = csv.next();
    while (found && csv.blank())
        found = csv.next();
    if (!found) return fail(ErrorCode::BadInput, QStringLiteral("the file is empty"), name);
    Result<Layout> layout = chooseLayout(csv, QStringLiteral("%1:%2").arg(name).arg(csv.line()));
    if (!layout) return tl::make_unexpected(layout.error());
    RowReader &reader = *layout->reader;
    const std::size_t columns = csv.fields().size();

    CsvContents contents;
    contents.format = layout->format;
    ImportReport &report = contents.report;
    report.file = name;
    const QString blankLine = QStringLiteral("blank line");
    const QString furtherSample =
        QStringLiteral("further sample of an operator on an earlier line");
    const CsvRow row(csv.fields(), layout->places);
    while (csv.next()) {
        if (++report.lines % 4096 == 0) {
            if (control.cancelled())
                return fail(ErrorCode::Cancelled, QStringLiteral("the import was stopped"), name);
            control.progress(csv.progress());
        }
        if (csv.blank()) {
            report.note(ImportReport::Action::Skipped, csv.line(), blankLine);
            continue;
        }
        const QString fault = formFault(csv, columns);
        const RowResult result = fault.isEmpty() ? reader.read(row) : rejected(fault);
        if (!result.key) {
            report.note(result.action, csv.line(), result.reason);
            continue;
        }
        ++report.used;
        if (!result.repaired.isEmpty())
            report.note(ImportReport::Action::Repaired, csv.line(), result.repaired);
        if (!reader.batch().add(*result.key, result.entry))
            report.note(ImportReport::Action::Merged, csv.line(), furtherSample);
    }
    contents.batches = reader.take();
    for (const SampleBatch &batch : contents.batches) {
        report.keys += qint64(batch.keys().size());
        report.repeatedKeys += batch.repeatedKeys();
    }
    return contents;
}

} // namespace atomnet
