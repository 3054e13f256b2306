#include "app/window/export_chart.h"

#include "widgets/dashboards/dashboard.h"

#include <QFileDialog>
#include <QFileInfo>

namespace atomnet
{

Result<> exportChart(Dashboard &chart, const QString &path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix == QLatin1String("png")) return chart.exportPng(path);
    if (suffix == QLatin1String("svg")) return chart.exportSvg(path);
    return fail(ErrorCode::Usage,
                QStringLiteral("a chart is written as .png or .svg; choose one of these endings"),
                path);
}

QString askChartFile(const Dashboard &chart, const QString &designName, QWidget *parent)
{
    const QString png = QStringLiteral("PNG image (*.png)");
    const QString svg = QStringLiteral("SVG drawing (*.svg)");
    QString chosen = png;
    QString path = QFileDialog::getSaveFileName(
        parent, QStringLiteral("Export %1").arg(chart.title()),
        QStringLiteral("%1-%2.png").arg(QFileInfo(designName).completeBaseName(), chart.id()),
        png + QStringLiteral(";;") + svg, &chosen);
    if (path.isEmpty()) return {};
    // The chosen type decides when the name has no ending of its own, or kept the suggested one.
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (chosen == svg && suffix == QLatin1String("png")) path.chop(4);
    if (chosen == svg && suffix != QLatin1String("svg")) path += QStringLiteral(".svg");
    if (chosen == png && suffix != QLatin1String("png") && suffix != QLatin1String("svg"))
        path += QStringLiteral(".png");
    return path;
}

} // namespace atomnet
