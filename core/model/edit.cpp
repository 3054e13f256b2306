#include "core/model/edit.h"
