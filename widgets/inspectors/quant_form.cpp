#include "widgets/inspectors/quant_form.h"

#include "widgets/inspectors/field.h"
#include "widgets/inspectors/path_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>

namespace atomnet
{

QuantForm::QuantForm(QWidget *parent)
    : QWidget(parent)
    , m_weights(new PathField(QStringLiteral("Weights"), PathField::Kind::OpenFile,
                              QStringLiteral("Weights (*.safetensors *.onnx);;All files (*)"),
                              this))
    , m_calibration(new PathField(QStringLiteral("Calibration"), PathField::Kind::OpenAny,
                                  QStringLiteral("Samples (*.npz *.npy);;All files (*)"), this))
    , m_limit(new QSpinBox(this))
    , m_seed(new QSpinBox(this))
    , m_method(new QComboBox(this))
    , m_percentile(new QDoubleSpinBox(this))
    , m_biasCorrection(new QCheckBox(QStringLiteral("Bias correction"), this))
    , m_note(new NoteLabel(this))
{
    m_weights->setPlaceholder(QStringLiteral("none: seeded weights, untrained"));
    m_limit->setRange(1, 100'000);
    m_limit->setSuffix(QStringLiteral(" samples at most"));
    m_limit->setAccessibleName(QStringLiteral("Calibration samples at most"));
    m_seed->setRange(0, 1'000'000'000);
    m_seed->setPrefix(QStringLiteral("seed "));
    m_seed->setAccessibleName(QStringLiteral("Seed of the weights"));
    for (const RangeMethod method :
         {RangeMethod::MinMax, RangeMethod::Percentile, RangeMethod::Mse})
        m_method->addItem(toString(method), int(method));
    m_method->setAccessibleName(QStringLiteral("Ranges of activations"));
    m_method->setToolTip(
        QStringLiteral("How the range of each tensor follows from the calibration samples"));
    m_percentile->setRange(90, 100);
    m_percentile->setDecimals(3);
    m_percentile->setSuffix(QStringLiteral(" %"));
    m_percentile->setAccessibleName(QStringLiteral("Share of values kept"));
    m_biasCorrection->setToolTip(
        QStringLiteral("Shifts each channel's bias by the mean error that quantising brought, over "
                       "the calibration samples"));

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setColumnStretch(1, 1);
    const auto label = [&](const QString &text, QWidget *buddy) {
        auto *made = new QLabel(text, this);
        made->setBuddy(buddy);
        return made;
    };
    grid->addWidget(label(QStringLiteral("&Weights"), m_weights), 0, 0);
    grid->addWidget(m_weights, 0, 1);
    grid->addWidget(m_seed, 0, 2);
    m_calibrationLabel = label(QStringLiteral("&Calibration"), m_calibration);
    grid->addWidget(m_calibrationLabel, 1, 0);
    grid->addWidget(m_calibration, 1, 1);
    grid->addWidget(m_limit, 1, 2);
    m_rangesLabel = label(QStringLiteral("&Ranges"), m_method);
    grid->addWidget(m_rangesLabel, 2, 0);
    m_ranges = new QWidget(this);
    auto *row = new QHBoxLayout(m_ranges);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_method);
    row->addWidget(m_percentile);
    row->addWidget(m_biasCorrection);
    row->addStretch();
    grid->addWidget(m_ranges, 2, 1, 1, 2);
    grid->addWidget(m_note, 3, 1, 1, 2);

    connect(m_weights, &PathField::changed, this, &QuantForm::refresh);
    connect(m_calibration, &PathField::changed, this, &QuantForm::refresh);
    connect(m_method, &QComboBox::currentIndexChanged, this, &QuantForm::refresh);
    connect(m_biasCorrection, &QCheckBox::toggled, this, &QuantForm::changed);
    connect(m_percentile, &QDoubleSpinBox::valueChanged, this, &QuantForm::changed);
    connect(m_limit, &QSpinBox::valueChanged, this, &QuantForm::changed);
    connect(m_seed, &QSpinBox::valueChanged, this, &QuantForm::changed);
    setSource({});
}

QuantSource QuantForm::source() const
{
    QuantSource source = m_rest;
    source.weightsPath = m_weights->path();
    source.calibrationPath = m_weightsOnly ? QString() : m_calibration->path();
    source.calibrationLimit = m_limit->value();
    source.seed = quint64(m_seed->value());
    source.options.ranges = RangeMethod(m_method->currentData().toInt());
    source.options.percentile = m_percentile->value();
    source.options.biasCorrection = m_biasCorrection->isChecked();
    return source;
}

void QuantForm::setSource(const QuantSource &source)
{
    m_rest = source;
    m_weights->setPath(source.weightsPath);
    m_calibration->setPath(source.calibrationPath);
    m_limit->setValue(source.calibrationLimit);
    m_seed->setValue(int(source.seed));
    m_method->setCurrentIndex(m_method->findData(int(source.options.ranges)));
    m_percentile->setValue(source.options.percentile);
    m_biasCorrection->setChecked(source.options.biasCorrection);
    refresh();
}

void QuantForm::setWeightsOnly(bool weightsOnly)
{
    m_weightsOnly = weightsOnly;
    for (QWidget *widget : {m_calibrationLabel, m_rangesLabel, m_ranges,
                            static_cast<QWidget *>(m_calibration), static_cast<QWidget *>(m_limit)})
        widget->setVisible(!weightsOnly);
    refresh();
}

QString QuantForm::problem() const
{
    const QString weights = m_weights->path();
    if (!weights.isEmpty() && !QFileInfo(weights).isFile())
        return QStringLiteral("There is no weight file %1.").arg(weights);
    if (m_weightsOnly) return {};
    const QString calibration = m_calibration->path();
    if (!calibration.isEmpty() && !QFileInfo::exists(calibration))
        return QStringLiteral("There is nothing at %1 to calibrate with.").arg(calibration);
    if (!weights.isEmpty() && calibration.isEmpty())
        return QStringLiteral("Trained weights need calibration samples: a folder of images, or a "
                              ".npz or .npy file.");
    return {};
}

void QuantForm::refresh()
{
    const bool trained = !m_weights->path().isEmpty();
    m_seed->setEnabled(!trained);
    m_calibration->setPlaceholder(trained ? QStringLiteral("a folder of images, .npz or .npy")
                                          : QStringLiteral("none: 16 seeded images"));
    m_percentile->setVisible(RangeMethod(m_method->currentData().toInt()) ==
                             RangeMethod::Percentile);
    const QString wrong = problem();
    m_note->setNote(
        !wrong.isEmpty() ? wrong
        : trained
            ? QString()
            : QStringLiteral(
                  "Seeded weights give true SRAM, Flash and timing, but the outputs mean nothing."),
        wrong.isEmpty() ? NoteLabel::Tone::Muted : NoteLabel::Tone::Warning);
    Q_EMIT changed();
}

} // namespace atomnet
