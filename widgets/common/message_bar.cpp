#include "widgets/common/message_bar.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QAccessible>
#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace atomnet
{

MessageBar::MessageBar(QWidget *parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
    , m_button(new QToolButton(this))
    , m_close(new QToolButton(this))
{
    setObjectName(QStringLiteral("messageBar"));
    setAutoFillBackground(true);
    m_text->setObjectName(QStringLiteral("sentence"));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText); // sentences quote file names: never markup
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_button->setObjectName(QStringLiteral("action"));
    m_button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_close->setObjectName(QStringLiteral("close"));
    m_close->setAutoRaise(true);
    m_close->setIcon(atomnet::icon(QStringLiteral("close")));
    m_close->setToolTip(tr("Close this message"));
    m_close->setAccessibleName(tr("Close this message"));

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 6, 4);
    layout->setSpacing(8);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button);
    layout->addWidget(m_close);

    connect(m_close, &QToolButton::clicked, this, &MessageBar::clear);
    connect(m_button, &QToolButton::clicked, this, [this] {
        const QPointer<QAction> action = m_action;
        clear(); // first: what the action does may show the next message
        if (action) action->trigger();
    });
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &MessageBar::retheme);
    hide();
}

void MessageBar::show(Severity severity, const QString &sentence, QAction *action)
{
    m_severity = severity;
    m_action = action;
    m_text->setText(sentence);
    m_button->setVisible(action != nullptr);
    if (action) {
        m_button->setText(action->iconText());
        m_button->setToolTip(action->toolTip());
    }
    const QString kind = severity == Severity::Error     ? tr("Error")
                         : severity == Severity::Warning ? tr("Warning")
                                                         : tr("Note");
    setAccessibleName(kind + QStringLiteral(": ") + sentence);
    m_icon->setAccessibleName(kind);
    retheme();
    setVisible(true);
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void MessageBar::clear()
{
    if (m_text->text().isEmpty()) return;
    m_action = nullptr;
    m_text->clear();
    hide();
    Q_EMIT cleared();
}

QString MessageBar::sentence() const
{
    return m_text->text();
}

void MessageBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        clear();
    else
        QFrame::keyPressEvent(event);
}

QColor MessageBar::color() const
{
    const Theme &theme = ThemeManager::instance().theme();
    switch (m_severity) {
    case Severity::Error:
        return theme.fitOver;
    case Severity::Warning:
        return theme.fitTight;
    case Severity::Info:
        break;
    }
    return theme.accent;
}

void MessageBar::paintEvent(QPaintEvent *event)
{
    QFrame::paintEvent(event);
    QPainter(this).fillRect(QRect(0, 0, 4, height()), color());
}

void MessageBar::retheme()
{
    const Theme &theme = ThemeManager::instance().theme();
    QPalette palette = this->palette();
    palette.setColor(QPalette::Window, blend(theme.window, color(), 0.12));
    palette.setColor(QPalette::WindowText, theme.text);
    setPalette(palette);
    const QString name =
        m_severity == Severity::Info ? QStringLiteral("info") : QStringLiteral("warning");
    m_icon->setPixmap(atomnet::icon(name).pixmap(16, 16));
}

} // namespace atomnet
