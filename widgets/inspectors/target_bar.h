#pragma once

#include "core/analysis/target.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QSpinBox;
class QToolButton;

namespace atomnet
{

class Document;
class NoteLabel;

/// Board, runtime, and what of the board's memory is kept for the user's application.
class TargetBar : public QWidget
{
    Q_OBJECT
public:
    explicit TargetBar(Document &document, QWidget *parent = nullptr);
    void chooseBoard(const QString &id);
    void chooseRuntime(Runtime runtime);

private:
    void makeReservePopup();
    void apply(const Target &target);
    void refresh();
    Document &m_document;
    QComboBox *m_board, *m_runtime;
    QToolButton *m_reserve;
    QSpinBox *m_sram, *m_flash;
    NoteLabel *m_note;
};

/// "512 KiB SRAM, 2048 KiB Flash, 400 MHz"; a virtual board has no limits to keep.
[[nodiscard]] QString describe(const Board &board);

} // namespace atomnet
