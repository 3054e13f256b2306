#include "widgets/inspectors/flash_dialog.h"

#include "core/base/format.h"
#include "widgets/common/figure_font.h"
#include "widgets/inspectors/field.h"
#include "widgets/inspectors/path_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDate>
#include <QDialogButtonBox>
#include <QDir>
#include <QFormLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <cmath>

namespace atomnet
{

std::vector<Probe> probesAmong(const std::vector<FoundDevice> &devices)
{
    std::vector<Probe> probes;
    for (const FoundDevice &device : devices) {
        if (device.what != FoundDevice::What::Probe && device.what != FoundDevice::What::Bootloader)
            continue;
        Probe probe;
        probe.kind =
            device.what == FoundDevice::What::Probe ? Probe::Kind::StLink : Probe::Kind::Dfu;
        probe.name = device.name;
        probe.serial = device.serial;
        probe.vendor = device.vendor;
        probe.product = device.product;
        probe.problem = device.problem;
        probes.push_back(probe);
    }
    return probes;
}

FlashDialog::FlashDialog(const QString &boardId, const QString &backupFolder, QWidget *parent)
    : QDialog(parent)
    , m_folder(backupFolder)
    , m_variant(new QComboBox(this))
    , m_probe(new QComboBox(this))
    , m_tool(new QComboBox(this))
    , m_contents(new QLabel(this))
    , m_look(new QPushButton(QStringLiteral("&Look"), this))
    , m_backup(new QCheckBox(QStringLiteral("&Save what is on the board first"), this))
    , m_overwrite(new QCheckBox(QStringLiteral("&Overwrite what is on the board"), this))
    , m_path(new PathField(QStringLiteral("Backup"), PathField::Kind::SaveFile,
                           QStringLiteral("Firmware images (*.bin)"), this))
    , m_bar(new QProgressBar(this))
    , m_status(new NoteLabel(this))
    , m_log(new QPlainTextEdit(this))
{
    setObjectName(QStringLiteral("flashDialog"));
    setWindowTitle(QStringLiteral("Flash the profiling firmware"));
    m_variant->setObjectName(QStringLiteral("flashVariant"));
    m_probe->setObjectName(QStringLiteral("flashProbe"));
    m_tool->setObjectName(QStringLiteral("flashTool"));
    m_overwrite->setObjectName(QStringLiteral("flashOverwrite"));
    m_backup->setObjectName(QStringLiteral("flashBackup"));
    for (const BoardVariant &variant : boardVariants())
        m_variant->addItem(variant.name, variant.id);
    if (const auto preset = boardVariant(boardId))
        m_variant->setCurrentIndex(m_variant->findData(preset->id));
    m_tool->addItem(QStringLiteral("the best one installed"));
    for (const FlashTool tool : {FlashTool::StFlash, FlashTool::OpenOcd, FlashTool::DfuUtil})
        m_tool->addItem(toString(tool), int(tool));
    m_contents->setTextFormat(Qt::PlainText);
    m_contents->setWordWrap(true);
    m_contents->setObjectName(QStringLiteral("flashContents"));
    m_look->setToolTip(QStringLiteral("Read from the board what it holds now"));
    m_bar->setTextVisible(false);
    m_bar->setMaximumHeight(10);
    m_bar->setAccessibleName(QStringLiteral("Progress of flashing"));
    m_log->setReadOnly(true);
    m_log->setFont(figureFont(m_log->font()));
    m_log->setAccessibleName(QStringLiteral("What the tool says"));
    m_log->setTabChangesFocus(true);
    m_log->setPlaceholderText(QStringLiteral("What the tool says"));

    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(QStringLiteral("&Board"), m_variant);
    form->addRow(QStringLiteral("&Probe"), m_probe);
    form->addRow(QStringLiteral("&Tool"), m_tool);
    auto *now = new QHBoxLayout;
    now->addWidget(m_contents, 1);
    now->addWidget(m_look);
    form->addRow(QStringLiteral("On it now"), now);
    form->addRow(QString(), m_backup);
    form->addRow(QStringLiteral("Saved to"), m_path);
    form->addRow(QString(), m_overwrite);

    auto *buttons = new QDialogButtonBox(this);
    m_flash = buttons->addButton(QStringLiteral("&Flash"), QDialogButtonBox::ActionRole);
    m_flash->setObjectName(QStringLiteral("flashNow"));
    m_close = buttons->addButton(QDialogButtonBox::Close);
    connect(m_flash, &QPushButton::clicked, this, &FlashDialog::start);
    connect(buttons, &QDialogButtonBox::rejected, this, &FlashDialog::reject);

    auto *column = new QVBoxLayout(this);
    column->setSpacing(10);
    column->addLayout(form);
    column->addWidget(m_status);
    column->addWidget(m_bar);
    column->addWidget(m_log, 1);
    column->addWidget(buttons);
    resize(640, 520);

    connect(m_variant, &QComboBox::currentIndexChanged, this, &FlashDialog::changed);
    connect(m_probe, &QComboBox::currentIndexChanged, this, &FlashDialog::changed);
    connect(m_tool, &QComboBox::currentIndexChanged, this, &FlashDialog::changed);
    connect(m_backup, &QCheckBox::toggled, this, &FlashDialog::refresh);
    connect(m_overwrite, &QCheckBox::toggled, this, &FlashDialog::refresh);
    connect(m_path, &PathField::changed, this, &FlashDialog::refresh);
    connect(m_look, &QPushButton::clicked, this, [this] {
        m_contents->setText(QStringLiteral("looking\u2026"));
        m_look->setEnabled(false);
        Q_EMIT contentsRequested(request());
    });
    m_bar->hide();
    changed();
}

void FlashDialog::setProbes(const std::vector<Probe> &probes)
{
    if (probes == m_probes && m_probe->count() > 0) return;
    const QString before = m_probe->currentData().toString();
    m_probes = probes;
    m_probe->clear();
    for (const Probe &probe : probes) {
        QString text = probe.serial.isEmpty()
                           ? probe.name
                           : QStringLiteral("%1, serial %2").arg(probe.name, probe.serial);
        if (!probe.problem.isEmpty()) text += QStringLiteral(" (%1)").arg(probe.problem);
        m_probe->addItem(text, probe.serial);
    }
    m_probe->setCurrentIndex(std::max(0, m_probe->findData(before)));
    if (probes.empty()) m_probe->addItem(QStringLiteral("none is connected"));
    changed();
}

FlashRequest FlashDialog::request() const
{
    FlashRequest request;
    if (const auto variant = boardVariant(m_variant->currentData().toString()))
        request.variant = *variant;
    const int probe = m_probe->currentIndex();
    if (probe >= 0 && probe < int(m_probes.size())) request.probe = m_probes[std::size_t(probe)];
    if (m_tool->currentIndex() > 0) request.tool = FlashTool(m_tool->currentData().toInt());
    if (m_backup->isChecked()) request.backup = m_path->path();
    return request;
}

void FlashDialog::setContents(const QString &what)
{
    m_known = true;
    m_foreign =
        what != QStringLiteral("nothing") && !what.contains(QStringLiteral("AtomNet profiler"));
    m_contents->setText(what);
    m_overwrite->setChecked(false);
    refresh();
}

void FlashDialog::setContentsUnknown(const QString &why)
{
    m_known = false;
    m_foreign = true;
    m_contents->setText(why);
    refresh();
}

void FlashDialog::setProgress(double share)
{
    m_bar->setRange(0, share < 0 ? 0 : 1000);
    if (share >= 0) m_bar->setValue(int(std::lround(std::min(1.0, share) * 1000)));
}

void FlashDialog::log(const QString &line)
{
    if (!line.isEmpty()) m_log->appendPlainText(line);
}

void FlashDialog::setFlashed(const FlashReport &report)
{
    m_running = false;
    m_bar->hide();
    setContents(report.firmware.isEmpty()
                    ? QStringLiteral("another program (%1)").arg(formatKib(report.bytes))
                    : QStringLiteral("the AtomNet profiler"));
    m_status->setNote(QStringLiteral("Wrote %1 with %2%3.")
                          .arg(formatKib(report.bytes), toString(report.tool),
                               report.firmware.isEmpty()
                                   ? QString()
                                   : QStringLiteral("; it answers: %1").arg(report.firmware)));
}

void FlashDialog::setFailed(const QString &why)
{
    m_running = false;
    m_bar->hide();
    refresh();
    m_status->setNote(why, NoteLabel::Tone::Error);
}

QString FlashDialog::status() const
{
    return m_status->text();
}

QString FlashDialog::problem() const
{
    if (m_probes.empty())
        return QStringLiteral(
            "Connect the board's ST-LINK by USB, or start its bootloader (BOOT0 high) and connect "
            "its own USB.");
    const FlashRequest asked = request();
    if (!asked.probe.problem.isEmpty()) return asked.probe.problem;
    if (m_backup->isChecked() && m_path->path().isEmpty())
        return QStringLiteral("Say where to save what is on the board.");
    if (m_foreign && !m_overwrite->isChecked())
        return m_known
                   ? QStringLiteral("The board holds something else than this firmware: tick "
                                    "\u201cOverwrite\u201d to replace it.")
                   : QStringLiteral("Look what is on the board, or tick \u201cOverwrite\u201d to "
                                    "replace it unseen.");
    return {};
}

void FlashDialog::reject()
{
    if (m_running) {
        m_status->setNote(QStringLiteral("Stopping\u2026"));
        Q_EMIT stopRequested();
        return;
    }
    QDialog::reject();
}

void FlashDialog::changed()
{
    m_known = false;
    m_foreign = true;
    m_overwrite->setChecked(false);
    m_contents->setText(QStringLiteral("not looked at yet"));
    const QString suggested = QDir(m_folder).filePath(
        QStringLiteral("%1-backup-%2.bin")
            .arg(m_variant->currentData().toString(), QDate::currentDate().toString(Qt::ISODate)));
    if (m_path->path().isEmpty() || m_path->path() == m_suggested) m_path->setPath(suggested);
    m_suggested = suggested;
    refresh();
}

void FlashDialog::refresh()
{
    const QString why = problem();
    const bool free = !m_running;
    m_status->setNote(free ? why : QString());
    m_flash->setEnabled(free && why.isEmpty());
    m_close->setText(free ? QStringLiteral("&Close") : QStringLiteral("&Stop"));
    m_look->setEnabled(free && !m_probes.empty() && request().probe.problem.isEmpty());
    m_path->setEnabled(free && m_backup->isChecked());
    m_overwrite->setVisible(m_foreign);
    for (QWidget *each : {static_cast<QWidget *>(m_variant), static_cast<QWidget *>(m_probe),
                          static_cast<QWidget *>(m_tool), static_cast<QWidget *>(m_backup),
                          static_cast<QWidget *>(m_overwrite)})
        each->setEnabled(free);
}

void FlashDialog::start()
{
    m_running = true;
    m_log->clear();
    m_bar->show();
    setProgress(-1);
    refresh();
    Q_EMIT flashRequested(request());
}

} // namespace atomnet
