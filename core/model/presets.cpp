#include "core/model/presets.h"
