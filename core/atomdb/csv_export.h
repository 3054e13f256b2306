#pragma once

#include "core/atomdb/sql_connection.h"
#include "core/base/run_control.h"

namespace atomnet
{

/// Writes every sample of the database as CSV (UTF-8, LF), one line each, after a first line with
/// the names of the columns:
///
///   board,runtime,clock_hz,caches,compiler,flags,kernel_version,unit    what it was measured
///   under; unit is ns or
///                                                                       instructions
///   kind,in_h,in_w,in_c,out_h,out_w,out_c,kernel_h,kernel_w,stride_h,stride_w,pad_t,pad_l,pad_b,pad_r,dilation,
///   groups,squeeze,activation,data_type,weights,variant                 the operator (AtomKey)
///   value,nth                                                           the sample; nth counts
///   equal ones from 0 cycles,flash_bytes,sram_bytes                                       as its
///   source reports them; may be empty source name of the file or device it came from
///
/// Lines are sorted by these columns up to nth, texts by code point and enumerators by their
/// number, so that equal databases give equal files. Cells with commas, quotes or line ends are
/// quoted. Importing the file into an empty database gives the same samples and aggregates. Returns
/// the number of samples. The file appears complete or not at all.
[[nodiscard]] Result<qint64> writeCsvExport(const SqlConnection &connection, const QString &path,
                                            const RunControl &control);

} // namespace atomnet
