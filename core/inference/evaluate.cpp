#include "core/inference/evaluate.h"

#include <numeric>

namespace atomnet
{

int Confusion::total() const
{
    return std::accumulate(counts.begin(), counts.end(), 0);
}

int Confusion::correct() const
{
    int sum = 0;
    for (int i = 0; i < classes; ++i)
        sum += at(i, i);
    return sum;
}

double Confusion::top1() const
{
    const int all = total();
    return all == 0 ? 0 : double(correct()) / all;
}

} // namespace atomnet
