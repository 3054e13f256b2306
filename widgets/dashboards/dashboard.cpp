#include "widgets/dashboards/dashboard.h"
