#include "widgets/document/atomdb_service.h"
