#include "core/atomdb/atom_db.h"
