#include "widgets/canvas/canvas_view.h"
