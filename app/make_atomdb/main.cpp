#include "core/atomdb/shipped_atomdb.h"

#include <QCoreApplication>

#include <cstdio>

// Run by the build: makes the AtomDB that ships from its CSV.
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 3) {
        std::fputs("usage: make_atomdb CSV SQLITE\n", stderr);
        return 2;
    }
    const auto samples = atomnet::makeShippedAtomDb(arguments[1], arguments[2]);
    if (samples) return 0;
    std::fprintf(stderr, "make_atomdb: %s\n", qPrintable(samples.error().message()));
    return atomnet::exitCode(samples.error().code);
}
