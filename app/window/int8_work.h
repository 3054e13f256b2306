#pragma once

#include "widgets/document/document.h"
#include "widgets/document/int8_service.h"

#include <QObject>

namespace atomnet
{

class Int8Panel;
class ProgressStrip;

/// Quantising, evaluating and exporting from the window: asks what is needed, runs it, and tells
/// what came of it. Remembers what was asked between runs.
class Int8Work : public QObject
{
    Q_OBJECT
public:
    Int8Work(Document &document, Int8Panel &panel, ProgressStrip &progress, QWidget *window);

    [[nodiscard]] Int8Service &service() { return m_service; }

public Q_SLOTS:
    void askQuantise();
    void askEvaluate();
    void askExport();
    void quantise(const atomnet::QuantSource &source);
    void evaluate(const atomnet::QuantSource &source, const QString &data);
    void exportAs(const atomnet::ExportRequest &request);

Q_SIGNALS:
    void done(const QString &sentence,
              const QString &folder); ///< folder: what "open folder" opens, may be empty
    void warned(const QString &sentence, const QString &folder);
    void failed(const QString &sentence);

private:
    void remember() const;
    void recall();
    Document &m_document;
    Int8Panel &m_panel;
    ProgressStrip &m_progress;
    QWidget *m_window;
    Int8Service m_service;
    ExportRequest m_last;
    QString m_data;
};

} // namespace atomnet
