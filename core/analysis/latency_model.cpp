#include "core/analysis/latency_model.h"
