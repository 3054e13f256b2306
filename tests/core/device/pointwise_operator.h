#pragma once

#include "core/device/operator_request.h"

// What tests of links measure, and what they say when it fails.
namespace atomnet::test
{

/// A pointwise convolution of a square map, at a place of its own.
inline ap_operator_t pointwise(int side, int channels)
{
    AtomKey key;
    key.kind = AtomKind::Pointwise;
    key.act = KeyAct::Relu;
    key.variant = 1;
    key.inH = key.inW = key.outH = key.outW = side;
    key.inC = key.outC = channels;
    const auto op = operatorRequest(key, ownPlace(key));
    if (!op) qFatal("%s", qPrintable(op.error().message()));
    return *op;
}

/// Why it failed; "" when it did not.
template <class T>
QByteArray complaint(const LinkResult<T> &result)
{
    return result ? QByteArray() : result.error().what.toUtf8();
}

} // namespace atomnet::test
