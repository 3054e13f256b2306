#include "app/window/int8_panel.h"

#include "core/base/format.h"
#include "widgets/dashboards/confusion_view.h"
#include "widgets/dashboards/sqnr_dashboard.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

namespace atomnet
{

Int8Panel::Int8Panel(Document &document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_status(new QLabel(
          QStringLiteral("int8 network of the runtime %1").arg(displayName(Runtime::AtomNet1)),
          this))
    , m_sqnr(new SqnrDashboard(document, this))
    , m_confusion(new ConfusionView(this))
{
    setAccessibleName(QStringLiteral("int8"));
    auto *row = new QHBoxLayout;
    m_status->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_status, 1);
    struct Button {
        QString text, tip;
        void (Int8Panel::*asked)();
    };
    const Button buttons[] = {
        {QStringLiteral("Quantise\u2026"),
         QStringLiteral("Make the int8 network and see the noise it brings to each layer"),
         &Int8Panel::quantiseRequested},
        {QStringLiteral("Evaluate\u2026"),
         QStringLiteral("Count how often the float and the int8 network are right on your data"),
         &Int8Panel::evaluateRequested},
        {QStringLiteral("Export\u2026"),
         QStringLiteral("Write the network as C project, TFLite, ONNX or PyTorch"),
         &Int8Panel::exportRequested}};
    for (const Button &each : buttons) {
        auto *button = new QPushButton(each.text, this);
        button->setToolTip(each.tip);
        connect(button, &QPushButton::clicked, this, each.asked);
        row->addWidget(button);
        m_buttons.push_back(button);
    }
    setFocusProxy(m_buttons.front());

    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(m_sqnr);
    splitter->addWidget(m_confusion);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 6, 8, 6);
    column->addLayout(row);
    column->addWidget(splitter, 1);
    connect(&document, &Document::networkChanged, this, &Int8Panel::designChanged);
}

void Int8Panel::setQuantised(const std::shared_ptr<const QuantisationResult> &result)
{
    m_sqnr->setResult(result);
    m_status->setText(QStringLiteral("%1, arena %2")
                          .arg(result->trained
                                   ? QStringLiteral("Trained weights")
                                   : QStringLiteral("Seeded weights: the outputs mean nothing"),
                               formatKib(result->arenaBytes)));
}

void Int8Panel::setEvaluated(const std::shared_ptr<const EvaluationResult> &result)
{
    m_evaluated = result;
    m_confusion->setResult(result);
    designChanged();
}

void Int8Panel::setBusy(bool busy)
{
    for (QPushButton *button : m_buttons)
        button->setEnabled(!busy);
}

QString Int8Panel::status() const
{
    return m_status->text();
}

void Int8Panel::designChanged()
{
    if (m_evaluated)
        m_confusion->setOutdated(!sameDesign(m_evaluated->network, m_document.shown()));
}

} // namespace atomnet
