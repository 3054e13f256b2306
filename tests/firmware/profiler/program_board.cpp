#include "tests/firmware/profiler/program_board.h"

#include <QDeadlineTimer>

ProgramBoard::ProgramBoard(const QString &program, const QStringList &arguments)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(program, arguments);
}

ProgramBoard::~ProgramBoard()
{
    m_process.kill();
    m_process.waitForFinished(5000);
}

QStringList ProgramBoard::emulatorArguments(const QString &cpu, const QString &image)
{
    return {"-M",
            cpu == "m4" ? "mps2-an386" : "mps2-an500",
            "-nographic",
            "-monitor",
            "none",
            "-serial",
            "none",
            "-icount",
            "shift=6",
            "-semihosting-config",
            "enable=on,target=native",
            "-kernel",
            image};
}

void ProgramBoard::send(const Bytes &bytes)
{
    m_process.write(reinterpret_cast<const char *>(bytes.data()), qint64(bytes.size()));
}

Reply ProgramBoard::next(int timeoutMs)
{
    const QDeadlineTimer deadline(timeoutMs);
    for (;;) {
        for (qsizetype i = 0; i < m_arrived.size(); ++i) {
            Reply reply;
            if (!ap_decoder_push(&m_decoder, uint8_t(m_arrived[i]), &reply.header)) continue;
            const uint8_t *const payload = m_decoder.plain + AP_HEADER_BYTES;
            reply.payload.assign(payload, payload + reply.header.count);
            m_arrived.remove(0, i + 1);
            return reply;
        }
        m_arrived.clear();
        if (deadline.hasExpired() || !m_process.waitForReadyRead(int(deadline.remainingTime())))
            return {{0, 255, 0, 0}, {}};
        m_arrived = m_process.readAllStandardOutput();
    }
}

Reply ProgramBoard::ask(ap_message_t type, const Bytes &payload, int timeoutMs)
{
    send(frame(type, ++m_sequence, payload));
    for (;;) {
        Reply reply = next(timeoutMs);
        if (reply.header.sequence == m_sequence || reply.header.status == 255) return reply;
    }
}

int ProgramBoard::end()
{
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(10'000)) return -1;
    return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}
