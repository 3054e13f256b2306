#include "app/window/search_work.h"

#include "app/window/board_work.h"
#include "app/window/window_settings.h"
#include "widgets/common/message_bar.h"
#include "widgets/dashboards/search/search_panel.h"
#include "widgets/document/analysis_runner.h"

#include <QFileDialog>

namespace atomnet
{

namespace
{
constexpr char group[] = "search";
}

SearchWork::SearchWork(Document &document, AnalysisRunner &runner, BoardWork &boards,
                       SearchPanel &panel, QWidget *window)
    : QObject(window), m_runner(runner), m_panel(panel), m_window(window)
{
    recall();
    connect(&runner, &AnalysisRunner::reportReady, this, &SearchWork::follow);
    connect(&document, &Document::targetChanged, this, &SearchWork::follow);
    connect(&panel, &SearchPanel::measureRequested, &boards, &BoardWork::measureOperatorsOf);
    connect(&panel, &SearchPanel::spaceFileRequested, this, &SearchWork::askSpaceFile);
    connect(&panel, &SearchPanel::failed, this,
            [this](const QString &sentence) { Q_EMIT told(Severity::Warning, sentence); });
    connect(&panel, &SearchPanel::opened, this,
            [this](const QString &sentence) { Q_EMIT told(Severity::Info, sentence); });
    follow();
}

void SearchWork::follow()
{
    m_panel.setKnowledge(m_runner.knowledge());
    m_panel.setReport(m_runner.committed());
}

void SearchWork::askSpaceFile()
{
    const QString file =
        QFileDialog::getOpenFileName(m_window, QStringLiteral("Open a search space"), {},
                                     QStringLiteral("Search spaces (*.json);;All files (*)"));
    if (!file.isEmpty()) m_panel.useSpaceFile(file);
}

void SearchWork::remember() const
{
    const auto settings = windowSettings();
    settings->beginGroup(QString::fromLatin1(group));
    const QVariantMap state = m_panel.state();
    for (auto entry = state.cbegin(); entry != state.cend(); ++entry)
        settings->setValue(entry.key(), entry.value());
}

void SearchWork::recall()
{
    const auto settings = windowSettings();
    settings->beginGroup(QString::fromLatin1(group));
    QVariantMap state;
    const QStringList keys = settings->childKeys();
    for (const QString &key : keys)
        state.insert(key, settings->value(key));
    if (!state.isEmpty()) m_panel.setState(state);
}

} // namespace atomnet
