#include "widgets/common/theme.h"

#include <QApplication>
#include <QEvent>
#include <QPointer>
#include <QStyle>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

double luminance(const QColor &color)
{
    const auto linear = [](double v) {
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}

} // namespace

double contrastRatio(const QColor &a, const QColor &b)
{
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

QColor blend(const QColor &under, const QColor &over, double opacity)
{
    const auto mix = [opacity](float u, float o) {
        return float(double(u) * (1 - opacity) + double(o) * opacity);
    };
    return QColor::fromRgbF(mix(under.redF(), over.redF()), mix(under.greenF(), over.greenF()),
                            mix(under.blueF(), over.blueF()));
}

// Block kinds are Okabe and Ito's palette. Memory roles are a family of their own, told apart by
// lightness first, so that a bar is never mistaken for a block kind.
Theme lightTheme()
{
    Theme t;
    t.dark = false;
    t.window = QColor(0xf3f4f6);
    t.base = QColor(0xffffff);
    t.text = QColor(0x1c2128);
    t.mutedText = QColor(0x596270);
    t.border = QColor(0xc9ced6);
    t.grid = QColor(0xe6e8ec);
    t.accent = QColor(0x0067a8);
    t.hover = QColor(0, 103, 168, 24);
    t.selection = QColor(0, 103, 168, 52);
    t.conv = QColor(0xe69f00);
    t.sep = QColor(0x009e73);
    t.convnext = QColor(0x0072b2);
    t.mbconv = QColor(0xcc79a7);
    t.head = QColor(0xf0e442);
    t.fitWithin = QColor(0x4a5563);
    t.fitTight = QColor(0x946000);
    t.fitOver = QColor(0x9e1b1b);
    t.sramInput = QColor(0x93c9e8);
    t.sramOutput = QColor(0x2a5f8c);
    t.sramHeld = QColor(0xc05bb0);
    t.sramPad = QColor(0xb9bdc4);
    t.sramScratch = QColor(0xddb95a);
    t.flashWeights = QColor(0x338f80);
    t.flashCode = QColor(0xa9afb9);
    t.limitLine = QColor(0xb3261e);
    t.reserveBand = QColor(140, 80, 40, 70);
    return t;
}

Theme darkTheme()
{
    Theme t;
    t.dark = true;
    t.window = QColor(0x22262c);
    t.base = QColor(0x1a1d22);
    t.text = QColor(0xe8eaee);
    t.mutedText = QColor(0x9ca6b4);
    t.border = QColor(0x434a55);
    t.grid = QColor(0x2c3138);
    t.accent = QColor(0x5ab0ea);
    t.hover = QColor(90, 176, 234, 30);
    t.selection = QColor(90, 176, 234, 64);
    t.conv = QColor(0xe69f00);
    t.sep = QColor(0x16b083);
    t.convnext = QColor(0x4a9fe0);
    t.mbconv = QColor(0xd68cb5);
    t.head = QColor(0xf0e442);
    t.fitWithin = QColor(0xaab4c2);
    t.fitTight = QColor(0xffb84d);
    t.fitOver = QColor(0xff8a80);
    t.sramInput = QColor(0xa4d4ee);
    t.sramOutput = QColor(0x2f6ea3);
    t.sramHeld = QColor(0xd884c8);
    t.sramPad = QColor(0x6b727d);
    t.sramScratch = QColor(0xdfc275);
    t.flashWeights = QColor(0x4cae9e);
    t.flashCode = QColor(0x6f7784);
    t.limitLine = QColor(0xff8a80);
    t.reserveBand = QColor(230, 160, 110, 70);
    return t;
}

Theme themeFor(const QPalette &system)
{
    const QColor window = system.color(QPalette::Window);
    Theme theme = window.lightnessF() < 0.5f ? darkTheme() : lightTheme();
    const QColor base = system.color(QPalette::Base), text = system.color(QPalette::Text);
    const bool sameSide = (base.lightnessF() < 0.5f) == theme.dark;
    if (!sameSide || contrastRatio(base, text) < 7 || contrastRatio(window, text) < 7) return theme;
    if (contrastRatio(base, theme.mutedText) < 4.5 || contrastRatio(window, theme.mutedText) < 4.5)
        return theme;
    theme.window = window;
    theme.base = base;
    theme.text = text;
    return theme;
}

QColor Theme::of(BlockType type) const
{
    switch (type) {
    case BlockType::Conv:
        return conv;
    case BlockType::Sep:
        return sep;
    case BlockType::ConvNext:
        return convnext;
    case BlockType::MbConv:
        return mbconv;
    }
    return conv;
}

QColor Theme::of(Fit fit) const
{
    switch (fit) {
    case Fit::Tight:
        return fitTight;
    case Fit::Over:
        return fitOver;
    case Fit::Within:
    case Fit::Unknown:
    case Fit::NoLimit:
        break;
    }
    return fitWithin;
}

QBrush Theme::fill(const QColor &color, Source source) const
{
    switch (source) {
    case Source::Measured:
        return QBrush(color);
    case Source::Estimated:
        return QBrush(color, Qt::BDiagPattern);
    case Source::Missing:
        break;
    }
    return QBrush(Qt::NoBrush);
}

QPalette Theme::palette() const
{
    const QColor button = blend(window, dark ? Qt::white : Qt::black, dark ? 0.06 : 0.03);
    const QColor disabled = blend(window, text, 0.45);
    QPalette p;
    p.setColor(QPalette::Window, window);
    p.setColor(QPalette::WindowText, text);
    p.setColor(QPalette::Base, base);
    p.setColor(QPalette::AlternateBase, blend(base, text, 0.035));
    p.setColor(QPalette::Text, text);
    p.setColor(QPalette::PlaceholderText, mutedText);
    p.setColor(QPalette::Button, button);
    p.setColor(QPalette::ButtonText, text);
    p.setColor(QPalette::BrightText, Qt::white);
    p.setColor(QPalette::ToolTipBase, dark ? QColor(0x2d323a) : QColor(0xffffff));
    p.setColor(QPalette::ToolTipText, text);
    p.setColor(QPalette::Highlight, accent);
    p.setColor(QPalette::HighlightedText, dark ? QColor(0x10151b) : QColor(0xffffff));
    p.setColor(QPalette::Link, accent);
    p.setColor(QPalette::LinkVisited, mbconv);
    p.setColor(QPalette::Light, blend(button, Qt::white, dark ? 0.10 : 0.80));
    p.setColor(QPalette::Midlight, blend(button, Qt::white, dark ? 0.05 : 0.40));
    p.setColor(QPalette::Mid, border);
    p.setColor(QPalette::Dark, blend(border, Qt::black, 0.25));
    p.setColor(QPalette::Shadow, blend(border, Qt::black, 0.60));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, disabled);
    p.setColor(QPalette::Disabled, QPalette::Highlight, border);
    p.setColor(QPalette::Disabled, QPalette::HighlightedText, disabled);
    return p;
}

ThemeManager &ThemeManager::instance()
{
    Q_ASSERT(qApp);
    static QPointer<ThemeManager> manager; // a child of the application: gone before it is
    if (!manager) manager = new ThemeManager(qApp);
    return *manager;
}

ThemeManager::ThemeManager(QObject *parent)
    : QObject(parent)
    , m_theme(themeFor(QGuiApplication::palette()))
    , m_systemStyle(QApplication::style()->name())
{
    qApp->installEventFilter(this);
}

void ThemeManager::setMode(ThemeMode mode)
{
    if (mode == m_mode && mode == ThemeMode::System) return;
    m_mode = mode;
    m_applying = true;
    if (mode == ThemeMode::System) {
        QApplication::setStyle(m_systemStyle);
        QApplication::setPalette(QPalette()); // an unset palette gives the platform's back
        QToolTip::setPalette(QPalette());
    } else {
        const QPalette palette = (mode == ThemeMode::Dark ? darkTheme() : lightTheme()).palette();
        // Native styles draw with the desktop's own colours; Fusion obeys the palette everywhere.
        QApplication::setStyle(QStringLiteral("Fusion"));
        QApplication::setPalette(palette);
        QToolTip::setPalette(palette); // tool tips keep a palette of their own
    }
    m_applying = false;
    refresh();
}

void ThemeManager::refresh()
{
    Theme next;
    switch (m_mode) {
    case ThemeMode::System:
        next = themeFor(QGuiApplication::palette());
        break;
    case ThemeMode::Light:
        next = lightTheme();
        break;
    case ThemeMode::Dark:
        next = darkTheme();
        break;
    }
    if (next == m_theme) return;
    m_theme = next;
    Q_EMIT themeChanged(m_theme);
}

bool ThemeManager::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ApplicationPaletteChange && watched == qApp && !m_applying)
        refresh();
    return QObject::eventFilter(watched, event);
}

} // namespace atomnet
