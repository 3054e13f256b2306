#pragma once

#include "core/analysis/report.h"
#include "core/model/network.h"

#include <QColor>
#include <QObject>
#include <QPalette>

// Colours and pens, defined once for canvas, charts and tables; light and dark, safe for colour-blind eyes.
namespace atomnet
{

enum class ThemeMode : quint8 { System, Light, Dark };

/// One look. Colours say one thing each: block kind, fit, or role in a memory bar.
struct Theme {
    bool dark = false;
    QColor window, base, text, mutedText, border, grid, accent, hover, selection;
    QColor conv, sep, convnext, mbconv, head;           ///< block kinds: orange, green, blue, purple, yellow
    QColor fitWithin, fitTight, fitOver;                ///< neutral, amber, red
    QColor sramInput, sramOutput, sramHeld, sramPad, sramScratch;
    QColor flashWeights, flashCode;
    QColor limitLine, reserveBand;

    [[nodiscard]] QColor of(BlockType type) const;
    [[nodiscard]] QColor of(Fit fit) const;
    /// Fill of a figure by its source: measured solid, estimated hatched, missing outlined only.
    [[nodiscard]] QBrush fill(const QColor &color, Source source) const;
};

/// The current theme; follows the system's palette (Qt 6.4 has no colorScheme()) unless set otherwise.
class ThemeManager : public QObject
{
    Q_OBJECT
public:
    static ThemeManager &instance();
    [[nodiscard]] const Theme &theme() const { return m_theme; }
    [[nodiscard]] ThemeMode mode() const { return m_mode; }
    /// Applies palette and style sheet to the application and emits themeChanged.
    void setMode(ThemeMode mode);

Q_SIGNALS:
    void themeChanged(const atomnet::Theme &theme);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    ThemeManager();
    void refresh();
    Theme m_theme;
    ThemeMode m_mode = ThemeMode::System;
    QPalette m_systemPalette;
    bool m_applying = false;
};

[[nodiscard]] Theme lightTheme();
[[nodiscard]] Theme darkTheme();

} // namespace atomnet
