#include "app/window/first_hints.h"

#include "app/window/window_settings.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr const char *names[] = {"hints/dragBlock", "hints/chooseBoard", "hints/measure"};

QString hintText(int hint)
{
    static const QString texts[] = {QStringLiteral("Drag a block into a stage"),
                                    QStringLiteral("Choose your board"),
                                    QStringLiteral("Press Measure")};
    return texts[hint];
}

QString hintTip(int hint)
{
    static const QString texts[] = {
        QStringLiteral("From the palette on the left; the charts show its cost before you drop it"),
        QStringLiteral("In the toolbar: limits, clock and latencies are those of the board"),
        QStringLiteral("On a board, or on the virtual one without any: measured figures replace "
                       "estimates as they arrive")};
    return texts[hint];
}

} // namespace

FirstHints::FirstHints(QWidget *parent) : QFrame(parent), m_measure(new QToolButton(this))
{
    setAccessibleName(QStringLiteral("First steps"));
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 4, 6, 4);
    row->setSpacing(18);
    row->addWidget(new QLabel(QStringLiteral("First steps"), this));
    const auto settings = windowSettings();
    for (int hint = 0; hint < hintCount; ++hint) {
        m_done[hint] = settings->value(names[hint]).toBool();
        if (hint == int(Hint::Measure)) break;
        m_labels[hint] = new QLabel(this);
        m_labels[hint]->setToolTip(hintTip(hint));
        row->addWidget(m_labels[hint]);
    }
    m_measure->setObjectName(QStringLiteral("measureHint"));
    m_measure->setToolTip(hintTip(int(Hint::Measure)));
    m_measure->setToolButtonStyle(Qt::ToolButtonTextOnly);
    connect(m_measure, &QToolButton::clicked, this, &FirstHints::measureRequested);
    row->addWidget(m_measure);
    row->addStretch(1);
    auto *close = new QToolButton(this);
    close->setIcon(icon(QStringLiteral("close")));
    close->setAutoRaise(true);
    close->setToolTip(QStringLiteral("Do not show these hints again"));
    close->setAccessibleName(QStringLiteral("Close the hints for good"));
    row->addWidget(close);
    connect(close, &QToolButton::clicked, this, &FirstHints::dismiss);
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &FirstHints::refresh);
    refresh();
}

void FirstHints::done(Hint hint)
{
    if (isDone(hint)) return;
    m_done[std::size_t(hint)] = true;
    windowSettings()->setValue(names[std::size_t(hint)], true);
    refresh();
}

void FirstHints::dismiss()
{
    const auto settings = windowSettings();
    for (int hint = 0; hint < hintCount; ++hint) {
        m_done[hint] = true;
        settings->setValue(names[hint], true);
    }
    refresh();
}

void FirstHints::refresh()
{
    const Theme &theme = ThemeManager::instance().theme();
    for (int hint = 0; hint < hintCount; ++hint) {
        const QString text = QStringLiteral("%1  %2").arg(
            m_done[hint] ? QStringLiteral("\u2713") : QString::number(hint + 1), hintText(hint));
        if (hint == int(Hint::Measure)) {
            m_measure->setText(text);
            break;
        }
        m_labels[hint]->setText(text);
        QPalette palette = m_labels[hint]->palette();
        palette.setColor(QPalette::WindowText, m_done[hint] ? theme.mutedText : theme.text);
        m_labels[hint]->setPalette(palette);
    }
    setVisible(!std::all_of(std::begin(m_done), std::end(m_done), [](bool done) { return done; }));
}

} // namespace atomnet
