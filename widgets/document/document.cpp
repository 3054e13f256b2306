#include "widgets/document/document.h"
