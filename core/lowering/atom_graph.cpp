#include "core/lowering/atom_graph.h"
