#pragma once

#include "core/device/link.h"

#include <QStringList>

#include <atomic>

#include <sys/types.h>

namespace atomnet
{

/// A program that speaks the protocol on its standard input and output: a profiler for this
/// computer, or an emulator. open() starts it anew; close() ends it. It sees the end of its input
/// when we end, however that happens.
class ProcessLink : public Link
{
public:
    ProcessLink(QString name, QString program, QStringList arguments);
    ~ProcessLink() override;

    [[nodiscard]] LinkResult<> open() override;
    void close() override;
    [[nodiscard]] LinkResult<> write(QByteArrayView bytes, int timeoutMs) override;
    [[nodiscard]] LinkResult<QByteArray> read(int timeoutMs) override;
    void interrupt() override;
    [[nodiscard]] QString name() const override { return m_name; }
    [[nodiscard]] pid_t processId() const { return m_pid; } ///< -1 while closed

protected:
    /// Of the next open().
    void setProgram(QString program, QStringList arguments);

private:
    enum class Wait : quint8 { Ready, Timeout, Interrupted };
    [[nodiscard]] Wait waitFor(int file, short events, int timeoutMs);
    [[nodiscard]] tl::unexpected<LinkError> gone();
    void readComplaints();

    QString m_name, m_program;
    QStringList m_arguments;
    pid_t m_pid = -1;
    int m_in = -1, m_out = -1, m_err = -1; ///< our ends of the program's standard files
    int m_wake = -1;                       ///< interrupt() writes to it
    std::atomic_bool m_interrupted = false;
    QByteArray m_complaints; ///< end of what it wrote to standard error
};

/// QEMU as virtual board "qemu-m4" or "qemu-m7", with this image, or with the profiler when it is
/// "". open() looks for both.
class EmulatorLink : public ProcessLink
{
public:
    explicit EmulatorLink(QString board, QString image = {});
    [[nodiscard]] LinkResult<> open() override;
    /// QEMU's program; "" when it is not installed.
    [[nodiscard]] static QString program();
    /// What it is started with.
    [[nodiscard]] static QStringList arguments(const QString &board, const QString &image);

private:
    QString m_board, m_image;
};

} // namespace atomnet
