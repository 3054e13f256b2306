#pragma once

#include "widgets/document/atomdb_service.h"
#include "widgets/document/document.h"
#include "widgets/document/explorer_service.h"

#include <QTabWidget>

class QDockWidget;

namespace atomnet
{

class AtomDbPanel;
class ExplorerPanel;

/// AtomDB's dock: its contents and, beside them, the Explorer with all that it asks for. It follows
/// the AtomDB of the window and reads it only while it can be seen.
class ExplorerWork : public QObject
{
    Q_OBJECT
public:
    ExplorerWork(Document &document, AtomDbService &database, AtomDbPanel *contents,
                 QWidget *window);

    [[nodiscard]] QTabWidget *tabs() const { return m_tabs; } ///< for the dock
    [[nodiscard]] ExplorerPanel &panel() const { return *m_panel; }
    [[nodiscard]] ExplorerService &service() { return m_service; }

    void showExplorer();
    void showContents();
    /// The dock as a window of its own, or back in its place.
    void setOwnWindow(bool own);
    /// Selects the blocks of the design that have this operator; returns how many layers do.
    int selectInDesign(const AtomKey &key);
    /// Keeps what was chosen for the next run.
    void store() const;

Q_SIGNALS:
    void told(const QString &sentence);
    void failed(const QString &sentence);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void connectDatabase(AtomDbService &database);
    void follow();
    void request();
    void showDesign();
    void askExport();
    [[nodiscard]] QDockWidget *dock() const;

    Document &m_document;
    ExplorerService m_service;
    QTabWidget *m_tabs;
    ExplorerPanel *m_panel;
    QWidget *m_window;
    QString m_path, m_opened; ///< AtomDB of the window, and the one that is open here
    bool m_stale = false;     ///< AtomDB changed since it was read
    bool m_designStale = true;
};

} // namespace atomnet
