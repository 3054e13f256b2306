#include "widgets/inspectors/target_bar.h"

#include "core/base/format.h"
#include "widgets/document/document.h"
#include "widgets/inspectors/field.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWidgetAction>

namespace atomnet
{

QString describe(const Board &board)
{
    QString text = QStringLiteral("%1 SRAM, %2 Flash")
                       .arg(formatKib(board.sramBytes), formatKib(board.flashBytes));
    if (board.clockHz > 0) text += QStringLiteral(", %1 MHz").arg(board.clockHz / 1'000'000);
    return board.isVirtual ? text + QStringLiteral(", virtual: no limits to keep") : text;
}

TargetBar::TargetBar(Document &document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_board(new QComboBox(this))
    , m_runtime(new QComboBox(this))
    , m_reserve(new QToolButton(this))
    , m_sram(new QSpinBox)
    , m_flash(new QSpinBox)
    , m_note(new NoteLabel)
{
    m_board->setAccessibleName(QStringLiteral("Board"));
    m_runtime->setAccessibleName(QStringLiteral("Runtime"));
    m_board->setObjectName(QStringLiteral("boardChooser"));
    m_runtime->setObjectName(QStringLiteral("runtimeChooser"));
    for (const Board &board : boards()) {
        m_board->addItem(board.isVirtual ? board.name
                                         : QStringLiteral("%1  %2 / %3")
                                               .arg(board.name, formatKib(board.sramBytes),
                                                    formatKib(board.flashBytes)),
                         board.id);
        m_board->setItemData(m_board->count() - 1,
                             QStringLiteral("%1: %2").arg(board.core, describe(board)),
                             Qt::ToolTipRole);
    }
    for (Runtime runtime : allRuntimes)
        m_runtime->addItem(displayName(runtime), int(runtime));
    makeReservePopup();
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_board);
    row->addWidget(m_runtime);
    row->addWidget(m_reserve);

    connect(m_board, &QComboBox::activated, this,
            [this](int index) { chooseBoard(m_board->itemData(index).toString()); });
    connect(m_runtime, &QComboBox::activated, this,
            [this](int index) { chooseRuntime(Runtime(m_runtime->itemData(index).toInt())); });
    const auto reserve = [this] {
        Target target = m_document.target();
        target.reserveSramBytes = qint64(m_sram->value()) * 1024;
        target.reserveFlashBytes = qint64(m_flash->value()) * 1024;
        apply(target);
    };
    connect(m_sram, &QSpinBox::valueChanged, this, reserve);
    connect(m_flash, &QSpinBox::valueChanged, this, reserve);
    connect(&m_document, &Document::targetChanged, this, &TargetBar::refresh);
    refresh();
}

void TargetBar::makeReservePopup()
{
    auto *menu = new QMenu(m_reserve);
    auto *panel = new QWidget(menu);
    auto *column = new QVBoxLayout(panel);
    column->addWidget(makeHeading(QStringLiteral("Reserved for my application"), panel));
    const std::pair<QSpinBox *, QString> spins[] = {{m_sram, QStringLiteral("SRAM")},
                                                    {m_flash, QStringLiteral("Flash")}};
    for (const auto &[spin, name] : spins) {
        spin->setSuffix(QStringLiteral(" KiB"));
        spin->setSingleStep(16);
        spin->setAlignment(Qt::AlignRight);
        spin->setKeyboardTracking(false);
        spin->setAccessibleName(QStringLiteral("Reserved %1 in KiB").arg(name));
        spin->setObjectName(QStringLiteral("reserve%1").arg(name));
        column->addWidget(new Field(name, spin, panel));
    }
    column->addWidget(m_note);
    auto *action = new QWidgetAction(menu);
    action->setDefaultWidget(panel);
    menu->addAction(action);
    m_reserve->setMenu(menu);
    m_reserve->setPopupMode(QToolButton::InstantPopup);
    m_reserve->setAccessibleName(QStringLiteral("Reserved for my application"));
    m_reserve->setObjectName(QStringLiteral("reserveButton"));
    m_reserve->setFocusPolicy(Qt::StrongFocus);
}

void TargetBar::chooseBoard(const QString &id)
{
    const auto board = boardById(id);
    if (!board) {
        Q_EMIT m_document.failed(board.error().message());
        return refresh();
    }
    Target target = m_document.target();
    target.board = *board;
    // What was reserved on a larger board may not fit on this one.
    target.reserveSramBytes = std::min(target.reserveSramBytes, board->sramBytes);
    target.reserveFlashBytes = std::min(target.reserveFlashBytes, board->flashBytes);
    apply(target);
}

void TargetBar::chooseRuntime(Runtime runtime)
{
    Target target = m_document.target();
    target.runtime = runtime;
    apply(target);
}

void TargetBar::apply(const Target &target)
{
    const auto done = m_document.setTarget(target);
    m_note->setNote(done ? QString() : done.error().what, NoteLabel::Tone::Error);
    if (!done) Q_EMIT m_document.failed(done.error().message());
    refresh();
}

void TargetBar::refresh()
{
    const Target &target = m_document.target();
    m_board->setCurrentIndex(m_board->findData(target.board.id));
    m_board->setToolTip(QStringLiteral("%1 (%2): %3")
                            .arg(target.board.name, target.board.core, describe(target.board)));
    m_runtime->setCurrentIndex(m_runtime->findData(int(target.runtime)));
    m_runtime->setToolTip(QStringLiteral(
        "The library that runs the network: it decides operators, SRAM and latency"));
    const QSignalBlocker quietSram(m_sram), quietFlash(m_flash);
    m_sram->setRange(0, int(target.board.sramBytes / 1024));
    m_flash->setRange(0, int(target.board.flashBytes / 1024));
    m_sram->setValue(int(target.reserveSramBytes / 1024));
    m_flash->setValue(int(target.reserveFlashBytes / 1024));
    const bool any = target.reserveSramBytes > 0 || target.reserveFlashBytes > 0;
    m_reserve->setText(
        any ? QStringLiteral("Reserved %1 / %2")
                  .arg(formatKib(target.reserveSramBytes), formatKib(target.reserveFlashBytes))
            : QStringLiteral("Reserve\u2026"));
    m_reserve->setToolTip(
        QStringLiteral("SRAM and Flash kept free for the rest of your application"));
}

} // namespace atomnet
