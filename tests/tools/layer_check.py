#!/usr/bin/env python3
"""Who may include whom. layer_check.py [--self-test] ROOT QT_INCLUDE_FOLDER"""
import pathlib
import re
import sys

import source_tree

CORE = ["core/base", "core/model", "core/lowering", "core/atomdb", "core/analysis"]
INT8 = ["core/quant", "core/inference", "core/exporters"]
KERNELS = ["firmware/kernels"]
FIRMWARE = KERNELS + ["firmware/protocol", "firmware/profiler"] # what the host compiles of it
DEVICE = ["core/device", "core/measuring", "core/search"]
WIDGETS = ["widgets/common", "widgets/document"]
GUI = {"QtCore", "QtGui", "QtWidgets", "QtSvg", "QtConcurrent"}

# Folder -> (folders of ours besides itself, Qt modules). What is not named here may not exist.
ALLOWED = {
    "core/base": ([], {"QtCore"}),
    "core/model": (CORE[:1], {"QtCore"}),
    "core/lowering": (CORE[:2], {"QtCore"}),
    "core/atomdb": (CORE[:3], {"QtCore", "QtSql"}),
    "core/formats": ([], set()),
    "core/quant": (CORE[:3] + ["core/formats"], {"QtCore"}),
    "core/analysis": (CORE[:4] + KERNELS, {"QtCore"}),
    "core/inference": (CORE + ["core/quant"] + KERNELS, {"QtCore"}),
    "core/exporters": (CORE + ["core/quant", "core/inference", "core/formats"] + KERNELS, {"QtCore"}),
    "core/device": (CORE[:4] + FIRMWARE, {"QtCore", "QtSerialPort"}),
    "core/search": (CORE, {"QtCore"}),
    "core/measuring": (CORE + INT8 + ["core/device", "core/search"] + FIRMWARE, {"QtCore"}),
    "firmware/kernels": ([], set()),
    "firmware/protocol": ([], set()),
    "firmware/profiler": ([], set()),
    "firmware/port": ([], set()),
    "widgets/common": (CORE + INT8 + DEVICE, GUI),
    "widgets/document": (CORE + INT8 + DEVICE + ["firmware/protocol"], {"QtCore", "QtGui", "QtConcurrent"}),
    "widgets/canvas": (CORE + INT8 + DEVICE + WIDGETS, GUI),
    "widgets/dashboards": (CORE + INT8 + DEVICE + WIDGETS, GUI | {"QtCharts", "QtSvgWidgets"}),
    "widgets/inspectors": (CORE + INT8 + DEVICE + WIDGETS, GUI),
    "app/cli": (CORE + INT8 + DEVICE, {"QtCore"}),
    "app/window": (CORE + INT8 + DEVICE + WIDGETS + ["widgets/canvas", "widgets/dashboards", "widgets/inspectors"], GUI),
    "app/make_atomdb": (CORE[:4], {"QtCore"}),
    "app/main": (["app/cli", "app/window"], {"QtCore"}),
}
# Kernels are copied into products: they see each other and these alone.
KERNEL_HEADERS = {"stddef.h", "stdint.h", "string.h", "arm_acle.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def qt_modules(name, qt_folder):
    """The Qt modules that have a header of this name: {"QtSql"} for QSqlQuery or QtSql/QSqlQuery."""
    if "/" in name:
        return {name.split("/")[0]} if name.startswith("Qt") else set()
    return {path.parent.name for path in qt_folder.glob(f"Qt*/{name}")}


def check(root, arguments):
    problems = []
    for path in source_tree.files(root, ("app", "core", "widgets"), {".h", ".cpp"}):
        layer = "/".join(path.parts[:2])
        if layer not in ALLOWED:
            problems.append(f"{path}: the folder {layer} has no line in the table of layers")
            continue
        ours, qt = ALLOWED[layer]
        for quote, name in INCLUDE.findall((root / path).read_text(encoding="utf-8")):
            target = "/".join(name.split("/")[:2])
            modules = qt_modules(name, pathlib.Path(arguments[0]))
            if target in ALLOWED and target != layer and target not in ours:
                problems.append(f"{path}: {layer} may not include {name}")
            elif quote == '"' and target not in ALLOWED and not name.endswith(".moc"):
                problems.append(f"{path}: write {name} from the root of the project")
            elif modules and not modules & qt:
                problems.append(f"{path}: {layer} may not use {'/'.join(sorted(modules))} ({name})")
    for path in source_tree.files(root, KERNELS, {".h", ".c"}):
        for quote, name in INCLUDE.findall((root / path).read_text(encoding="utf-8")):
            known = name.startswith("ak_") and "/" not in name if quote == '"' else name in KERNEL_HEADERS
            if not known:
                problems.append(f"{path}: a kernel may not include {name}")
    return problems


GOOD = {
    "core/base/a.h": "#include <QString>\n#include <vector>\n",
    "core/atomdb/a.cpp": '#include "core/atomdb/a.h"\n#include "core/model/a.h"\n#include <QSqlQuery>\n',
    "firmware/kernels/ak_a.c": '#include "ak_types.h"\n#include <stdint.h>\n',
    "widgets/canvas/a.cpp": '#include "widgets/document/a.h"\n#include <QWidget>\n#include "a.moc"\n',
}
BAD = [
    {"core/base/a.h": '#include "core/model/a.h"\n'},
    {"core/model/a.h": "#include <QWidget>\n"},
    {"core/model/a.h": "#include <QtGui/QColor>\n"},
    {"core/analysis/a.cpp": "#include <QSqlQuery>\n"},
    {"core/atomdb/a.cpp": '  #  include "core/analysis/a.h"\n'},
    {"core/analysis/a.cpp": '#include "report.h"\n'},
    {"core/elsewhere/a.h": "\n"},
    {"app/cli/a.cpp": '#include "widgets/document/document.h"\n'},
    {"widgets/canvas/a.cpp": '#include "widgets/inspectors/a.h"\n'},
    {"widgets/document/a.h": "#include <QWidget>\n"},
    {"widgets/inspectors/a.h": "#include <QChart>\n"},
    {"firmware/kernels/ak_a.c": "#include <stdio.h>\n"},
    {"firmware/kernels/ak_a.c": '#include "firmware/kernels/ak_types.h"\n'},
    {"core/quant/a.cpp": '#include "core/analysis/a.h"\n'},
]
if __name__ == "__main__":
    sys.exit(source_tree.main(check, BAD, GOOD))
