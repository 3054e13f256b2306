#pragma once

#include "widgets/document/document.h"

#include <QWidget>

class QListWidget;

namespace atomnet
{

/// What can be dragged onto the canvas: block kinds, the head, and the published networks. Enter or
/// a double click does the same without a pointer.
class PaletteWidget : public QWidget
{
    Q_OBJECT
public:
    explicit PaletteWidget(Document &document, QWidget *parent = nullptr);

Q_SIGNALS:
    void presetRequested(const QString &presetId); ///< connect to CanvasView::usePreset
    void blockRequested(atomnet::BlockType type);  ///< connect to CanvasView::insertBlock
};

} // namespace atomnet
