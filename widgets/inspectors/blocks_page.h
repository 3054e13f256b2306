#pragma once

#include "core/model/edit.h"
#include "widgets/document/analysis_runner.h"
#include "widgets/inspectors/mixed_spin.h"

#include <QWidget>

#include <functional>
#include <vector>

class QCheckBox;
class QLabel;
class QSlider;

namespace atomnet
{

class ChoiceBox;
class Document;
class Field;
class FiguresPanel;
class Segmented;

/// Edits one or many selected blocks. A value that differs between them reads "mixed"; setting it
/// sets all.
class BlocksPage : public QWidget
{
    Q_OBJECT
public:
    explicit BlocksPage(Document &document, QWidget *parent = nullptr);
    void refresh();
    void setReport(const ReportPtr &report);

private:
    using SeChange = std::function<void(SqueezeExcite &)>;
    void makeFields();
    void makeSeFields();
    void connectFields();
    [[nodiscard]] std::vector<const Block *> selectedBlocks() const;
    /// Performs the edit; a refusal is shown at the field.
    void change(Field *field, const BlockPatch &patch, const QString &text, int gesture = 0);
    void change(Field *field, const std::vector<BlockId> &blocks, const BlockPatch &patch,
                const QString &text, int gesture = 0);
    /// Changes one value of the squeeze-excite of every block that has one, as one undo step.
    void changeSe(Field *field, const SeChange &change, const QString &text);
    void showSe(const std::vector<const Block *> &blocks);
    void clearErrors();

    Document &m_document;
    ReportPtr m_report;
    std::vector<BlockId> m_shown;
    int m_widthGesture = 0;

    QLabel *m_title;
    ChoiceBox *m_type;
    MixedSpinBox *m_width;
    QSlider *m_widthSlider;
    Segmented *m_kernel, *m_stride;
    MixedDoubleSpinBox *m_expand;
    ChoiceBox *m_act;
    MixedSpinBox *m_repeat;
    QCheckBox *m_seOn;
    ChoiceBox *m_seMode;
    MixedSpinBox *m_seValue;
    ChoiceBox *m_seAct, *m_seGate;
    Field *m_typeField, *m_widthField, *m_kernelField, *m_strideField, *m_expandField, *m_actField,
        *m_repeatField, *m_seField, *m_seWidthField, *m_seActField;
    FiguresPanel *m_figures;
};

} // namespace atomnet
