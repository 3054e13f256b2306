#include "widgets/canvas/palette_list.h"

#include "widgets/canvas/canvas_mime.h"
#include "widgets/common/theme.h"

#include <QDrag>
#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QStyledItemDelegate>

namespace atomnet
{
namespace
{

constexpr int explanationRole = Qt::UserRole;
constexpr int padding = 6;

QFont smallFont(QFont font)
{
    if (font.pointSizeF() > 0) font.setPointSizeF(font.pointSizeF() * 0.88);
    return font;
}

QFont boldFont(QFont font)
{
    font.setBold(true);
    return font;
}

/// Draws swatch, title and explanation.
class PaletteDelegate : public QStyledItemDelegate
{
public:
    explicit PaletteDelegate(PaletteList &list) : QStyledItemDelegate(&list), m_list(list) {}

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override
    {
        const int title = QFontMetrics(boldFont(option.font)).height();
        if (std::holds_alternative<PaletteHeading>(m_list.entry(index.row())))
            return {0, title + 2 * padding};
        return {0, title + QFontMetrics(smallFont(option.font)).height() + 2 * padding};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const Theme &theme = ThemeManager::instance().theme();
        const PaletteEntry &entry = m_list.entry(index.row());
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        QRect row = option.rect.adjusted(padding, padding, -padding, -padding);
        const QString title = index.data(Qt::DisplayRole).toString();
        if (std::holds_alternative<PaletteHeading>(entry)) {
            painter->setFont(smallFont(boldFont(option.font)));
            painter->setPen(theme.mutedText);
            painter->drawText(row, Qt::AlignLeft | Qt::AlignBottom, title);
            painter->restore();
            return;
        }
        const QRectF face = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5);
        const bool selected = option.state & QStyle::State_Selected;
        if (selected || option.state & QStyle::State_MouseOver) {
            painter->setPen(selected && option.state & QStyle::State_HasFocus
                                ? QPen(theme.accent, 1)
                                : QPen(Qt::NoPen));
            painter->setBrush(selected ? theme.selection : theme.hover);
            painter->drawRoundedRect(face, 3, 3);
        }
        painter->setPen(Qt::NoPen);
        painter->setBrush(m_list.color(index.row()));
        painter->drawRoundedRect(QRect(row.left(), row.top(), 5, row.height()), 2, 2);
        row.setLeft(row.left() + 5 + padding);

        const QFont bold = boldFont(option.font), small = smallFont(option.font);
        const QFontMetrics boldMetrics(bold), smallMetrics(small);
        painter->setFont(bold);
        painter->setPen(theme.text);
        painter->drawText(row, Qt::AlignLeft | Qt::AlignTop,
                          boldMetrics.elidedText(title, Qt::ElideRight, row.width()));
        painter->setFont(small);
        painter->setPen(theme.mutedText);
        painter->drawText(row, Qt::AlignLeft | Qt::AlignBottom,
                          smallMetrics.elidedText(index.data(explanationRole).toString(),
                                                  Qt::ElideRight, row.width()));
        painter->restore();
    }

private:
    PaletteList &m_list;
};

} // namespace

PaletteList::PaletteList(QWidget *parent) : QListWidget(parent)
{
    setItemDelegate(new PaletteDelegate(*this));
    setDragEnabled(true);
    setDragDropMode(QAbstractItemView::DragOnly);
    setDefaultDropAction(Qt::CopyAction);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setResizeMode(QListView::Adjust);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    connect(this, &QListWidget::itemDoubleClicked, this,
            [this](QListWidgetItem *item) { Q_EMIT chosen(row(item)); });
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, viewport(),
            qOverload<>(&QWidget::update));
}

void PaletteList::add(PaletteEntry entry, const QString &title, const QString &explanation,
                      const QString &toolTip)
{
    const bool heading = std::holds_alternative<PaletteHeading>(entry);
    const bool head = std::holds_alternative<PaletteHead>(entry);
    m_entries.push_back(std::move(entry)); // before the item: the delegate asks for it
    auto *item = new QListWidgetItem(title);
    item->setData(explanationRole, explanation);
    item->setData(Qt::AccessibleTextRole, title);
    item->setData(Qt::AccessibleDescriptionRole, explanation);
    item->setToolTip(toolTip.isEmpty() ? explanation : toolTip);
    Qt::ItemFlags flags = Qt::NoItemFlags;
    if (!heading) flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    if (!heading && !head) flags |= Qt::ItemIsDragEnabled;
    item->setFlags(flags);
    addItem(item);
}

QColor PaletteList::color(int row) const
{
    const Theme &theme = ThemeManager::instance().theme();
    if (const auto *type = std::get_if<BlockType>(&entry(row))) return theme.of(*type);
    return std::holds_alternative<PaletteHead>(entry(row)) ? theme.head : theme.mutedText;
}

void PaletteList::startDrag(Qt::DropActions)
{
    const auto items = selectedItems();
    QMimeData *mime = mimeData(items);
    if (!mime) return;
    // Only a swatch, above the pointer: below it the canvas shows what is dragged and what it
    // costs.
    constexpr int side = 14, away = 4;
    QPixmap swatch(QSize(side, side) * devicePixelRatio());
    swatch.setDevicePixelRatio(devicePixelRatio());
    swatch.fill(Qt::transparent);
    QPainter painter(&swatch);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color(row(items.front())));
    painter.drawRoundedRect(QRect(0, 0, side, side), 3, 3);
    painter.end();
    auto *drag = new QDrag(this); // deletes itself
    drag->setMimeData(mime);
    drag->setPixmap(swatch);
    drag->setHotSpot({side + away, side + away});
    drag->exec(Qt::CopyAction);
}

QSize PaletteList::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 28, QListWidget::sizeHint().height()};
}

QStringList PaletteList::mimeTypes() const
{
    return {QLatin1String(newBlockMimeType), QLatin1String(blocksMimeType),
            QLatin1String(presetMimeType)};
}

QMimeData *PaletteList::mimeData(const QList<QListWidgetItem *> &items) const
{
    if (items.isEmpty()) return nullptr;
    const PaletteEntry &dragged = entry(row(items.front()));
    if (const auto *type = std::get_if<BlockType>(&dragged)) return newBlockMime(*type);
    if (const auto *preset = std::get_if<PalettePreset>(&dragged)) return presetMime(preset->id);
    return nullptr;
}

void PaletteList::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && currentItem()) {
        Q_EMIT chosen(currentRow());
    } else {
        QListWidget::keyPressEvent(event);
    }
}

void PaletteList::changeEvent(QEvent *event)
{
    QListWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) scheduleDelayedItemsLayout();
}

} // namespace atomnet
