#pragma once

#include "core/atomdb/atom_db.h"

#include <QWidget>

#include <vector>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace atomnet
{

class NoteLabel;

/// The AtomDB dock: what the database holds, what the last import did with each line, and the
/// buttons to import, export, merge and open. The window asks for files and runs the work.
class AtomDbPanel : public QWidget
{
    Q_OBJECT
public:
    explicit AtomDbPanel(QWidget *parent = nullptr);
    void setInfo(const DbInfo &info);
    void setImportReports(const std::vector<ImportReport> &reports);
    void setMergeReport(const MergeReport &report);
    /// While an operation runs the buttons are off.
    void setBusy(bool busy);

Q_SIGNALS:
    void importRequested();
    void exportRequested();
    void mergeRequested();
    void openRequested();

private:
    void showContents(const DbInfo &info);
    QLabel *m_path;
    NoteLabel *m_empty;
    QTreeWidget *m_contents, *m_last;
    QLabel *m_lastTitle;
    std::vector<QPushButton *> m_buttons;
};

} // namespace atomnet
