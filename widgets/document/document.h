#pragma once

#include "core/analysis/target.h"
#include "core/model/edit.h"
#include "widgets/document/selection.h"

#include <QObject>
#include <QUndoStack>

#include <optional>

namespace atomnet
{

/// The open design: the network with its undo history, the target, the selection and the file it
/// lives in. Lives on the GUI thread; every change goes through edit().
class Document : public QObject
{
    Q_OBJECT
public:
    explicit Document(QObject *parent = nullptr);

    [[nodiscard]] const Network &network() const { return m_network; }
    /// What is on the screen: the preview of a running drag, or the network.
    [[nodiscard]] const Network &shown() const { return m_preview ? *m_preview : m_network; }
    [[nodiscard]] bool previewing() const { return m_preview.has_value(); }

    /// Performs the edit as one undo step called `text`. Edits with the same gesture number (not 0)
    /// join one step. Ends a running preview. An edit that changes nothing makes no step. On error
    /// nothing changes.
    [[nodiscard]] Result<> edit(const Edit &edit, const QString &text, int gesture = 0);
    /// Several edits, each on the outcome of the one before, as one undo step: all or none.
    [[nodiscard]] Result<> editAll(const std::vector<Edit> &edits, const QString &text,
                                   int gesture = 0);
    /// Shows what the edit would give without making it: charts and canvas follow.
    [[nodiscard]] Result<> preview(const Edit &edit);
    [[nodiscard]] Result<> previewAll(const std::vector<Edit> &edits);
    void endPreview();
    /// A fresh gesture number for a drag or a slider.
    [[nodiscard]] int newGesture() { return ++m_lastGesture; }

    [[nodiscard]] QUndoStack &undoStack() { return m_stack; }
    [[nodiscard]] Selection &selection() { return m_selection; }

    [[nodiscard]] const Target &target() const { return m_target; }
    /// Usage when validate(Target) refuses it.
    [[nodiscard]] Result<> setTarget(const Target &target);

    /// A new, unsaved design (undo history cleared).
    void setNew(const Network &network);
    /// Opens a file; on error the present design stays. Returns the notes about unknown keys.
    [[nodiscard]] Result<QStringList> open(const QString &path);
    /// Saves to path() or to another path, which it then becomes.
    [[nodiscard]] Result<> save();
    [[nodiscard]] Result<> saveAs(const QString &path);
    /// Takes over recovered work: the file it belonged to (may be empty), marked unsaved.
    void setRecovered(const Network &network, const QString &path);

    [[nodiscard]] const QString &path() const { return m_path; } ///< empty: never saved
    [[nodiscard]] bool isModified() const;
    [[nodiscard]] QString displayName() const; ///< file name or the design's own name

Q_SIGNALS:
    /// Another design takes the place of this one (new, opened, recovered); networkChanged follows.
    /// Ids begin anew.
    void restarted();
    void networkChanged(const atomnet::Network &shown); ///< committed or preview
    void targetChanged(const atomnet::Target &target);
    void fileChanged();                   ///< path, name or modified state
    void failed(const QString &sentence); ///< an edit was refused; for the message bar

private:
    friend class EditCommand;
    void set(Network network);
    void restart(Network network, const QString &path);

    Network m_network;
    std::optional<Network> m_preview;
    Target m_target;
    Selection m_selection;
    QUndoStack m_stack;
    QString m_path;
    int m_lastGesture = 0;
};

} // namespace atomnet
