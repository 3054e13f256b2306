#include "app/cli/db_database.h"

#include "app/cli/progress_line.h"
#include "core/analysis/prediction/refit.h"
#include "core/atomdb/shipped_atomdb.h"

#include <QFileInfo>

namespace atomnet
{

OptionSpec databaseOption()
{
    return {QStringLiteral("db"), QStringLiteral("PATH"),
            QStringLiteral("the AtomDB; default: your own")};
}

QString databasePath(const ParsedCommand &command)
{
    return command.value(QStringLiteral("db"), AtomDb::defaultPath());
}

Result<AtomDb> openExisting(const QString &path)
{
    const bool ships = path == AtomDb::defaultPath() && !shippedAtomDb().isEmpty();
    if (!ships && !QFileInfo::exists(path))
        return fail(
            ErrorCode::BadInput,
            QStringLiteral("there is no AtomDB here yet; atomnet-designer db import makes one"),
            path);
    return openAtomDb(path, AtomDb::Mode::ReadOnly);
}

bool sameFile(const QString &a, const QString &b)
{
    return QFileInfo(a).absoluteFilePath() == QFileInfo(b).absoluteFilePath();
}

int refitModels(AtomDb &db, Console &console)
{
    const Interruptible interruptible;
    ProgressLine progress(console, QStringLiteral("fitting latency models"));
    const auto fitted = refreshModels(db, interruptible.control(progress.control()));
    progress.finished();
    if (fitted) return *fitted;
    console.err << "atomnet-designer: the samples are stored, but no latency model was fitted on "
                   "them: "
                << fitted.error().message() << '\n';
    return 0;
}

} // namespace atomnet
