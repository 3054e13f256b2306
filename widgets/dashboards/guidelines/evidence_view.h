#pragma once

#include "core/analysis/guidelines/guidelines.h"

#include <QChartView>

namespace atomnet
{

struct Theme;

/// One evidence chart: bars where it has categories, else points. Follows the theme.
class EvidenceView : public QChartView
{
    Q_OBJECT
public:
    explicit EvidenceView(QWidget *parent = nullptr);

    /// A chart without values shows `emptyText` instead.
    void setEvidence(const EvidenceChart &evidence, const QString &emptyText);
    [[nodiscard]] bool isEmpty() const { return m_empty; }

protected:
    void drawForeground(QPainter *painter, const QRectF &area) override;
    void changeEvent(QEvent *event) override;

private:
    void fillBars(const EvidenceChart &evidence);
    void fillPoints(const EvidenceChart &evidence);
    void retheme(const Theme &theme);

    QString m_emptyText;
    bool m_empty = true;
};

} // namespace atomnet
