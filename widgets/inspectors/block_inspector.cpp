#include "widgets/inspectors/block_inspector.h"
