#pragma once

#include <QWidget>

namespace atomnet
{

/// The widget below `parent` with this accessible name, as a screen reader would find it.
template <class Widget>
Widget *byName(const QWidget &parent, const QString &name)
{
    const QList<Widget *> all = parent.findChildren<Widget *>();
    for (Widget *widget : all)
        if (widget->accessibleName() == name) return widget;
    return nullptr;
}

} // namespace atomnet
