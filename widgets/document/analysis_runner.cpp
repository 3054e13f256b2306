#include "widgets/document/analysis_runner.h"
