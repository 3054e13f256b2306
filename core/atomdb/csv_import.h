#pragma once

#include "core/atomdb/import_report.h"
#include "core/atomdb/sample_batch.h"
#include "core/base/result.h"
#include "core/base/run_control.h"

#include <QByteArrayView>

// From the bytes of a measurement file to samples, without a database.
namespace atomnet
{

enum class CsvFormat : quint8 {
    Operators,     ///< the AtomDB authors' operators: type, conv_type, groups, c_in, ... latency
    SqueezeExcite, ///< their squeeze-excite modules: c_in, h_in, w_in, MACs, Flash, latency, ...
    Export,        ///< what AtomDb::exportCsv writes
};

struct CsvContents {
    CsvFormat format = CsvFormat::Operators;
    /// One for the authors' files, without a condition; one per condition and unit for an export.
    std::vector<SampleBatch> batches;
    ImportReport report; ///< added and present stay 0: nothing is stored yet
};

/// Reads a whole file. Columns are found by their names in the first line. A row that cannot be
/// used is counted and listed in the report; it never stops the reading. Authors' rows: the kind
/// follows from conv_type, MACs and the sizes, since the type column is scrambled; a row is used
/// only when its MACs and Flash are what its sizes give. Keys carry the smallest stride that gives
/// the output size, and activation unknown; a convolution of 3 channels (the stem) pads itself by
/// half its kernel. Errors: BadInput for an empty file or missing columns (named); Cancelled.
[[nodiscard]] Result<CsvContents> parseCsv(QByteArrayView bytes, const QString &name,
                                           const RunControl &control = {});

} // namespace atomnet
