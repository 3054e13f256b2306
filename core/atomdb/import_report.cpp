#include "core/atomdb/import_report.h"
