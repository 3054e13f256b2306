#include "widgets/inspectors/parts_pages.h"

#include "core/base/format.h"
#include "widgets/document/document.h"
#include "widgets/inspectors/choices.h"
#include "widgets/inspectors/field.h"
#include "widgets/inspectors/figures_panel.h"
#include "widgets/inspectors/figures_text.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace atomnet
{

InputPage::InputPage(Document &document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_height(new MixedSpinBox(1, maxSide, 8, this))
    , m_width(new MixedSpinBox(1, maxSide, 8, this))
    , m_channels(new MixedSpinBox(1, maxChannels, 1, this))
    , m_heightField(new Field(QStringLiteral("Height"), m_height, this))
    , m_widthField(new Field(QStringLiteral("Width"), m_width, this))
    , m_channelsField(new Field(QStringLiteral("Channels"), m_channels, this))
    , m_size(new NoteLabel(this))
{
    m_height->setSuffix(QStringLiteral(" px"));
    m_width->setSuffix(QStringLiteral(" px"));
    auto *column = new QVBoxLayout(this);
    column->setSpacing(7);
    column->addWidget(makeHeading(QStringLiteral("Input"), this));
    for (QWidget *widget :
         {static_cast<QWidget *>(m_heightField), static_cast<QWidget *>(m_widthField),
          static_cast<QWidget *>(m_channelsField), static_cast<QWidget *>(m_size)})
        column->addWidget(widget);
    column->addStretch(1);
    connect(m_height, &QSpinBox::valueChanged, this, [this](int value) {
        change(m_heightField, QStringLiteral("Input height %1").arg(value));
    });
    connect(m_width, &QSpinBox::valueChanged, this, [this](int value) {
        change(m_widthField, QStringLiteral("Input width %1").arg(value));
    });
    connect(m_channels, &QSpinBox::valueChanged, this, [this](int value) {
        change(m_channelsField, QStringLiteral("Input channels %1").arg(value));
    });
}

void InputPage::change(Field *field, const QString &text)
{
    for (Field *each : {m_heightField, m_widthField, m_channelsField})
        each->setError({});
    const SetInput edit{{m_height->value(), m_width->value(), m_channels->value()}};
    if (const auto done = m_document.edit(edit, text); !done) field->setError(done.error().what);
    refresh();
}

void InputPage::refresh()
{
    const Shape &input = m_document.shown().input;
    m_height->show(int(input.h));
    m_width->show(int(input.w));
    m_channels->show(int(input.c));
    m_size->setNote(QStringLiteral("%1 as int8, in the arena until its last reader has run")
                        .arg(formatBytes(input.bytes())));
}

HeadPage::HeadPage(Document &document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_conv(makeLayer(QStringLiteral("1\u00d71 conv"), &Head::conv, 256))
    , m_hidden(makeLayer(QStringLiteral("Hidden layer"), &Head::hidden, 256))
    , m_classes(new MixedSpinBox(1, maxChannels, 1, this))
    , m_classesField(new Field(QStringLiteral("Classes"), m_classes, this))
    , m_figures(new FiguresPanel(this))
{
    auto *column = new QVBoxLayout(this);
    column->setSpacing(7);
    column->addWidget(makeHeading(QStringLiteral("Head"), this));
    column->addWidget(m_figures);
    column->addSpacing(4);
    for (const LayerFields *fields : {&m_conv, &m_hidden})
        for (Field *field : {fields->onField, fields->widthField, fields->actField})
            column->addWidget(field);
    column->addWidget(m_classesField);
    column->addStretch(1);
    connect(m_classes, &QSpinBox::valueChanged, this, [this](int classes) {
        Head head = m_document.network().head;
        head.classes = classes;
        change(m_classesField, head, QStringLiteral("%1 classes").arg(classes));
    });
}

HeadPage::LayerFields HeadPage::makeLayer(const QString &name, Member member, int defaultWidth)
{
    LayerFields fields;
    fields.on = new QCheckBox(QStringLiteral("on"), this);
    fields.on->setAccessibleName(name);
    fields.width = new MixedSpinBox(1, maxChannels, 8, this);
    fields.width->setAccessibleName(QStringLiteral("%1 width").arg(name));
    fields.act = new ChoiceBox(activationChoices(), this);
    fields.act->setAccessibleName(QStringLiteral("%1 activation").arg(name));
    fields.onField = new Field(name, fields.on, this);
    fields.widthField = new Field(QStringLiteral("  width"), fields.width, this);
    fields.actField = new Field(QStringLiteral("  activation"), fields.act, this);
    connect(fields.on, &QCheckBox::clicked, this, [=, this](bool on) {
        Head head = m_document.network().head;
        if (on)
            head.*member = HeadLayer{defaultWidth, Activation::HSwish, {}};
        else
            (head.*member).reset();
        change(fields.onField, head,
               on ? QStringLiteral("Add %1").arg(name) : QStringLiteral("Remove %1").arg(name));
    });
    connect(fields.width, &QSpinBox::valueChanged, this, [=, this](int width) {
        Head head = m_document.network().head;
        if (!(head.*member)) return;
        (head.*member)->out = width;
        change(fields.widthField, head, QStringLiteral("%1 width %2").arg(name).arg(width));
    });
    connect(fields.act, &ChoiceBox::chosen, this, [=, this](int act) {
        Head head = m_document.network().head;
        if (!(head.*member)) return;
        (head.*member)->act = Activation(act);
        change(fields.actField, head, QStringLiteral("%1 activation").arg(name));
    });
    return fields;
}

void HeadPage::showLayer(const LayerFields &fields, const std::optional<HeadLayer> &layer)
{
    const QSignalBlocker quiet(fields.on);
    fields.on->setChecked(layer.has_value());
    fields.widthField->setVisible(layer.has_value());
    fields.actField->setVisible(layer.has_value());
    if (!layer) return;
    fields.width->show(layer->out);
    fields.act->show(int(layer->act));
}

void HeadPage::change(Field *field, const Head &head, const QString &text)
{
    for (Field *each : {m_conv.onField, m_conv.widthField, m_conv.actField, m_hidden.onField,
                        m_hidden.widthField, m_hidden.actField, m_classesField})
        each->setError({});
    if (const auto done = m_document.edit(SetHead{head}, text); !done)
        field->setError(done.error().what);
    refresh();
}

void HeadPage::refresh()
{
    const Head &head = m_document.shown().head;
    showLayer(m_conv, head.conv);
    showLayer(m_hidden, head.hidden);
    m_classes->show(head.classes);
}

void HeadPage::setReport(const ReportPtr &report)
{
    m_figures->showBlocks(report, {BlockId{}});
}

StagePage::StagePage(Document &document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_title(makeHeading({}, this))
    , m_flow(new NoteLabel(this))
    , m_name(new QLineEdit(this))
    , m_nameField(new Field(QStringLiteral("Name"), m_name, this))
    , m_figures(new FiguresPanel(this))
{
    auto *column = new QVBoxLayout(this);
    column->setSpacing(7);
    column->addWidget(m_title);
    column->addWidget(m_figures);
    column->addSpacing(4);
    column->addWidget(m_nameField);
    column->addWidget(m_flow);
    column->addStretch(1);
    connect(m_name, &QLineEdit::editingFinished, this, [this] {
        const StageId stage = m_document.selection().stage();
        if (!stage) return;
        m_nameField->setError({});
        const auto done =
            m_document.edit(RenameStage{stage, m_name->text()}, QStringLiteral("Rename stage"));
        if (!done) m_nameField->setError(done.error().what);
        refresh();
    });
}

void StagePage::refresh()
{
    const Network &network = m_document.shown();
    const int index = findStage(network, m_document.selection().stage());
    if (index < 0) return;
    const Stage &stage = network.stages[std::size_t(index)];
    m_title->setText(QStringLiteral("Stage %1 of %2").arg(index + 1).arg(network.stages.size()));
    if (!m_name->hasFocus() || m_name->text() != stage.name) {
        const QSignalBlocker quiet(m_name);
        m_name->setText(stage.name);
    }
    m_flow->setNote(QStringLiteral("%1 \u2192 %2, %3")
                        .arg(shapeText(stageInput(network, index)),
                             shapeText(stageInput(network, index + 1)),
                             counted(qint64(stage.blocks.size()), QStringLiteral("block"))));
    std::vector<BlockId> blocks;
    for (const Block &block : stage.blocks)
        blocks.push_back(block.id);
    m_figures->showBlocks(m_report, blocks);
}

void StagePage::setReport(const ReportPtr &report)
{
    m_report = report;
    refresh();
}

} // namespace atomnet
