#include "core/analysis/report_text.h"
