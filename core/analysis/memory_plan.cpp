#include "core/analysis/memory_plan.h"
