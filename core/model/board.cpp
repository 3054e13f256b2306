#include "core/model/board.h"
