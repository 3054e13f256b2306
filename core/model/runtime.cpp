#include "core/model/runtime.h"
