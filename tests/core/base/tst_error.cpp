#include "core/base/result.h"

#include <QTest>

using namespace atomnet;

namespace
{

Result<int> half(int number)
{
    if (number % 2 != 0) {
        return fail(ErrorCode::BadInput,
                    QStringLiteral("%1 is odd; use an even number").arg(number),
                    QStringLiteral("line 3"));
    }
    return number / 2;
}

} // namespace

class TestError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theMessageBeginsWithThePlace()
    {
        const Error error{ErrorCode::BadInput, QStringLiteral("the kernel is 4"),
                          QStringLiteral("net.atomnet:12:30")};
        QCOMPARE(error.message(), QStringLiteral("net.atomnet:12:30: the kernel is 4"));
    }

    void withoutAPlaceTheSentenceStandsAlone()
    {
        const Error error{ErrorCode::Usage, QStringLiteral("name a file"), {}};
        QCOMPARE(error.message(), QStringLiteral("name a file"));
    }

    void aResultHoldsTheValueOrTheError()
    {
        QCOMPARE(*half(8), 4);
        const Result<int> odd = half(7);
        QVERIFY(!odd);
        QCOMPARE(odd.error(),
                 (Error{ErrorCode::BadInput, QStringLiteral("7 is odd; use an even number"),
                        QStringLiteral("line 3")}));
    }

    void exitCodesTellTheKind_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("expected");
        QTest::newRow("usage") << int(ErrorCode::Usage) << 2;
        QTest::newRow("bad input") << int(ErrorCode::BadInput) << 3;
        QTest::newRow("newer file") << int(ErrorCode::NewerFile) << 3;
        QTest::newRow("input or output") << int(ErrorCode::Io) << 3;
        QTest::newRow("device") << int(ErrorCode::Device) << 4;
    }
    void exitCodesTellTheKind()
    {
        QFETCH(int, code);
        QTEST(exitCode(ErrorCode(code)), "expected");
    }
};

QTEST_APPLESS_MAIN(TestError)
#include "tst_error.moc"
