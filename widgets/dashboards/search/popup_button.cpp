#include "widgets/dashboards/search/popup_button.h"

#include <QFormLayout>
#include <QFrame>
#include <QScreen>

#include <algorithm>

namespace atomnet
{

PopupButton::PopupButton(const QString &name, QWidget *parent)
    : QToolButton(parent)
    , m_name(name)
    , m_popup(new QFrame(this, Qt::Popup))
    , m_form(new QFormLayout(m_popup))
{
    setFocusPolicy(Qt::StrongFocus);
    setToolButtonStyle(Qt::ToolButtonTextOnly);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMinimumWidth(60);
    m_popup->setFrameShape(QFrame::StyledPanel);
    m_popup->setAccessibleName(name);
    m_form->setContentsMargins(10, 8, 10, 8);
    m_form->setHorizontalSpacing(10);
    m_form->setVerticalSpacing(4);
    connect(this, &QToolButton::clicked, this, &PopupButton::open);
}

void PopupButton::setSummary(const QString &text)
{
    setText(text + QStringLiteral(" \u25be"));
    setAccessibleName(QStringLiteral("%1: %2").arg(m_name, text));
}

void PopupButton::open()
{
    m_popup->adjustSize();
    const QSize size = m_popup->size();
    const QRect room = screen()->availableGeometry();
    QPoint at = mapToGlobal(QPoint(0, height()));
    if (at.y() + size.height() > room.bottom()) at.setY(mapToGlobal(QPoint()).y() - size.height());
    at.setX(std::clamp(at.x(), room.left(), std::max(room.left(), room.right() - size.width())));
    at.setY(std::max(at.y(), room.top()));
    m_popup->move(at);
    m_popup->show();
    if (QWidget *first = m_popup->nextInFocusChain()) first->setFocus(Qt::PopupFocusReason);
}

} // namespace atomnet
