#include "widgets/inspectors/quant_dialog.h"

#include "widgets/inspectors/field.h"
#include "widgets/inspectors/path_field.h"
#include "widgets/inspectors/quant_form.h"

#include <QDialogButtonBox>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace atomnet
{

QuantDialog::QuantDialog(Purpose purpose, const QuantSource &source, const QString &data,
                         QWidget *parent)
    : QDialog(parent)
    , m_purpose(purpose)
    , m_form(new QuantForm(this))
    , m_data(new PathField(QStringLiteral("Data with labels"), PathField::Kind::OpenAny,
                           QStringLiteral("Samples (*.npz);;All files (*)"), this))
{
    const bool validates = purpose == Purpose::Validate;
    const bool evaluates = purpose == Purpose::Evaluate || validates;
    setObjectName(QStringLiteral("quantDialog"));
    setWindowTitle(validates   ? QStringLiteral("Validate on the board")
                   : evaluates ? QStringLiteral("Evaluate")
                               : QStringLiteral("Quantise"));
    m_form->setSource(source);
    m_data->setPath(data);
    m_data->setPlaceholder(
        validates ? QStringLiteral("a folder of images, .npz or .npy; empty for seeded samples")
                  : QStringLiteral("a folder with one subfolder a class, or a .npz with labels"));

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_run = buttons->addButton(validates ? QStringLiteral("Validate") : windowTitle(),
                               QDialogButtonBox::AcceptRole);
    m_run->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *column = new QVBoxLayout(this);
    column->setSpacing(10);
    column->addWidget(m_form);
    if (evaluates) {
        column->addWidget(makeHeading(validates ? QStringLiteral("Samples to run on the board")
                                                : QStringLiteral("Data with labels"),
                                      this));
        column->addWidget(m_data);
    } else {
        m_data->hide();
    }
    column->addStretch();
    column->addWidget(buttons);
    resize(680, sizeHint().height());

    connect(m_form, &QuantForm::changed, this, &QuantDialog::refresh);
    connect(m_data, &PathField::changed, this, &QuantDialog::refresh);
    refresh();
}

QuantSource QuantDialog::source() const
{
    return m_form->source();
}

QString QuantDialog::data() const
{
    return m_data->path();
}

void QuantDialog::refresh()
{
    const bool optional = m_purpose == Purpose::Quantise ||
                          (m_purpose == Purpose::Validate && m_data->path().isEmpty());
    const bool hasData = optional || QFileInfo::exists(m_data->path());
    m_run->setEnabled(hasData && m_form->problem().isEmpty());
}

} // namespace atomnet
