#pragma once

#include "core/device/device_address.h"
#include "core/device/flashing/flasher.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;

namespace atomnet
{

class NoteLabel;
class PathField;

/// The probes and bootloaders among what was found.
[[nodiscard]] std::vector<Probe> probesAmong(const std::vector<FoundDevice> &devices);

/// Writes the profiling firmware into a board: asks for board, probe and tool, says what the board
/// holds now, and overwrites another program only when told so. It shows and asks; the window does.
class FlashDialog : public QDialog
{
    Q_OBJECT
public:
    /// `boardId`: the design's board, preset when it is one that can be flashed.
    FlashDialog(const QString &boardId, const QString &backupFolder, QWidget *parent = nullptr);

    void setProbes(const std::vector<Probe> &probes);
    [[nodiscard]] FlashRequest request() const;
    /// "another program (42 KiB)", as describeFlashContents() says.
    void setContents(const QString &what);
    void setContentsUnknown(const QString &why);
    void setProgress(double share); ///< below 0: how far is not known
    void log(const QString &line);
    void setFlashed(const FlashReport &report);
    void setFailed(const QString &why);
    [[nodiscard]] QString status() const;
    [[nodiscard]] bool running() const { return m_running; }
    /// Why it cannot be written yet; empty when it can.
    [[nodiscard]] QString problem() const;

public Q_SLOTS:
    void reject() override; ///< while it writes: stops

Q_SIGNALS:
    void contentsRequested(const atomnet::FlashRequest &request);
    void flashRequested(const atomnet::FlashRequest &request);
    void stopRequested();

private:
    void changed();
    void refresh();
    void start();
    QString m_folder;
    std::vector<Probe> m_probes;
    QComboBox *m_variant, *m_probe, *m_tool;
    QLabel *m_contents;
    QPushButton *m_look;
    QCheckBox *m_backup, *m_overwrite;
    PathField *m_path;
    QProgressBar *m_bar;
    NoteLabel *m_status;
    QPlainTextEdit *m_log;
    QPushButton *m_flash = nullptr, *m_close = nullptr;
    QString m_suggested; ///< the backup's path that the dialog put there itself
    bool m_running = false;
    bool m_known = false;  ///< contents are those of the chosen board
    bool m_foreign = true; ///< something other than our own firmware may be on it
};

} // namespace atomnet
