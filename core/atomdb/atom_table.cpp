#include "core/atomdb/atom_table.h"
