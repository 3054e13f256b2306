#pragma once

#include "widgets/document/document.h"

#include <QWidget>

namespace atomnet
{

class PaletteList;

/// What can be put on the canvas: block kinds, the head, and the published networks. Dragging does
/// it, and so do Enter and a double click.
class PaletteWidget : public QWidget
{
    Q_OBJECT
public:
    explicit PaletteWidget(Document &document, QWidget *parent = nullptr);

Q_SIGNALS:
    void presetRequested(const QString &presetId); ///< connect to CanvasView::usePreset
    void blockRequested(atomnet::BlockType type);  ///< connect to CanvasView::insertBlock

private:
    void fill();
    void choose(int row);

    Document &m_document;
    PaletteList *m_list;
};

} // namespace atomnet
