#pragma once

#include "core/analysis/report.h"
#include "core/model/network.h"

#include <QBrush>
#include <QColor>
#include <QObject>
#include <QPalette>

// Colours and pens, defined once for canvas, charts and tables; light and dark, safe for
// colour-blind eyes.
namespace atomnet
{

enum class ThemeMode : quint8 { System, Light, Dark };

/// One look. Colours say one thing each: block kind, fit, or role in a memory bar.
struct Theme {
    bool dark = false;
    QColor window, base, text, mutedText, border, grid, accent, hover, selection;
    QColor conv, sep, convnext, mbconv, head; ///< block kinds: orange, green, blue, purple, yellow
    QColor fitWithin, fitTight,
        fitOver; ///< neutral, amber, red; readable as text on base and window
    QColor sramInput, sramOutput, sramHeld, sramPad, sramScratch;
    QColor flashWeights, flashCode;
    QColor limitLine, reserveBand;

    bool operator==(const Theme &) const = default;
    [[nodiscard]] QColor of(BlockType type) const;
    [[nodiscard]] QColor of(Fit fit) const;
    /// Fill of a figure by its source: measured solid, estimated hatched, missing outlined only.
    [[nodiscard]] QBrush fill(const QColor &color, Source source) const;
    /// The application palette of this look.
    [[nodiscard]] QPalette palette() const;
};

/// The current theme; follows the system's palette (Qt 6.4 has no colorScheme()) unless set
/// otherwise. Needs a QApplication; lives as long as it does.
class ThemeManager : public QObject
{
    Q_OBJECT
public:
    static ThemeManager &instance();
    [[nodiscard]] const Theme &theme() const { return m_theme; }
    [[nodiscard]] ThemeMode mode() const { return m_mode; }
    /// Applies style and palette to the application and emits themeChanged when the look differs.
    /// System gives the desktop's own style and palette back.
    void setMode(ThemeMode mode);

Q_SIGNALS:
    void themeChanged(const atomnet::Theme &theme);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    explicit ThemeManager(QObject *parent);
    void refresh();
    Theme m_theme;
    ThemeMode m_mode = ThemeMode::System;
    QString m_systemStyle;
    bool m_applying = false;
};

[[nodiscard]] Theme lightTheme();
[[nodiscard]] Theme darkTheme();
/// Light or dark by the palette's window, with the desktop's own window, base and text where they
/// read well.
[[nodiscard]] Theme themeFor(const QPalette &system);
/// Contrast of two colours as WCAG 2 defines it, 1 to 21; text needs 4.5.
[[nodiscard]] double contrastRatio(const QColor &a, const QColor &b);
/// `over` laid on `under` with this opacity, as an opaque colour.
[[nodiscard]] QColor blend(const QColor &under, const QColor &over, double opacity);

} // namespace atomnet
