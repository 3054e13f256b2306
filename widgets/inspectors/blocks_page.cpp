#include "widgets/inspectors/blocks_page.h"

#include "widgets/document/document.h"
#include "widgets/inspectors/choices.h"
#include "widgets/inspectors/field.h"
#include "widgets/inspectors/figures_panel.h"
#include "widgets/inspectors/figures_text.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr int widthStep = 8;
constexpr int widthSliderSpan = 512; ///< the slider's end unless a block is wider already
constexpr int byReduction = 0, byChannels = 1;

/// The value that all blocks share, or nothing when it differs.
template <class Get>
auto common(const std::vector<const Block *> &blocks, Get get)
{
    using Value = std::decay_t<decltype(get(*blocks.front()))>;
    std::optional<Value> value;
    for (const Block *block : blocks) {
        if (!value)
            value = get(*block);
        else if (*value != get(*block))
            return std::optional<Value>();
    }
    return value;
}

template <class Spin, class Number>
void showNumber(Spin *spin, const std::optional<Number> &value, Number first)
{
    if (value)
        spin->show(*value);
    else
        spin->showMixed(first);
}

bool hasExpansion(const Block &block)
{
    return block.type == BlockType::ConvNext || block.type == BlockType::MbConv;
}

bool canHaveSe(const Block &block)
{
    return block.type != BlockType::Conv;
}

template <class Value>
BlockPatch patchOf(std::optional<Value> BlockPatch::*member, std::type_identity_t<Value> value)
{
    BlockPatch patch;
    patch.*member = std::move(value);
    return patch;
}

QString appliesTo(std::size_t some, std::size_t all)
{
    if (some == all) return {};
    return QStringLiteral("applies to %1 of %2 blocks").arg(some).arg(all);
}

} // namespace

BlocksPage::BlocksPage(Document &document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_title(makeHeading({}, this))
    , m_figures(new FiguresPanel(this))
{
    makeFields();
    makeSeFields();
    auto *column = new QVBoxLayout(this);
    column->setSpacing(7);
    column->addWidget(m_title);
    // What it costs stands first: it must be in view while the values below change it.
    column->addWidget(m_figures);
    column->addSpacing(4);
    for (Field *field : {m_typeField, m_widthField, m_kernelField, m_strideField, m_expandField,
                         m_actField, m_repeatField, m_seField, m_seWidthField, m_seActField})
        column->addWidget(field);
    column->addStretch(1);
    connectFields();
}

void BlocksPage::makeFields()
{
    std::vector<std::pair<int, QString>> types;
    for (BlockType type : {BlockType::Conv, BlockType::Sep, BlockType::ConvNext, BlockType::MbConv})
        types.emplace_back(int(type), displayName(type));
    m_type = new ChoiceBox(types, this);
    m_typeField = new Field(QStringLiteral("Type"), m_type, this);

    auto *widthEditor = new QWidget(this);
    auto *widthRow = new QHBoxLayout(widthEditor);
    widthRow->setContentsMargins(0, 0, 0, 0);
    m_width = new MixedSpinBox(1, maxChannels, widthStep, widthEditor);
    m_width->setAccessibleName(QStringLiteral("Width in channels"));
    m_widthSlider = new QSlider(Qt::Horizontal, widthEditor);
    m_widthSlider->setAccessibleName(QStringLiteral("Width slider, in steps of 8 channels"));
    m_widthSlider->setRange(1, widthSliderSpan / widthStep);
    m_widthSlider->setPageStep(4);
    widthRow->addWidget(m_width);
    widthRow->addWidget(m_widthSlider, 1);
    widthEditor->setFocusProxy(m_width);
    m_widthField = new Field(QStringLiteral("Width"), widthEditor, this);

    m_kernel = new Segmented({{1, QStringLiteral("1")},
                              {3, QStringLiteral("3")},
                              {5, QStringLiteral("5")},
                              {7, QStringLiteral("7")}},
                             this);
    m_kernelField = new Field(QStringLiteral("Kernel"), m_kernel, this);
    std::vector<std::pair<int, QString>> strides;
    for (int stride = 1; stride <= maxStride; ++stride)
        strides.emplace_back(stride, QString::number(stride));
    m_stride = new Segmented(strides, this);
    m_strideField = new Field(QStringLiteral("Stride"), m_stride, this);

    m_expand = new MixedDoubleSpinBox(0.25, maxExpand, 1.0, this);
    m_expand->setDecimals(2);
    m_expandField = new Field(QStringLiteral("Expansion"), m_expand, this);
    m_act = new ChoiceBox(activationChoices(), this);
    m_actField = new Field(QStringLiteral("Activation"), m_act, this);
    m_repeat = new MixedSpinBox(1, maxRepeat, 1, this);
    m_repeatField = new Field(QStringLiteral("Repeat"), m_repeat, this);
}

void BlocksPage::makeSeFields()
{
    m_seOn = new QCheckBox(QStringLiteral("on"), this);
    m_seOn->setAccessibleName(QStringLiteral("Squeeze-excite"));
    m_seField = new Field(QStringLiteral("Squeeze-excite"), m_seOn, this);
    m_seMode = new ChoiceBox({{byReduction, QStringLiteral("reduction")},
                              {byChannels, QStringLiteral("channels")}},
                             this);
    m_seValue = new MixedSpinBox(1, maxChannels, 1, this);
    const auto sideBySide = [this](QWidget *left, QWidget *right) {
        auto *both = new QWidget(this);
        auto *row = new QHBoxLayout(both);
        row->setContentsMargins(0, 0, 0, 0);
        row->addWidget(left, 3);
        row->addWidget(right, 2);
        for (QWidget *narrow : {left, right}) // the dock's width is for all fields, not for these
            narrow->setMinimumWidth(56);
        both->setFocusProxy(left);
        return both;
    };
    m_seWidthField = new Field(QStringLiteral("  squeeze by"), sideBySide(m_seMode, m_seValue), this);
    m_seAct = new ChoiceBox(activationChoices(), this);
    m_seGate = new ChoiceBox(activationChoices(), this);
    m_seActField = new Field(QStringLiteral("  act, gate"), sideBySide(m_seAct, m_seGate), this);
    m_seAct->setAccessibleName(QStringLiteral("Squeeze-excite activation"));
    m_seGate->setAccessibleName(QStringLiteral("Squeeze-excite gate"));
    m_seMode->setAccessibleName(QStringLiteral("Squeeze width by"));
    m_seValue->setAccessibleName(QStringLiteral("Squeeze reduction or channels"));
}

void BlocksPage::connectFields()
{
    connect(m_type, &ChoiceBox::chosen, this, [this](int type) {
        change(m_typeField, patchOf(&BlockPatch::type, BlockType(type)),
               QStringLiteral("Type %1").arg(displayName(BlockType(type))));
    });
    connect(m_width, &QSpinBox::valueChanged, this, [this](int width) {
        if (!m_width->isMixed())
            change(m_widthField, patchOf(&BlockPatch::out, width),
                   QStringLiteral("Width %1").arg(width));
    });
    // One drag of the slider is one undo step; a key or a click into the groove is a step of its
    // own.
    connect(m_widthSlider, &QSlider::sliderPressed, this,
            [this] { m_widthGesture = m_document.newGesture(); });
    connect(m_widthSlider, &QSlider::sliderReleased, this, [this] { m_widthGesture = 0; });
    connect(m_widthSlider, &QSlider::valueChanged, this, [this](int steps) {
        const int width = steps * widthStep;
        change(m_widthField, patchOf(&BlockPatch::out, width),
               QStringLiteral("Width %1").arg(width), m_widthGesture);
    });
    connect(m_kernel, &Segmented::chosen, this, [this](int kernel) {
        change(m_kernelField, patchOf(&BlockPatch::kernel, kernel),
               QStringLiteral("Kernel %1\u00d7%1").arg(kernel));
    });
    connect(m_stride, &Segmented::chosen, this, [this](int stride) {
        change(m_strideField, patchOf(&BlockPatch::stride, stride),
               QStringLiteral("Stride %1").arg(stride));
    });
    connect(m_expand, &QDoubleSpinBox::valueChanged, this, [this](double expand) {
        if (!m_expand->isMixed())
            change(m_expandField, patchOf(&BlockPatch::expand, expand),
                   QStringLiteral("Expansion %1").arg(expand));
    });
    connect(m_act, &ChoiceBox::chosen, this, [this](int act) {
        change(m_actField, patchOf(&BlockPatch::act, Activation(act)),
               QStringLiteral("Activation %1").arg(displayName(Activation(act))));
    });
    connect(m_repeat, &QSpinBox::valueChanged, this, [this](int repeat) {
        if (!m_repeat->isMixed())
            change(m_repeatField, patchOf(&BlockPatch::repeat, repeat),
                   QStringLiteral("Repeat %1").arg(repeat));
    });
    connect(m_seOn, &QCheckBox::clicked, this, [this] {
        // A partly checked box becomes checked: all blocks get the module, those with one keep
        // theirs.
        const bool on = m_seOn->checkState() != Qt::Unchecked;
        std::vector<BlockId> blocks;
        for (const Block *block : selectedBlocks())
            if (canHaveSe(*block) && block->se.has_value() != on) blocks.push_back(block->id);
        BlockPatch patch;
        patch.se = on ? std::optional<SqueezeExcite>(SqueezeExcite{}) : std::nullopt;
        change(m_seField, blocks, patch,
               on ? QStringLiteral("Add squeeze-excite") : QStringLiteral("Remove squeeze-excite"));
    });
    connect(m_seMode, &ChoiceBox::chosen, this, [this](int mode) {
        changeSe(
            m_seWidthField,
            [mode](SqueezeExcite &se) {
                if (mode == byReduction)
                    se.channels.reset();
                else if (!se.channels)
                    se.channels = 8;
            },
            QStringLiteral("Squeeze width"));
    });
    connect(m_seValue, &QSpinBox::valueChanged, this, [this](int value) {
        if (m_seValue->isMixed()) return;
        changeSe(
            m_seWidthField,
            [value](SqueezeExcite &se) { (se.channels ? *se.channels : se.reduction) = value; },
            QStringLiteral("Squeeze %1").arg(value));
    });
    connect(m_seAct, &ChoiceBox::chosen, this, [this](int act) {
        changeSe(
            m_seActField, [act](SqueezeExcite &se) { se.act = Activation(act); },
            QStringLiteral("Squeeze activation"));
    });
    connect(m_seGate, &ChoiceBox::chosen, this, [this](int act) {
        changeSe(
            m_seActField, [act](SqueezeExcite &se) { se.gate = Activation(act); },
            QStringLiteral("Squeeze gate"));
    });
}

std::vector<const Block *> BlocksPage::selectedBlocks() const
{
    std::vector<const Block *> blocks;
    for (const Stage &stage : m_document.shown().stages)
        for (const Block &block : stage.blocks)
            if (m_document.selection().contains(block.id)) blocks.push_back(&block);
    return blocks;
}

void BlocksPage::change(Field *field, const BlockPatch &patch, const QString &text, int gesture)
{
    change(field, m_document.selection().blocks(), patch, text, gesture);
}

void BlocksPage::change(Field *field, const std::vector<BlockId> &blocks, const BlockPatch &patch,
                        const QString &text, int gesture)
{
    clearErrors();
    const auto done = m_document.edit(ChangeBlocks{blocks, patch}, text, gesture);
    if (!done) field->setError(done.error().what);
    refresh(); // after a refusal the editors return to the design's values
}

void BlocksPage::changeSe(Field *field, const SeChange &change, const QString &text)
{
    clearErrors();
    // Blocks may differ in the rest of their module: each keeps it, so each gets its own edit.
    std::vector<Edit> edits;
    for (const Block *block : selectedBlocks()) {
        if (!block->se) continue;
        SqueezeExcite se = *block->se;
        change(se);
        BlockPatch patch;
        patch.se = std::optional<SqueezeExcite>(std::move(se));
        edits.emplace_back(ChangeBlocks{{block->id}, patch});
    }
    if (const auto done = m_document.editAll(edits, text); !done)
        field->setError(done.error().what);
    refresh();
}

void BlocksPage::refresh()
{
    const std::vector<const Block *> blocks = selectedBlocks();
    if (blocks.empty()) return;
    std::vector<BlockId> ids;
    for (const Block *block : blocks)
        ids.push_back(block->id);
    if (ids != m_shown) {
        clearErrors();
        m_shown = ids;
        m_figures->showBlocks(m_report, ids);
    }

    const Block &first = *blocks.front();
    if (blocks.size() == 1) {
        const BlockPlace place = findBlock(m_document.shown(), first.id);
        const Stage &stage = m_document.shown().stages[std::size_t(place.stage)];
        m_title->setText(QStringLiteral("%1 block %2 of %3")
                             .arg(displayName(first.type))
                             .arg(place.index + 1)
                             .arg(stage.name));
    } else {
        m_title->setText(QStringLiteral("%1 blocks").arg(blocks.size()));
    }

    const auto asInt = [](auto value) {
        return value ? std::optional<int>(int(*value)) : std::nullopt;
    };
    m_type->show(asInt(common(blocks, [](const Block &b) { return b.type; })));
    const auto width = common(blocks, [](const Block &b) { return b.out; });
    showNumber(m_width, width, first.out);
    {
        const QSignalBlocker quiet(m_widthSlider);
        const int widest = (*std::max_element(blocks.begin(), blocks.end(), [](auto *a, auto *b) {
                               return a->out < b->out;
                           }))->out;
        if (!m_widthSlider->isSliderDown())
            m_widthSlider->setMaximum(std::max(widthSliderSpan, widest) / widthStep);
        m_widthSlider->setValue(std::max(1, first.out / widthStep));
    }
    m_kernel->show(common(blocks, [](const Block &b) { return b.kernel; }));
    m_stride->show(common(blocks, [](const Block &b) { return b.stride; }));
    m_act->show(asInt(common(blocks, [](const Block &b) { return b.act; })));
    showNumber(m_repeat, common(blocks, [](const Block &b) { return b.repeat; }), first.repeat);

    std::vector<const Block *> expanding;
    std::copy_if(blocks.begin(), blocks.end(), std::back_inserter(expanding),
                 [](const Block *b) { return hasExpansion(*b); });
    if (expanding.empty()) {
        m_expand->show(1);
        m_expandField->setUnavailable(
            QStringLiteral("only ConvNeXt and MBConv blocks have an expansion"));
    } else {
        m_expandField->setUnavailable({});
        m_expandField->setNote(appliesTo(expanding.size(), blocks.size()));
        showNumber(m_expand, common(expanding, [](const Block &b) { return b.expand; }),
                   expanding.front()->expand);
    }
    showSe(blocks);
}

void BlocksPage::showSe(const std::vector<const Block *> &blocks)
{
    std::vector<const Block *> able, with;
    for (const Block *block : blocks) {
        if (canHaveSe(*block)) able.push_back(block);
        if (block->se) with.push_back(block);
    }
    m_seField->setUnavailable(able.empty() ? QStringLiteral("conv blocks have no squeeze-excite")
                                           : QString());
    m_seField->setNote(able.empty() ? QString() : appliesTo(able.size(), blocks.size()));
    {
        const QSignalBlocker quiet(m_seOn);
        const bool some = !with.empty() && with.size() < able.size();
        m_seOn->setTristate(some);
        m_seOn->setCheckState(some           ? Qt::PartiallyChecked
                              : with.empty() ? Qt::Unchecked
                                             : Qt::Checked);
    }
    for (Field *field : {m_seWidthField, m_seActField})
        field->setVisible(!with.empty());
    if (with.empty()) return;
    const auto mode = common(
        with, [](const Block &b) { return b.se->channels ? int(byChannels) : int(byReduction); });
    m_seMode->show(mode);
    const auto valueOf = [](const Block &b) {
        return b.se->channels ? *b.se->channels : b.se->reduction;
    };
    m_seValue->setEnabled(mode.has_value());
    m_seWidthField->setNote(mode ? QString()
                                 : QStringLiteral("choose reduction or channels for all first"));
    showNumber(m_seValue, mode ? common(with, valueOf) : std::optional<int>(),
               valueOf(*with.front()));
    m_seAct->show(common(with, [](const Block &b) { return int(b.se->act); }));
    m_seGate->show(common(with, [](const Block &b) { return int(b.se->gate); }));
}

void BlocksPage::setReport(const ReportPtr &report)
{
    m_report = report;
    m_figures->showBlocks(report, m_shown);
}

void BlocksPage::clearErrors()
{
    for (Field *field : {m_typeField, m_widthField, m_kernelField, m_strideField, m_expandField,
                         m_actField, m_repeatField, m_seField, m_seWidthField, m_seActField})
        field->setError({});
}

} // namespace atomnet
