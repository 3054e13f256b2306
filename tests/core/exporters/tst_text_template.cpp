#include "core/exporters/cproject/crc32.h"
#include "core/exporters/cproject/text_template.h"

#include <QTest>

using namespace atomnet;

class TestTextTemplate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fillsGapsAndKeepsTheRest()
    {
        QCOMPARE(fillTemplate("a @x@, @x@@y@;\n@y@", {{"x", "1"}, {"y", "@x@"}}),
                 "a 1, 1@x@;\n@x@");
        QCOMPARE(fillTemplate("", {}), "");
    }

    void conditionsNest_data()
    {
        QTest::addColumn<QSet<QByteArray>>("conditions");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("none") << QSet<QByteArray>{} << QByteArray("1\n5\n6\n");
        QTest::newRow("outer") << QSet<QByteArray>{"a"} << QByteArray("1\n2\n4\n6\n");
        QTest::newRow("both") << QSet<QByteArray>{"a", "b"} << QByteArray("1\n2\n3\n6\n");
        QTest::newRow("inner alone") << QSet<QByteArray>{"b"} << QByteArray("1\n5\n6\n");
    }
    void conditionsNest()
    {
        QFETCH(QSet<QByteArray>, conditions);
        QFETCH(QByteArray, expected);
        const QByteArray text = "1\n//if a\n2\n//if b\n3\n//else\n4\n//end\n//else\n5\n//end\n6\n";
        QCOMPARE(fillTemplate(text, {}, conditions), expected);
    }

    void anElseInsideWhatIsDroppedStaysDropped()
    {
        QCOMPARE(fillTemplate("//if a\n//if b\n1\n//else\n2\n//end\n//end\n3\n", {}, {}), "3\n");
    }

    void literalsSurviveEveryName_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("literal");
        QTest::newRow("plain") << QStringLiteral("s1.1.pw") << QByteArray("\"s1.1.pw\"");
        QTest::newRow("quote") << QStringLiteral("a\"b\\") << QByteArray("\"a\\\"b\\\\\"");
        QTest::newRow("trigraph") << QStringLiteral("?\?/") << QByteArray("\"\\?\\?/\"");
        QTest::newRow("digit behind an escape")
            << QStringLiteral("\n7") << QByteArray("\"\\0127\"");
        QTest::newRow("umlaut") << QStringLiteral("ü") << QByteArray("\"\\303\\274\"");
    }
    void literalsSurviveEveryName()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, literal);
        QCOMPARE(cString(name), literal);
    }

    void commentsCannotBeLeft()
    {
        QCOMPARE(commentText(QStringLiteral("a */ int x; /* b")), "a * / int x; / * b");
        QCOMPARE(commentText(QStringLiteral("**//")), "** //");
        QCOMPARE(commentText(QStringLiteral("two\nlines \\")), "two lines");
        QCOMPARE(commentText(QStringLiteral("a\u202eb@c?\?/")), "ab c? ?/");
    }

    void crcIsZlibs()
    {
        QCOMPARE(crc32(std::span("123456789", 9)), 0xcbf43926u);
        QCOMPARE(crc32({}), 0u);
    }
};

QTEST_GUILESS_MAIN(TestTextTemplate)
#include "tst_text_template.moc"
