#include "core/model/runtime.h"

#include <QStringList>

namespace atomnet
{

QString runtimeId(Runtime runtime)
{
    switch (runtime) {
    case Runtime::XCubeAi72:
        return QStringLiteral("x-cube-ai-7.2");
    case Runtime::AtomNet1:
        return QStringLiteral("atomnet-1");
    }
    Q_UNREACHABLE();
}

QString displayName(Runtime runtime)
{
    switch (runtime) {
    case Runtime::XCubeAi72:
        return QStringLiteral("X-CUBE-AI 7.2");
    case Runtime::AtomNet1:
        return QStringLiteral("AtomNet 1");
    }
    Q_UNREACHABLE();
}

Result<Runtime> runtimeById(const QString &id)
{
    QStringList known;
    for (const Runtime runtime : allRuntimes) {
        if (id == runtimeId(runtime)) return runtime;
        known << runtimeId(runtime);
    }
    return fail(ErrorCode::Usage, QStringLiteral("there is no runtime \"%1\"; use one of %2")
                                      .arg(id, known.join(QStringLiteral(", "))));
}

} // namespace atomnet
