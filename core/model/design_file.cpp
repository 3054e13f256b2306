#include "core/model/design_file.h"
