#include "widgets/inspectors/path_field.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>
#include <QUrl>

namespace atomnet
{

PathField::PathField(const QString &name, Kind kind, const QString &filter, QWidget *parent)
    : QWidget(parent), m_name(name), m_filter(filter), m_kind(kind), m_edit(new QLineEdit(this))
{
    m_edit->setAccessibleName(name);
    m_edit->setClearButtonEnabled(true);
    setFocusProxy(m_edit);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_edit, 1);
    makeButtons();
    connect(m_edit, &QLineEdit::textChanged, this, &PathField::changed);
}

QString PathField::path() const
{
    QString text = m_edit->text().trimmed();
    if (text.startsWith(QLatin1String("file://"))) text = QUrl(text).toLocalFile(); // dropped
    return text;
}

void PathField::setPath(const QString &path)
{
    m_edit->setText(path);
}

void PathField::setPlaceholder(const QString &text)
{
    m_edit->setPlaceholderText(text);
}

void PathField::setKind(Kind kind, const QString &filter)
{
    m_filter = filter;
    if (kind == m_kind) return;
    m_kind = kind;
    makeButtons();
}

void PathField::makeButtons()
{
    delete m_buttons;
    m_buttons = new QWidget(this);
    auto *row = new QHBoxLayout(m_buttons);
    row->setContentsMargins(0, 0, 0, 0);
    const auto add = [&](const QString &text, bool folder) {
        auto *button = new QToolButton(m_buttons);
        button->setText(text);
        button->setAccessibleName(QStringLiteral("%1: %2").arg(m_name, text));
        row->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, folder] { choose(folder); });
    };
    if (m_kind != Kind::CreateFolder) add(QStringLiteral("File\u2026"), false);
    if (m_kind == Kind::OpenAny || m_kind == Kind::CreateFolder)
        add(QStringLiteral("Folder\u2026"), true);
    layout()->addWidget(m_buttons);
}

void PathField::choose(bool folder)
{
    QString chosen;
    if (m_kind == Kind::SaveFile || m_kind == Kind::CreateFolder)
        chosen = QFileDialog::getSaveFileName(this, m_name, path(), m_filter);
    else if (folder)
        chosen = QFileDialog::getExistingDirectory(this, m_name, path());
    else
        chosen = QFileDialog::getOpenFileName(this, m_name, path(), m_filter);
    if (!chosen.isEmpty()) setPath(chosen);
}

} // namespace atomnet
