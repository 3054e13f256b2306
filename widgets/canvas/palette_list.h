#pragma once

#include "core/model/network.h"

#include <QListWidget>

#include <variant>

namespace atomnet
{

/// What an entry of the palette stands for.
struct PaletteHeading {
};
struct PaletteHead {
};
struct PalettePreset {
    QString id;
};
using PaletteEntry = std::variant<PaletteHeading, BlockType, PaletteHead, PalettePreset>;

/// The list inside the palette: two lines an entry with a colour swatch; blocks and presets can be
/// dragged.
class PaletteList : public QListWidget
{
    Q_OBJECT
public:
    explicit PaletteList(QWidget *parent);

    void add(PaletteEntry entry, const QString &title, const QString &explanation,
             const QString &toolTip = {});
    [[nodiscard]] const PaletteEntry &entry(int row) const { return m_entries[std::size_t(row)]; }

    /// The colour that stands for an entry, as on the canvas.
    [[nodiscard]] QColor color(int row) const;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void chosen(int row); ///< Enter or double click

protected:
    [[nodiscard]] QStringList mimeTypes() const override;
    [[nodiscard]] QMimeData *mimeData(const QList<QListWidgetItem *> &items) const override;
    void startDrag(Qt::DropActions actions) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    std::vector<PaletteEntry> m_entries;
};

} // namespace atomnet
