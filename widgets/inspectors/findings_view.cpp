#include "widgets/inspectors/findings_view.h"

#include "widgets/common/theme.h"

namespace atomnet
{

namespace
{

QString row(const Finding &finding, const Theme &theme)
{
    const QColor color = finding.state == Finding::State::Problem ? theme.fitOver
                         : finding.state == Finding::State::Note  ? theme.fitTight
                                                                  : theme.mutedText;
    const QString sign = finding.state == Finding::State::Problem ? QStringLiteral("\u2717")
                         : finding.state == Finding::State::Note  ? QStringLiteral("!")
                                                                  : QStringLiteral("\u2713");
    QString text = finding.what.toHtmlEscaped();
    if (!finding.advice.isEmpty())
        text += QStringLiteral("<br><b>%1</b>").arg(finding.advice.toHtmlEscaped());
    if (!finding.command.isEmpty())
        text += QStringLiteral("<br><code>%1</code>").arg(finding.command.toHtmlEscaped());
    return QStringLiteral("<tr><td style='color:%1'><b>%2</b>&nbsp;</td><td>%3</td></tr>")
        .arg(color.name(), sign, text);
}

} // namespace

FindingsView::FindingsView(QWidget *parent) : QTextBrowser(parent)
{
    setAccessibleName(QStringLiteral("What the connection doctor found"));
    setFrameShape(QFrame::NoFrame);
    setPlaceholderText(QStringLiteral("\u201cWhy does it not connect?\u201d looks at cables, "
                                      "permissions, drivers, ports and firmware, "
                                      "and says what to do."));
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &FindingsView::fill);
}

void FindingsView::setFindings(const std::vector<Finding> &findings)
{
    m_findings = findings;
    m_asked = true;
    fill();
}

void FindingsView::fill()
{
    if (!m_asked) return;
    const Theme &theme = ThemeManager::instance().theme();
    QString rows;
    // In the doctor's order: the first problem is the one to solve first.
    for (const Finding &finding : m_findings)
        rows += row(finding, theme);
    if (m_findings.empty())
        rows = QStringLiteral("<tr><td>Nothing to look at was found.</td></tr>");
    setHtml(QStringLiteral("<table cellspacing=0 cellpadding=2>%1</table>").arg(rows));
}

} // namespace atomnet
