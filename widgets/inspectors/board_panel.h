#pragma once

#include "core/device/flashing/doctor.h"
#include "widgets/inspectors/board_text.h"

#include <QWidget>

class QCheckBox;
class QGridLayout;
class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QTabWidget;

namespace atomnet
{

class DeviceList;
class FindingsView;
class NoteLabel;

/// The Board dock: what is connected, the chosen board's state and fingerprint, the buttons to
/// measure, validate and flash, progress, log, and what the doctor found. It shows and asks; the
/// window's BoardWork does.
class BoardPanel : public QWidget
{
    Q_OBJECT
public:
    explicit BoardPanel(QWidget *parent = nullptr);

    void setDevices(const std::vector<FoundDevice> &devices);
    [[nodiscard]] DeviceList &list() const { return *m_list; }
    [[nodiscard]] const FoundDevice *chosen() const;
    /// What the board at this address said of itself; null: forget it.
    void setInfo(const DeviceAddress &address, const DeviceInfo *info);
    [[nodiscard]] const DeviceInfo *chosenInfo() const;
    /// The design's target and report (null: none yet), for what is said about measuring.
    void setDesign(const Target &target, const std::shared_ptr<const Report> &report);
    void setPhase(BoardPhase phase);
    [[nodiscard]] BoardPhase phase() const { return m_phase; }
    void setProgress(int done, int all, const QString &text);
    void log(const QString &line); ///< puts the time before it
    void setFindings(const std::vector<Finding> &findings);

    // What it shows, for tests.
    [[nodiscard]] QString state() const;
    [[nodiscard]] QString advice() const;
    [[nodiscard]] QString logText() const;
    [[nodiscard]] QPushButton *button(const QString &name) const;

Q_SIGNALS:
    void chosenChanged();
    void shown();           ///< the dock came to the front: emitted by who owns it
    void attentionWanted(); ///< there is something to read or to do here: bring the dock up
    void connectRequested();
    void measureRequested(bool all);
    void networkRequested();
    void validateRequested();
    void flashRequested();
    void examineRequested();
    void stopRequested();
    void pauseRequested(bool pause);
    void plugRequested(bool plugged);
    void boardRequested(const QString &boardId); ///< the design is to be for this board, atomnet-1
    void runtimeRequested();                     ///< the design is to be for atomnet-1
    void conditionsRequested(quint32 conditions);

private:
    QWidget *makeMiddle();
    QWidget *makeRight();
    QPushButton *addButton(const QString &name, const QString &text, const QString &tip,
                           std::function<void()> asked);
    void refresh();
    void showInfo(const DeviceInfo *info);
    void fix();
    DeviceList *m_list;
    NoteLabel *m_empty;
    QLabel *m_state = nullptr;
    QGridLayout *m_facts = nullptr;
    QList<QLabel *> m_factLabels;
    QWidget *m_conditions = nullptr;
    QList<QCheckBox *> m_conditionBoxes;
    NoteLabel *m_advice = nullptr;
    QPushButton *m_fix = nullptr;
    QList<QPushButton *> m_buttons;
    QWidget *m_progressRow = nullptr;
    QProgressBar *m_bar = nullptr;
    QLabel *m_progressText = nullptr;
    QTabWidget *m_tabs = nullptr;
    QPlainTextEdit *m_log = nullptr;
    FindingsView *m_findings = nullptr;

    std::vector<std::pair<DeviceAddress, DeviceInfo>> m_infos;
    Target m_target;
    std::shared_ptr<const Report> m_report;
    BoardPhase m_phase = BoardPhase::Idle;
    BoardAdvice m_said;
};

} // namespace atomnet
