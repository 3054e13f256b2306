#include "widgets/document/selection.h"
