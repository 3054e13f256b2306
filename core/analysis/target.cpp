#include "core/analysis/target.h"
