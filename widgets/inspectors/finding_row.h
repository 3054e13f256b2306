#pragma once

#include "widgets/document/advice.h"

#include <QAbstractButton>

namespace atomnet
{

/// A finding elsewhere, in one line: how bad, where, what (cut off where there is no room). A click
/// leads there.
class FindingRow : public QAbstractButton
{
    Q_OBJECT
public:
    FindingRow(const LintFinding &finding, const QString &place, QWidget *parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    LintSeverity m_severity;
    QString m_what;
};

} // namespace atomnet
