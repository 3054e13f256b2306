#include "core/analysis/report.h"
