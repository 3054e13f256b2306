#pragma once

#include "widgets/document/device_service.h"
#include "widgets/document/document.h"
#include "widgets/document/sample_feed.h"
#include "widgets/inspectors/board_panel.h"

#include <QPointer>

class QAction;

namespace atomnet
{

class AnalysisRunner;
class AtomDbService;
class FlashDialog;
class MeasuredView;
enum class Severity : quint8;

/// Measuring, validating and flashing from the window: keeps the Board dock up to date, runs what
/// is asked of it, and tells what came of it. Samples show in charts and on the canvas as they
/// arrive.
class BoardWork : public QObject
{
    Q_OBJECT
public:
    BoardWork(Document &document, AnalysisRunner &runner, AtomDbService &database,
              BoardPanel &panel, MeasuredView &measured, QWidget *window, DeviceAccess access);
    ~BoardWork() override;

    [[nodiscard]] DeviceService &service() { return m_service; }
    [[nodiscard]] BoardPanel &panel() { return m_panel; }

public Q_SLOTS:
    void connectChosen();
    void measure(bool all);
    /// What the design's target lacks of this network's operators, a search result's for example.
    void measureOperatorsOf(const atomnet::Network &network);
    void measureNetwork();
    void askValidate();
    void validate(const atomnet::ValidationRequest &request);
    void askFlash();
    void examine();
    void stop();
    void setPaused(bool paused);
    void setPlugged(bool plugged); ///< of the virtual boards, for trying out
    /// Chooses a board for the first measurement: the design's, else one that is connected, else
    /// the larger virtual one.
    void preselect();

Q_SIGNALS:
    void told(atomnet::Severity severity, const QString &sentence, QAction *action);
    void status(const QString &text); ///< for the status bar; "" when nothing runs
    void measuredSome();              ///< a run ended with new samples
    void plugChanged(bool plugged);

private:
    void connectPanel();
    void connectService();
    void connectResults();
    void devicesChanged();
    void chosenChanged();
    void follow(); ///< chooses the design's virtual board, or forgets what is gone
    void showDesign();
    void designFor(const Target &target);
    /// The chosen board if the design can be measured on it; else says why and what to do.
    [[nodiscard]] const FoundDevice *ready(std::function<void()> again);
    void begin(BoardPhase phase, const FoundDevice *device);
    void finished();
    void say(Severity severity, const QString &sentence, QAction *action = nullptr);

    Document &m_document;
    AnalysisRunner &m_runner;
    AtomDbService &m_database;
    BoardPanel &m_panel;
    MeasuredView &m_measured;
    QWidget *m_window;
    DeviceService m_service;
    SampleFeed m_feed;
    QPointer<FlashDialog> m_flash;
    QAction *m_plugIn, *m_why;
    std::function<void()> m_afterConnecting;
    QString m_onBoard; ///< name of the board that the running job is on
    QuantSource m_source;
    QString m_data;
};

} // namespace atomnet
