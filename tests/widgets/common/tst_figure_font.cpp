#include "widgets/common/figure_font.h"

#include <QApplication>
#include <QFontDatabase>
#include <QTest>

using namespace atomnet;

class TestFigureFont : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void digitsHaveOneWidth()
    {
        QVERIFY(hasTabularFigures(figureFont(QApplication::font())));
        for (const QString &family : QFontDatabase::families())
            QVERIFY2(hasTabularFigures(figureFont(QFont(family, 11))), qPrintable(family));
    }

    void sizeAndWeightStay()
    {
        QFont font = QApplication::font();
        font.setPointSizeF(13);
        font.setBold(true);
        QCOMPARE(figureFont(font).pointSizeF(), 13.0);
        QVERIFY(figureFont(font).bold());
    }

    void tabularFontStaysItself()
    {
        const QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        QCOMPARE(figureFont(fixed), fixed);
    }
};

QTEST_MAIN(TestFigureFont)
#include "tst_figure_font.moc"
