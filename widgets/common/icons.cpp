#include "widgets/common/icons.h"

#include "widgets/common/theme.h"

#include <QDir>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

// A static library's resources are linked only when something refers to them.
static void registerIcons()
{
    Q_INIT_RESOURCE(icons);
}

namespace atomnet
{

namespace
{

QString iconPath(const QString &name)
{
    return QStringLiteral(":/atomnet/icons/%1.svg").arg(name);
}

/// Draws the SVG with `currentColor` replaced by the theme's text colour at the moment of drawing:
/// icons need not be set again when the theme changes.
class ThemedEngine : public QIconEngine
{
public:
    explicit ThemedEngine(QString name) : m_name(std::move(name))
    {
        QFile file(iconPath(m_name));
        if (file.open(QIODevice::ReadOnly)) m_svg = file.readAll();
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const Theme &theme = ThemeManager::instance().theme();
        QColor color = theme.text;
        if (mode == QIcon::Disabled) color = blend(theme.window, theme.text, 0.35);
        if (mode == QIcon::Selected) color = theme.palette().color(QPalette::HighlightedText);
        QByteArray svg = m_svg;
        svg.replace("currentColor", color.name().toLatin1());
        QSvgRenderer renderer(svg);
        painter->save();
        if (mode == QIcon::Disabled) painter->setOpacity(painter->opacity() * 0.8);
        const int side = qMin(rect.width(), rect.height());
        renderer.render(painter, QRectF(rect.x() + (rect.width() - side) / 2.0,
                                        rect.y() + (rect.height() - side) / 2.0, side, side));
        painter->restore();
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1);
    }

    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal) override
    {
        const Theme &theme = ThemeManager::instance().theme();
        const QString key = QStringLiteral("atomnet/%1/%2x%3/%4/%5/%6")
                                .arg(m_name)
                                .arg(size.width())
                                .arg(size.height())
                                .arg(int(mode))
                                .arg(theme.text.rgba())
                                .arg(theme.window.rgba());
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap)) return pixmap;
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        painter.end();
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    bool isNull() override { return m_svg.isEmpty(); }
    QString key() const override { return QStringLiteral("atomnet-themed"); }
    QIconEngine *clone() const override { return new ThemedEngine(*this); }

private:
    QString m_name;
    QByteArray m_svg;
};

} // namespace

QIcon icon(const QString &name)
{
    registerIcons();
    Q_ASSERT(QFile::exists(iconPath(name)));
    return QIcon(new ThemedEngine(name));
}

QStringList iconNames()
{
    registerIcons();
    QStringList names = QDir(QStringLiteral(":/atomnet/icons"))
                            .entryList({QStringLiteral("*.svg")}, QDir::Files, QDir::Name);
    for (QString &name : names)
        name.chop(4);
    return names;
}

} // namespace atomnet
