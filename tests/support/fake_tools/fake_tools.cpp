#include "tests/support/fake_tools/fake_tools.h"

#include <QFile>

namespace atomnet::test
{

namespace
{

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void makeExecutable(const QString &path)
{
    if (!QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
        qFatal("cannot make %s executable", qPrintable(path));
}

} // namespace

FakeTools::FakeTools() : m_path(qgetenv("PATH"))
{
    if (!m_folder.isValid()) qFatal("no temporary folder");
    qputenv("PATH", m_folder.path().toLocal8Bit());
    qputenv("FAKE_TOOLS", m_folder.path().toLocal8Bit());
}

FakeTools::~FakeTools()
{
    qputenv("PATH", m_path);
    qunsetenv("FAKE_TOOLS");
}

void FakeTools::set(const QString &tool, const QString &action, const Act &act)
{
    if (!QFile::exists(file(tool)))
        install(tool,
                read(QStringLiteral(ATOMNET_SOURCE_DIR "/tests/support/fake_tools/fake_tool.sh")));
    const QString said = file(tool + QLatin1Char('.') + action);
    write(said + QStringLiteral(".text"), act.text);
    write(said + QStringLiteral(".exit"), QByteArray::number(act.exitCode));
    QFile::remove(said + QStringLiteral(".fails"));
    QFile::remove(said + QStringLiteral(".sleep"));
    if (!act.works) write(said + QStringLiteral(".fails"), {});
    if (act.sleepSeconds)
        write(said + QStringLiteral(".sleep"), QByteArray::number(act.sleepSeconds));
}

void FakeTools::install(const QString &name, const QByteArray &script)
{
    write(file(name), script);
    makeExecutable(file(name));
}

void FakeTools::remove(const QString &tool)
{
    QFile::remove(file(tool));
}

void FakeTools::setFlash(const QByteArray &flash)
{
    write(file(QStringLiteral("flash.bin")), flash);
}

QByteArray FakeTools::flash() const
{
    return read(file(QStringLiteral("flash.bin")));
}

QStringList FakeTools::calls() const
{
    return QString::fromLocal8Bit(read(file(QStringLiteral("calls"))))
        .split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

} // namespace atomnet::test
