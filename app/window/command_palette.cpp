#include "app/window/command_palette.h"

#include "widgets/common/theme.h"

#include <QAction>
#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr int commandRole = Qt::UserRole;
constexpr int keysRole = Qt::UserRole + 1;

/// A line of the list: icon, name, and its keys at the right end.
class CommandDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QSize size = QStyledItemDelegate::sizeHint(option, index);
        size.setHeight(std::max(size.height(), option.fontMetrics.height() + 10));
        return size;
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const QString keys = index.data(keysRole).toString();
        if (keys.isEmpty()) return;
        const bool chosen = option.state & QStyle::State_Selected;
        painter->save();
        painter->setPen(chosen ? option.palette.color(QPalette::HighlightedText)
                               : ThemeManager::instance().theme().mutedText);
        painter->drawText(option.rect.adjusted(0, 0, -8, 0), Qt::AlignRight | Qt::AlignVCenter,
                          keys);
        painter->restore();
    }
};

/// Names line up, with an icon or without.
QIcon iconOf(const QAction &action)
{
    if (!action.icon().isNull()) return action.icon();
    QPixmap nothing(16, 16);
    nothing.fill(Qt::transparent);
    return nothing;
}

QString commandName(const QAction &action)
{
    QString text = action.text();
    text.remove(u'&');
    if (text.endsWith(QChar(0x2026))) text.chop(1);
    const QString place = action.property("place").toString();
    return place.isEmpty() ? text : QStringLiteral("%1: %2").arg(place, text);
}

} // namespace

int fuzzyScore(const QString &pattern, const QString &text)
{
    int score = 0, run = 0;
    qsizetype at = 0;
    for (const QChar wanted : pattern) {
        if (wanted.isSpace()) { // words may come with anything between them
            run = 0;
            continue;
        }
        const qsizetype found = text.indexOf(wanted, at, Qt::CaseInsensitive);
        if (found < 0) return -1;
        run = found == at && at > 0 ? run + 1 : 0;
        const bool wordStart = found == 0 || !text.at(found - 1).isLetterOrNumber();
        score += 1 + 3 * run + (wordStart ? 4 : 0);
        at = found + 1;
    }
    if (!pattern.isEmpty() && text.contains(pattern, Qt::CaseInsensitive)) score += 100;
    return score;
}

CommandPalette::CommandPalette(QWidget *window)
    : QFrame(window), m_search(new QLineEdit(this)), m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("commandPalette"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setAccessibleName(QStringLiteral("Commands"));
    m_search->setPlaceholderText(QStringLiteral("Type a command, e.g. undo, dark or preset 512"));
    m_search->setAccessibleName(QStringLiteral("Search commands"));
    m_list->setAccessibleName(QStringLiteral("Commands found"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setIconSize({16, 16});
    m_list->setItemDelegate(new CommandDelegate(m_list));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(6, 6, 6, 6);
    column->addWidget(m_search);
    column->addWidget(m_list);
    connect(m_search, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_search, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::runCurrent);
    m_search->installEventFilter(this);
    hide();
}

void CommandPalette::open(const QList<QAction *> &commands)
{
    m_commands.clear();
    for (QAction *command : commands)
        m_commands << command;
    if (!isVisible()) m_focusBefore = QApplication::focusWidget();
    const QWidget *window = parentWidget();
    const int width = std::min(560, window->width() - 40);
    const int height = std::min(420, window->height() - 120);
    setGeometry((window->width() - width) / 2, 60, width, height);
    m_search->clear();
    filter({});
    show();
    raise();
    m_search->setFocus();
}

QStringList CommandPalette::shownCommands() const
{
    QStringList names;
    for (int i = 0; i < m_list->count(); ++i)
        names << m_list->item(i)->text();
    return names;
}

void CommandPalette::filter(const QString &pattern)
{
    struct Hit {
        int score;
        QString name;
        QAction *action;
    };
    std::vector<Hit> hits;
    for (const QPointer<QAction> &action : m_commands) {
        if (!action || !action->isEnabled() || action->text().isEmpty()) continue;
        const QString name = commandName(*action);
        if (const int score = fuzzyScore(pattern, name); score >= 0)
            hits.push_back({score, name, action});
    }
    std::stable_sort(hits.begin(), hits.end(),
                     [](const Hit &a, const Hit &b) { return a.score > b.score; });
    m_list->clear();
    for (const Hit &hit : hits) {
        auto *item = new QListWidgetItem(iconOf(*hit.action), hit.name, m_list);
        item->setData(keysRole, hit.action->shortcut().toString(QKeySequence::NativeText));
        item->setData(commandRole, QVariant::fromValue(static_cast<QObject *>(hit.action)));
    }
    if (m_list->count() == 0) {
        auto *none = new QListWidgetItem(QStringLiteral("No command of this name"), m_list);
        none->setFlags(Qt::NoItemFlags);
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::runCurrent()
{
    const QListWidgetItem *item = m_list->currentItem();
    auto *action =
        item ? qobject_cast<QAction *>(item->data(commandRole).value<QObject *>()) : nullptr;
    if (!action) return;
    close(true); // first: the command finds the focus where the user left it
    action->trigger();
}

void CommandPalette::close(bool restoreFocus)
{
    if (!isVisible()) return;
    hide();
    if (restoreFocus && m_focusBefore) m_focusBefore->setFocus();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusOut && isVisible() && isActiveWindow()) close(false);
    if (event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent *>(event)->key()) {
        case Qt::Key_Escape:
            close(true);
            return true;
        case Qt::Key_Up:
        case Qt::Key_Down:
        case Qt::Key_PageUp:
        case Qt::Key_PageDown:
            QApplication::sendEvent(m_list, event);
            return true;
        default:
            break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace atomnet
