#include "tests/support/emulated_usb.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace atomnet::test
{

bool usbIsEmulated()
{
    return qEnvironmentVariableIsSet("USB_EMULATOR");
}

void emulateUsb(char **argv, const std::vector<EmulatedProfiler> &profilers)
{
    QByteArray emulator(ATOMNET_USB_EMULATOR);
    if (emulator.isEmpty() || usbIsEmulated()) return;
    std::vector<QByteArray> texts{emulator};
    for (const EmulatedProfiler &one : profilers) {
        texts.emplace_back("--profiler");
        texts.push_back(one.serial);
        texts.push_back(one.command);
    }
    texts.emplace_back("--");
    std::vector<char *> words;
    for (QByteArray &text : texts)
        words.push_back(text.data());
    for (; *argv; ++argv)
        words.push_back(*argv);
    words.push_back(nullptr);
    execv(words[0], words.data());
}

bool orderUsb(const QByteArray &line)
{
    const int socket = qEnvironmentVariableIntValue("USB_EMULATOR");
    fcntl(socket, F_SETFD, FD_CLOEXEC); // programs that this one starts must not hold it open
    const QByteArray order = line + '\n';
    if (::write(socket, order.constData(), std::size_t(order.size())) != order.size()) return false;
    QByteArray answer;
    char byte = 0;
    while (!answer.endsWith('\n')) {
        const ssize_t count = ::read(socket, &byte, 1);
        if (count == 0 || (count < 0 && errno != EINTR)) return false;
        if (count > 0) answer += byte;
    }
    return answer == "ok\n";
}

} // namespace atomnet::test
