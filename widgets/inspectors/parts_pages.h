#pragma once

#include "core/model/edit.h"
#include "widgets/document/analysis_runner.h"
#include "widgets/inspectors/mixed_spin.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;

namespace atomnet
{

class ChoiceBox;
class Document;
class Field;
class FiguresPanel;
class NoteLabel;

// Inspector pages for what is not a block: the network's input, its head, and a stage.

class InputPage : public QWidget
{
    Q_OBJECT
public:
    explicit InputPage(Document &document, QWidget *parent = nullptr);
    void refresh();

private:
    void change(Field *field, const QString &text);
    Document &m_document;
    MixedSpinBox *m_height, *m_width, *m_channels;
    Field *m_heightField, *m_widthField, *m_channelsField;
    NoteLabel *m_size;
};

class HeadPage : public QWidget
{
    Q_OBJECT
public:
    explicit HeadPage(Document &document, QWidget *parent = nullptr);
    void refresh();
    void setReport(const ReportPtr &report);

private:
    /// An optional layer of the head: on or off, width, activation.
    struct LayerFields {
        QCheckBox *on = nullptr;
        MixedSpinBox *width = nullptr;
        ChoiceBox *act = nullptr;
        Field *onField = nullptr, *widthField = nullptr, *actField = nullptr;
    };
    using Member = std::optional<HeadLayer> Head::*;
    LayerFields makeLayer(const QString &name, Member member, int defaultWidth);
    void showLayer(const LayerFields &fields, const std::optional<HeadLayer> &layer);
    void change(Field *field, const Head &head, const QString &text);

    Document &m_document;
    LayerFields m_conv, m_hidden;
    MixedSpinBox *m_classes;
    Field *m_classesField;
    FiguresPanel *m_figures;
};

class StagePage : public QWidget
{
    Q_OBJECT
public:
    explicit StagePage(Document &document, QWidget *parent = nullptr);
    void refresh();
    void setReport(const ReportPtr &report);

private:
    Document &m_document;
    ReportPtr m_report;
    QLabel *m_title;
    NoteLabel *m_flow;
    QLineEdit *m_name;
    Field *m_nameField;
    FiguresPanel *m_figures;
};

} // namespace atomnet
