#include "core/lowering/lower.h"
