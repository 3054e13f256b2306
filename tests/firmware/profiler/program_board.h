#pragma once

#include "tests/firmware/profiler/frames.h"

#include <QProcess>

/// A profiler that is a program (or an emulator's), spoken to over its standard input and output.
class ProgramBoard
{
public:
    explicit ProgramBoard(const QString &program, const QStringList &arguments = {});
    ~ProgramBoard();
    /// QEMU with a firmware image of the CPU "m4" or "m7".
    static QStringList emulatorArguments(const QString &cpu, const QString &image);

    /// One request and its reply; a reply of status 255 when none comes.
    Reply ask(ap_message_t type, const Bytes &payload = {}, int timeoutMs = 20'000);
    void send(const Bytes &bytes);
    /// The next reply; status 255 after the timeout.
    Reply next(int timeoutMs = 20'000);
    /// Closes its input; its exit code, -1 when it does not end.
    int end();

private:
    QProcess m_process;
    ap_decoder_t m_decoder{};
    QByteArray m_arrived;
    uint16_t m_sequence = 0;
};
