#pragma once

#include "core/base/result.h"
#include "core/exporters/export_request.h"

#include <QProcess>

#include <vector>

// Building and running exported C projects from tests: straight through the compiler, which is
// faster than CMake and lets a test bring a main of its own. Needs the files' prefix to be "model"
// where it says so.
namespace atomnet::test
{

enum class CMachine { Host, M4, M7 };
/// What is not installed of what the machine needs; empty: all is there.
[[nodiscard]] QString missingTool(CMachine machine);

/// Output of a program that ran.
struct CRun {
    int exitCode = -1; ///< -1: it did not start or did not end
    QByteArray text;   ///< standard output and error
};
[[nodiscard]] CRun runProgram(const QString &program, const QStringList &arguments,
                              const QString &folder = {}, int timeoutSeconds = 120);
/// Runs what link() made.
[[nodiscard]] CRun runOn(CMachine machine, const QString &elf, const QString &folder = {});

/// Writes files below the folder; false when one could not be written.
[[nodiscard]] bool writeFiles(const std::vector<ExportFile> &files, const QString &folder);

/// An exported project on disk. Its files must not change while it is used: objects are kept.
class CProject
{
public:
    explicit CProject(const QString &folder) : m_folder(folder) {}

    enum class Program { SelfTest, Minimal };
    /// One of the project's own programs. Device with the compiler's complaints.
    [[nodiscard]] Result<QString> link(CMachine machine, Program program,
                                       const QStringList &defines = {});
    /// The library with these sources (absolute paths).
    [[nodiscard]] Result<QString> linkWith(CMachine machine, const QStringList &sources,
                                           const QStringList &defines = {});

    /// What the library computes for inputs of the test's own. Prefix "model".
    struct Outputs {
        std::vector<std::vector<qint8>> outputs; ///< by input
        std::vector<std::vector<std::vector<qint8>>>
            layers; ///< by input and layer; empty unless asked for
    };
    [[nodiscard]] Result<Outputs>
    run(CMachine machine, const std::vector<std::vector<qint8>> &inputs, bool layers = false);

    /// Linker script of the following links on M4 and M7: "qemu" (as from the start), "stm32h743",
    /// ...
    void setBoard(const QString &board) { m_board = board; }
    [[nodiscard]] QString folder() const { return m_folder; }
    /// Sources of the library, kernels included.
    [[nodiscard]] QStringList librarySources() const;

private:
    [[nodiscard]] Result<QString> compile(CMachine machine, const QString &source,
                                          const QStringList &defines);

    QString m_folder, m_board = QStringLiteral("qemu");
};

/// Bytes of a linked ELF.
struct ElfSizes {
    qint64 flash = 0; ///< text, read-only data, exception index and initial values of data
    qint64 code = 0;  ///< text alone
    qint64 ram = 0;   ///< data and bss; the stack is apart
};
[[nodiscard]] Result<ElfSizes> elfSizes(const QString &elf);
/// Size of a symbol; -1 when it is not there.
[[nodiscard]] qint64 symbolBytes(const QString &elf, const QString &symbol);

} // namespace atomnet::test
