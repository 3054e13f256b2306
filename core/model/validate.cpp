#include "core/model/validate.h"
