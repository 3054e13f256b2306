#include "core/lowering/atom_key.h"
