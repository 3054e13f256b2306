#pragma once

#include "widgets/dashboards/search/search_setup.h"
#include "widgets/document/analysis_runner.h"
#include "widgets/document/document.h"
#include "widgets/document/search_service.h"

#include <QTimer>
#include <QWidget>

class QSplitter;

namespace atomnet
{

class FrontView;
class ProgressStrip;
class ResultView;
class SearchQuestion;

/// The Search dock: the question on the left, the best networks in the middle, the Pareto front on
/// the right. After the first search the answer follows every change of the limits, of the design's
/// locks and of what AtomDB knows.
class SearchPanel : public QWidget
{
    Q_OBJECT
public:
    explicit SearchPanel(Document &document, QWidget *parent = nullptr);
    ~SearchPanel() override;

    void setKnowledge(const Knowledge &knowledge);
    /// Of the present design, without previews.
    void setReport(const ReportPtr &report);

    /// What is asked and how it is shown, for settings.
    [[nodiscard]] QVariantMap state() const;
    void setState(const QVariantMap &state);

    [[nodiscard]] SearchService &service() { return m_service; }
    [[nodiscard]] SearchQuestion &question() const { return *m_question; }
    [[nodiscard]] ResultView &results() const { return *m_results; }
    [[nodiscard]] FrontView &front() const { return *m_front; }
    [[nodiscard]] bool isLive() const { return m_live; }
    [[nodiscard]] SearchAnswerPtr answer() const { return m_answer; }

    /// It came into sight: what changed meanwhile is searched.
    void lookAgain();

public Q_SLOTS:
    void search();
    void cancel();
    void openOnCanvas();
    void measureEstimated();
    /// A space of the user's own. Says where it is broken.
    void useSpaceFile(const QString &path);

Q_SIGNALS:
    void measureRequested(const atomnet::Network &network);
    void spaceFileRequested(); ///< ask for a file, then useSpaceFile()
    void failed(const QString &sentence);
    void opened(const QString &sentence); ///< a result took the design's place

protected:
    void showEvent(QShowEvent *event) override;

private:
    struct Asked {
        SearchSpace space;
        Target target;
        Knowledge knowledge;
        Estimates estimates = Estimates::Point;
        bool operator==(const Asked &) const = default;
    };
    void connectQuestion();
    void connectService();
    void connectResults();
    void designChanged();
    void problemChanged();
    void queryChanged();
    void solve(const Asked &problem);
    void ask(bool moving);
    void showAnswer(const SearchAnswerPtr &answer);
    void showMarks();
    void showFront();
    void refuse(const QString &sentence, bool aloud);
    [[nodiscard]] Result<SearchSpace> problemSpace();
    [[nodiscard]] Result<SearchSpace> baseSpace();

    Document &m_document;
    SearchService m_service;
    Knowledge m_knowledge;
    ReportPtr m_report;
    SearchQuestion *m_question;
    ResultView *m_results;
    FrontView *m_front;
    ProgressStrip *m_progress;
    QSplitter *m_splitter;
    QTimer m_settle; ///< from the last move until everything is asked for

    QTimer m_showFront;

    QString m_spaceName; ///< of m_space
    std::optional<SearchSpace> m_space;
    std::optional<Asked> m_asked; ///< what the service has been told
    SpaceCount m_count;
    int m_quickTop = 1; ///< networks to list while a slider moves
    SearchAnswerPtr m_answer;
    bool m_live = false;     ///< a search was asked for: answers follow
    bool m_inFlight = false; ///< a quick question is not answered yet: the next one waits for it
    bool m_again = false;    ///< and there is a next one
    bool m_stale = false;    ///< something changed while nobody looked
};

} // namespace atomnet
