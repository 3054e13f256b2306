#pragma once

#include "widgets/document/document.h"
#include "widgets/document/int8_service.h"

#include <QWidget>

#include <memory>

class QLabel;
class QPushButton;

namespace atomnet
{

class ConfusionView;
class SqnrDashboard;

/// The int8 dock: what quantising and evaluating the design came to, and the buttons to do so and
/// to export.
class Int8Panel : public QWidget
{
    Q_OBJECT
public:
    explicit Int8Panel(Document &document, QWidget *parent = nullptr);

    [[nodiscard]] SqnrDashboard &sqnr() const { return *m_sqnr; }
    [[nodiscard]] ConfusionView &confusion() const { return *m_confusion; }
    void setQuantised(const std::shared_ptr<const QuantisationResult> &result);
    void setEvaluated(const std::shared_ptr<const EvaluationResult> &result);
    /// While something runs the buttons are off.
    void setBusy(bool busy);
    [[nodiscard]] QString status() const;

Q_SIGNALS:
    void quantiseRequested();
    void evaluateRequested();
    void exportRequested();

private:
    void designChanged();
    Document &m_document;
    QLabel *m_status;
    SqnrDashboard *m_sqnr;
    ConfusionView *m_confusion;
    std::vector<QPushButton *> m_buttons;
    std::shared_ptr<const EvaluationResult> m_evaluated;
};

} // namespace atomnet
