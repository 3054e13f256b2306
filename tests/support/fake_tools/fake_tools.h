#pragma once

#include <QByteArray>
#include <QStringList>
#include <QTemporaryDir>

// Tools that flash boards, without boards: shell scripts in a PATH of their own that replay texts
// and exit codes.
namespace atomnet::test
{

class FakeTools
{
public:
    /// PATH leads to the fakes alone until destroyed.
    FakeTools();
    ~FakeTools();
    Q_DISABLE_COPY_MOVE(FakeTools)

    /// What a tool does when it is asked to "identify", "read" or "write"; installs it.
    struct Act {
        QByteArray text;
        int exitCode = 0;
        bool works = true;    ///< a read or write really happens
        int sleepSeconds = 0; ///< behind the text; nothing else happens then
    };
    void set(const QString &tool, const QString &action, const Act &act);
    /// A program with a script of its own.
    void install(const QString &name, const QByteArray &script);
    void remove(const QString &tool);

    void setFlash(const QByteArray &flash);
    [[nodiscard]] QByteArray flash() const;
    /// Command lines so far.
    [[nodiscard]] QStringList calls() const;
    [[nodiscard]] QString file(const QString &name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
    QByteArray m_path;
};

} // namespace atomnet::test
