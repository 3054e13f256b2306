#include "core/model/network.h"
