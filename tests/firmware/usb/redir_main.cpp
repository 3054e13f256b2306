// dwc2_redir SOCKET PROGRAM [ARGUMENT]...: waits for QEMU at a UNIX socket and plugs the modelled
// board in, whose profiler is a program that speaks the protocol by its standard input and output.
// Says "listening" when QEMU may start.
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/firmware/usb/redir_device.h"

static int listenAt(const char *path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (std::strlen(path) >= sizeof address.sun_path) return -1;
    std::strcpy(address.sun_path, path);
    unlink(path);
    const int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(file, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 ||
        listen(file, 1) != 0)
        return -1;
    return file;
}

int main(int count, char **arguments)
{
    if (count < 3) {
        std::fputs("dwc2_redir SOCKET PROGRAM [ARGUMENT]...\n", stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    int down[2], up[2];
    const int server = listenAt(arguments[1]);
    if (server < 0 || pipe2(down, O_CLOEXEC) != 0 || pipe2(up, O_CLOEXEC) != 0) {
        std::perror(arguments[1]);
        return 2;
    }
    const pid_t program = fork();
    if (program == 0) {
        signal(SIGPIPE, SIG_DFL);
        dup2(down[0], STDIN_FILENO);
        dup2(up[1], STDOUT_FILENO);
        execv(arguments[2], arguments + 2);
        std::perror(arguments[2]);
        _exit(127);
    }
    close(down[0]);
    close(up[1]);
    std::puts("listening");
    std::fflush(stdout);

    const int qemu = accept(server, nullptr, nullptr);
    RedirDevice device(qemu, down[1], up[0]);
    const bool shown = device.run();
    close(down[1]); // the program ends with its input
    waitpid(program, nullptr, 0);
    for (const std::string &violation : device.violations()) {
        std::printf("violation: %s\n", violation.c_str());
    }
    std::puts(shown && device.violations().empty() ? "clean" : "not clean");
    unlink(arguments[1]);
    return shown && device.violations().empty() ? 0 : 1;
}
