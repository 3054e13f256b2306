#include "widgets/inspectors/export_dialog.h"

#include "core/analysis/analyze.h"
#include "core/analysis/verdict.h"
#include "core/base/format.h"
#include "widgets/inspectors/field.h"
#include "widgets/inspectors/path_field.h"
#include "widgets/inspectors/quant_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QVBoxLayout>

namespace atomnet
{

namespace
{

QString endingOf(ExportFormat format)
{
    switch (format) {
    case ExportFormat::PyTorch:
        return QStringLiteral("-pytorch");
    case ExportFormat::Onnx:
        return QStringLiteral(".onnx");
    case ExportFormat::OnnxQdq:
        return QStringLiteral("-int8.onnx");
    case ExportFormat::TfLite:
        return QStringLiteral(".tflite");
    case ExportFormat::CProject:
        break;
    }
    return QStringLiteral("-c");
}

QString filterOf(ExportFormat format)
{
    switch (format) {
    case ExportFormat::Onnx:
    case ExportFormat::OnnxQdq:
        return QStringLiteral("ONNX (*.onnx)");
    case ExportFormat::TfLite:
        return QStringLiteral("TensorFlow Lite (*.tflite)");
    default:
        return {};
    }
}

QString purposeOf(ExportFormat format)
{
    switch (format) {
    case ExportFormat::PyTorch:
        return QStringLiteral("A folder with the model in PyTorch and a script that trains it and "
                              "writes the weights for the other formats.");
    case ExportFormat::Onnx:
        return QStringLiteral("One file, float, opset 14.");
    case ExportFormat::OnnxQdq:
        return QStringLiteral("One file, int8 with QuantizeLinear and DequantizeLinear.");
    case ExportFormat::TfLite:
        return QStringLiteral("One file, int8 in and out.");
    case ExportFormat::CProject:
        break;
    }
    return QStringLiteral("A folder with the int8 network, its kernels, a self-test and linker "
                          "scripts; builds with CMake.");
}

} // namespace

ExportDialog::ExportDialog(const Network &network, const ExportRequest &last, QWidget *parent)
    : QDialog(parent)
    , m_network(network)
    , m_last(last)
    , m_format(new QComboBox(this))
    , m_board(new QComboBox(this))
    , m_path(new PathField(QStringLiteral("Write to"), PathField::Kind::SaveFile, {}, this))
    , m_quant(new QuantForm(this))
    , m_prefix(new QLineEdit(last.prefix, this))
    , m_softmax(new QCheckBox(QStringLiteral("Softmax behind the logits"), this))
    , m_weightsFile(new QCheckBox(QStringLiteral("Weights in a file of their own"), this))
    , m_cost(new NoteLabel(this))
    , m_note(new NoteLabel(this))
{
    setWindowTitle(QStringLiteral("Export network"));
    setObjectName(QStringLiteral("exportDialog"));
    m_softmax->setChecked(last.softmax);
    m_weightsFile->setChecked(last.weightsFile);
    m_quant->setSource(last.source);
    makeForm();
    m_format->setCurrentIndex(m_format->findData(int(last.format)));
    m_board->setCurrentIndex(std::max(0, m_board->findData(last.target.board.id)));
    formatChanged();

    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::formatChanged);
    connect(m_board, &QComboBox::currentIndexChanged, this, &ExportDialog::refresh);
    connect(m_path, &PathField::changed, this, &ExportDialog::refresh);
    connect(m_quant, &QuantForm::changed, this, &ExportDialog::refresh);
    connect(m_prefix, &QLineEdit::textChanged, this, &ExportDialog::refresh);
}

void ExportDialog::makeForm()
{
    m_format->setAccessibleName(QStringLiteral("Format"));
    for (const ExportFormat each :
         {ExportFormat::CProject, ExportFormat::TfLite, ExportFormat::OnnxQdq, ExportFormat::Onnx,
          ExportFormat::PyTorch})
        m_format->addItem(displayName(each), int(each));
    m_board->setAccessibleName(QStringLiteral("Board"));
    for (const Board &board : boards())
        m_board->addItem(board.name, board.id);
    m_prefix->setAccessibleName(QStringLiteral("Prefix of every C name"));
    m_prefix->setMaximumWidth(160);
    m_weightsFile->setToolTip(QStringLiteral(
        "weights.bin, checked by its hash when it is loaded, instead of tables in Flash"));

    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(QStringLiteral("&Format"), m_format);
    form->addRow(QString(), m_note);
    form->addRow(QStringLiteral("Write &to"), m_path);
    m_cOptions = new QWidget(this);
    auto *row = new QHBoxLayout(m_cOptions);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(new QLabel(QStringLiteral("Board"), this));
    row->addWidget(m_board);
    row->addWidget(new QLabel(QStringLiteral("Prefix"), this));
    row->addWidget(m_prefix);
    row->addWidget(m_weightsFile);
    row->addStretch();
    form->addRow(QStringLiteral("C project"), m_cOptions);
    form->addRow(QString(), m_softmax);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_export = buttons->addButton(QStringLiteral("Export"), QDialogButtonBox::AcceptRole);
    m_export->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *column = new QVBoxLayout(this);
    column->setSpacing(10);
    column->addLayout(form);
    column->addWidget(makeHeading(QStringLiteral("Weights and quantisation"), this));
    column->addWidget(m_quant);
    column->addWidget(makeHeading(QStringLiteral("What it will cost"), this));
    column->addWidget(m_cost);
    column->addStretch();
    column->addWidget(buttons);
    resize(720, sizeHint().height());
}

ExportFormat ExportDialog::format() const
{
    return ExportFormat(m_format->currentData().toInt());
}

QString ExportDialog::suggestedPath(ExportFormat format) const
{
    const QString folder = m_last.outputPath.isEmpty()
                               ? QDir::homePath()
                               : QFileInfo(m_last.outputPath).absolutePath();
    QString name = m_network.name.simplified().toLower();
    for (QChar &c : name)
        if (!c.isLetterOrNumber() && c != u'-' && c != u'.') c = u'-';
    if (name.isEmpty()) name = QStringLiteral("network");
    return folder + QLatin1Char('/') + name + endingOf(format);
}

void ExportDialog::formatChanged()
{
    const ExportFormat now = format();
    m_path->setKind(writesFolder(now) ? PathField::Kind::CreateFolder : PathField::Kind::SaveFile,
                    filterOf(now));
    // A path that the user typed stays.
    if (m_path->path().isEmpty() || m_path->path() == m_suggested) {
        m_suggested = suggestedPath(now);
        m_path->setPath(m_suggested);
    }
    m_quant->setWeightsOnly(!isQuantized(now));
    const bool isC = now == ExportFormat::CProject;
    m_cOptions->setEnabled(isC);
    m_softmax->setEnabled(now != ExportFormat::PyTorch);
    refresh();
}

QString ExportDialog::costText() const
{
    const ExportFormat now = format();
    Target target;
    target.board = request().target.board;
    target.runtime = Runtime::AtomNet1;
    const Result<Report> report = analyze(m_network, target, {});
    if (!report) return report.error().message();
    if (now == ExportFormat::CProject) {
        const QString limitSram = target.board.isVirtual
                                      ? QString()
                                      : QStringLiteral(" of %1").arg(formatKib(report->sram.limit));
        const QString limitFlash =
            target.board.isVirtual ? QString()
                                   : QStringLiteral(" of %1").arg(formatKib(report->flash.limit));
        return QStringLiteral("SRAM %1%2 (%3), Flash %4%5 (%6) on %7.")
            .arg(formatKib(report->sram.value), limitSram, fitWords(report->sram),
                 formatKib(report->flash.value), limitFlash, fitWords(report->flash),
                 target.board.name);
    }
    const qint64 bytes = report->params * (isQuantized(now) ? 1 : 4);
    return QStringLiteral("About %1 of weights in the file (%2 parameters).")
        .arg(formatKib(bytes), formatCount(report->params));
}

QString ExportDialog::problem() const
{
    static const QRegularExpression identifier(QStringLiteral("^[A-Za-z_][A-Za-z0-9_]*$"));
    if (m_path->path().isEmpty()) return QStringLiteral("Say where to write it.");
    if (format() == ExportFormat::CProject && !identifier.match(m_prefix->text()).hasMatch())
        return QStringLiteral(
            "The prefix is no C name: use letters, digits and _, and begin with a letter.");
    return m_quant->problem();
}

void ExportDialog::refresh()
{
    const QString wrong = problem();
    m_note->setNote(wrong.isEmpty() ? purposeOf(format()) : wrong,
                    wrong.isEmpty() ? NoteLabel::Tone::Muted : NoteLabel::Tone::Warning);
    m_cost->setNote(costText());
    m_export->setEnabled(wrong.isEmpty());
}

ExportRequest ExportDialog::request() const
{
    ExportRequest request = m_last;
    request.format = format();
    request.outputPath = m_path->path();
    if (const auto board = boardById(m_board->currentData().toString()))
        request.target.board = *board;
    request.target.runtime = Runtime::AtomNet1;
    request.source = m_quant->source();
    request.prefix = m_prefix->text();
    request.softmax = m_softmax->isEnabled() && m_softmax->isChecked();
    request.weightsFile = m_weightsFile->isChecked();
    return request;
}

} // namespace atomnet
