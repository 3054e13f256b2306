#include "widgets/inspectors/atomdb_panel.h"

#include "core/base/format.h"
#include "widgets/common/figure_font.h"
#include "widgets/inspectors/field.h"
#include "widgets/inspectors/figures_text.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace atomnet
{

namespace
{

QTreeWidget *makeTree(const QStringList &columns, const QString &name, QWidget *parent)
{
    auto *tree = new QTreeWidget(parent);
    tree->setHeaderLabels(columns);
    tree->setAccessibleName(name);
    tree->setFrameShape(QFrame::NoFrame);
    tree->setAlternatingRowColors(true);
    tree->setUniformRowHeights(true);
    tree->setFont(figureFont(tree->font()));
    tree->header()->setStretchLastSection(false);
    tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int column = 1; column < columns.size(); ++column)
        tree->header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    tree->headerItem()->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    return tree;
}

void setRight(QTreeWidgetItem *item, int column, const QString &text)
{
    item->setText(column, text);
    item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
}

QString conditionText(const ConditionInfo &info)
{
    const RunCondition &condition = info.condition;
    QStringList parts{condition.board, condition.runtime};
    if (condition.clockHz > 0) parts << QStringLiteral("%1 MHz").arg(condition.clockHz / 1'000'000);
    if (!condition.caches.isEmpty()) parts << QStringLiteral("caches %1").arg(condition.caches);
    if (!condition.compiler.isEmpty()) parts << condition.compiler;
    if (!condition.kernelVersion.isEmpty())
        parts << QStringLiteral("kernels %1").arg(condition.kernelVersion);
    if (info.unit == SampleUnit::Instructions) parts << QStringLiteral("in instructions");
    return parts.join(QStringLiteral(" \u00b7 "));
}

} // namespace

AtomDbPanel::AtomDbPanel(QWidget *parent)
    : QWidget(parent)
    , m_path(new QLabel(this))
    , m_empty(new NoteLabel(this))
    , m_contents(makeTree({QStringLiteral("Measured under"), QStringLiteral("Operators"),
                           QStringLiteral("Samples")},
                          QStringLiteral("Contents of AtomDB"), this))
    , m_last(makeTree(
          {QStringLiteral("What happened"), QStringLiteral("Lines"), QStringLiteral("Where")},
          QStringLiteral("Last import"), this))
    , m_lastTitle(makeHeading(QStringLiteral("Last import"), this))
{
    setAccessibleName(QStringLiteral("AtomDB"));
    m_path->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_path->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *row = new QHBoxLayout;
    row->addWidget(m_path, 1);
    struct Button {
        QString text, tip;
        void (AtomDbPanel::*asked)();
    };
    const Button buttons[] = {
        {QStringLiteral("Import CSV\u2026"),
         QStringLiteral("Take over measurements from the authors' CSV files or an export"),
         &AtomDbPanel::importRequested},
        {QStringLiteral("Export\u2026"), QStringLiteral("Write every sample as CSV"),
         &AtomDbPanel::exportRequested},
        {QStringLiteral("Merge\u2026"), QStringLiteral("Take over what another AtomDB holds"),
         &AtomDbPanel::mergeRequested},
        {QStringLiteral("Open other\u2026"), QStringLiteral("Use another AtomDB file"),
         &AtomDbPanel::openRequested}};
    for (const Button &each : buttons) {
        auto *button = new QPushButton(each.text, this);
        button->setToolTip(each.tip);
        connect(button, &QPushButton::clicked, this, each.asked);
        row->addWidget(button);
        m_buttons.push_back(button);
    }
    setFocusProxy(m_buttons.front());
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setNote(
        QStringLiteral("AtomDB is empty: latencies are estimated from the fitted model. Import the "
                       "authors' CSV files to get measured ones."));

    auto *left = new QWidget(this);
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->addWidget(m_empty);
    leftColumn->addWidget(m_contents, 1);
    auto *right = new QWidget(this);
    auto *rightColumn = new QVBoxLayout(right);
    rightColumn->setContentsMargins(0, 0, 0, 0);
    rightColumn->addWidget(m_lastTitle);
    rightColumn->addWidget(m_last, 1);
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(left);
    splitter->addWidget(right);
    splitter->setChildrenCollapsible(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 6, 8, 6);
    column->addLayout(row);
    column->addWidget(splitter, 1);
    m_contents->headerItem()->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
    // The reasons of an import say the most.
    for (int section : {0, 2})
        m_last->header()->setSectionResizeMode(section, QHeaderView::Interactive);
    m_last->header()->setStretchLastSection(true);
    m_last->setColumnWidth(0, 380);
    right->hide();
    m_contents->hide();
}

void AtomDbPanel::setInfo(const DbInfo &info)
{
    m_path->setText(QStringLiteral("%1  (%2, %3)")
                        .arg(QDir::toNativeSeparators(info.path), formatKib(info.fileBytes),
                             counted(info.samples, QStringLiteral("sample"))));
    m_path->setToolTip(m_path->text());
    m_empty->setVisible(info.samples == 0);
    m_contents->setVisible(info.samples > 0);
    showContents(info);
}

void AtomDbPanel::showContents(const DbInfo &info)
{
    m_contents->clear();
    for (const ConditionInfo &condition : info.conditions) {
        auto *top = new QTreeWidgetItem(m_contents, {conditionText(condition)});
        top->setToolTip(0, conditionText(condition));
        setRight(top, 1, grouped(condition.keys));
        setRight(top, 2, grouped(condition.samples));
        for (const DbInfo::KindCount &kind : info.kinds) {
            if (kind.condition != condition.id) continue;
            auto *item = new QTreeWidgetItem(top, {toString(kind.kind)});
            setRight(item, 1, grouped(kind.keys));
            setRight(item, 2, grouped(kind.samples));
        }
        top->setExpanded(true);
    }
    if (info.sources.empty()) return;
    auto *sources = new QTreeWidgetItem(m_contents, {QStringLiteral("Where from")});
    for (const SourceInfo &source : info.sources) {
        auto *item = new QTreeWidgetItem(sources, {source.name});
        item->setToolTip(0,
                         QStringLiteral("added %1\nSHA-256 %2").arg(source.addedAt, source.sha256));
        setRight(item, 2, grouped(source.samples));
    }
    sources->setExpanded(true);
}

void AtomDbPanel::setImportReports(const std::vector<ImportReport> &reports)
{
    m_lastTitle->setText(QStringLiteral("Last import"));
    m_last->clear();
    m_last->parentWidget()->show();
    for (const ImportReport &report : reports) {
        auto *file = new QTreeWidgetItem(m_last, {QFileInfo(report.file).fileName()});
        file->setToolTip(0, report.file);
        setRight(file, 1, grouped(report.lines));
        file->setText(
            2, QStringLiteral("%1 new, %2 already there")
                   .arg(counted(report.added, QStringLiteral("sample")), grouped(report.present)));
        for (const ImportReport::Reason &reason : report.reasons()) {
            auto *item = new QTreeWidgetItem(
                file, {QStringLiteral("%1: %2").arg(toString(reason.action), reason.reason)});
            item->setToolTip(0, item->text(0));
            setRight(item, 1, grouped(reason.count));
            item->setText(
                2, (reason.count == 1 ? QStringLiteral("line %1") : QStringLiteral("lines %1"))
                       .arg(reason.lines));
            item->setToolTip(2, reason.lines);
        }
        if (report.repeatedKeys > 0) {
            auto *item = new QTreeWidgetItem(
                file, {QStringLiteral("operators measured more than once (all samples kept)")});
            setRight(item, 1, grouped(report.repeatedKeys));
        }
        file->setExpanded(true);
    }
}

void AtomDbPanel::setMergeReport(const MergeReport &report)
{
    m_lastTitle->setText(
        QStringLiteral("Last merge: %1 new, %2 already there")
            .arg(counted(report.added, QStringLiteral("sample")), grouped(report.present)));
    m_last->clear();
    m_last->parentWidget()->show();
    auto *top = new QTreeWidgetItem(
        m_last, {QStringLiteral("Operators whose samples disagree (both kept)")});
    setRight(top, 1, grouped(qint64(report.conflicts.size())));
    constexpr std::size_t mostShown = 500;
    for (const MergeReport::Conflict &conflict : report.conflicts) {
        if (std::size_t(top->childCount()) >= mostShown) break;
        auto *item = new QTreeWidgetItem(top, {describe(conflict.key)});
        item->setText(2,
                      QStringLiteral("%1 here, %2 there")
                          .arg(formatMs(conflict.ours.median), formatMs(conflict.theirs.median)));
        item->setToolTip(0, item->text(0));
    }
    top->setExpanded(true);
}

void AtomDbPanel::setBusy(bool busy)
{
    for (QPushButton *button : m_buttons)
        button->setEnabled(!busy);
}

} // namespace atomnet
