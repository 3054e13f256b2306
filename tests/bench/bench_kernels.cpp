#include <cstdio>
#include <unistd.h>

// Instructions per product of the int8 kernels on virtual boards: kernels/measure.py builds, runs
// and reports.
int main()
{
    const char *script = ATOMNET_SOURCE_DIR "/tests/bench/kernels/measure.py";
    execlp("python3", "python3", "-B", script, static_cast<char *>(nullptr));
    std::perror("bench_kernels: python3");
    return 1;
}
