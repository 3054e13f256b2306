#include "widgets/common/theme.h"
