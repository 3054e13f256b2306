#include "core/model/design_file.h"
#include "core/model/validate.h"
#include "tests/core/model/example_design.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace atomnet;

namespace
{

const QString fileName = QStringLiteral("net.atomnet");
const QByteArray full = test::fullDesign;

QString errorOf(const QByteArray &bytes)
{
    const Result<DesignFile> design = readDesign(bytes, fileName);
    return design ? QStringLiteral("(read)") : design.error().message();
}

} // namespace

/// What design files of other hands may hold: each error names its place and what to do.
class TestDesignRead : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reportsTheExactPlace_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const QByteArray &bytes, const char *expected) {
            QTest::newRow(name) << bytes
                                << QStringLiteral("net.atomnet:") + QString::fromUtf8(expected);
        };
        const auto block = [&row](const char *name, const QByteArray &json, const char *expected) {
            row(name, test::withBlock(json), expected);
        };
        row("empty file", "", "1:1: the file is empty; a design begins with {");
        row("only space", " \n ", "2:2: the file is empty; a design begins with {");
        row("not an object", "[]", "1:1: the design must be an object in { }, not an array");
        row("no format", "{}", "1:1: the design lacks \"format\"; add it");
        row("another format", "{ \"format\":\"onnx\"}",
            "1:12: this is no design: \"format\" must be \"atomnet-design\"");
        row("format of blocks", "{\"format\":\"atomnet-blocks\"}",
            "1:11: this is no design: \"format\" must be \"atomnet-design\"");
        row("no version", "{\"format\":\"atomnet-design\"}",
            "1:1: the design lacks \"version\"; add it");
        row("version 0", "{\"format\":\"atomnet-design\",\n \"version\": 0}",
            "2:13: there is no file version 0; this designer reads 1");
        row("version as a string", "{\"format\":\"atomnet-design\",\"version\":\"1\"}",
            "1:38: \"version\" must be a whole number, not a string");
        row("no name", test::withMembers("\"x\":1"), "1:1: the design lacks \"name\"; add it");
        row("name", test::withMembers("\"name\":1"),
            "2:8: \"name\" must be a string, not a number");
        row("no input", test::withMembers("\"name\":\"\""),
            "1:1: the design lacks \"input\"; add it");
        row("input", test::withMembers("\"name\":\"\",\n\"input\":[1,2,3]"),
            "3:9: \"input\" must be an object in { }, not an array");
        row("input height",
            test::withMembers(
                "\"name\":\"\",\"input\":\n{\"height\":true,\"width\":1,\"channels\":1}"),
            "3:11: \"height\" must be a whole number, not true or false");
        row("input out of range",
            test::withMembers(
                "\"name\":\"\",\"input\":\n{\"height\":8,\"width\":5000,\"channels\":1},"
                "\"stages\":[],"
                "\"head\":{\"classes\":1}"),
            "3:21: the input width is 5000; use 1 to 4096");
        row("input too large",
            test::withMembers("\"name\":\"\",\"input\":\n "
                              "{\"height\":4096,\"width\":4096,\"channels\":9},\"stages\":[],"
                              "\"head\":{\"classes\":1}"),
            "3:2: the input of 4096x4096x9 takes 144.0 MiB; at most 64 MiB are possible");
        row("stages",
            test::withMembers(
                "\"name\":\"\",\"input\":{\"height\":8,\"width\":8,\"channels\":1},\"stages\":{}"),
            "2:64: \"stages\" must be an array in [ ], not an object");
        block("block", "3", "4:1: a block must be an object in { }, not a number");
        block("no type", " {\"out\":8}", "4:2: a block lacks \"type\"; add it");
        block("type", "{\"type\":\"Sep\",\"out\":8,\"kernel\":3}",
              "4:9: \"type\" is \"Sep\"; use conv, sep, convnext or mbconv");
        block("no out", "{\"type\":\"sep\"}", "4:1: a block lacks \"out\"; add it");
        block("no kernel", "{\"type\":\"sep\",\"out\":8}", "4:1: a block lacks \"kernel\"; add it");
        block("null is no number", "{\"type\":\"sep\",\"out\":null,\"kernel\":3}",
              "4:21: \"out\" must be a whole number, not null");
        block("fraction", "{\"type\":\"sep\",\"out\":8.5,\"kernel\":3}",
              "4:21: \"out\" must be a whole number, not 8.5");
        block("negative", "{\"type\":\"sep\",\"out\":-8,\"kernel\":3}",
              "4:21: the number of output channels is -8; use 1 to 65536");
        block("overflow", "{\"type\":\"sep\",\"out\":4294967304,\"kernel\":3}",
              "4:21: \"out\" is 4294967304: that is out of range");
        block("huge", "{\"type\":\"sep\",\"out\":1e300,\"kernel\":3}",
              "4:21: \"out\" is 1e300: that is out of range");
        block("beyond a double", "{\"type\":\"sep\",\"out\":1e99999,\"kernel\":3}",
              "4:21: this number is too large");
        block("tiny", "{\"type\":\"mbconv\",\"out\":8,\"kernel\":3,\"expand\":1e-999}",
              "4:46: \"expand\" is 1e-999: that is out of range");
        block("long number", "{\"type\":\"sep\",\"out\":1" + QByteArray(50, '0') + ",\"kernel\":3}",
              "4:21: \"out\" is 1000000000000000000000000000000000000000...: that is out of range");
        block("many digits", "{\"type\":\"sep\",\"out\":" + QByteArray(400, '9') + ",\"kernel\":3}",
              "4:21: this number is too large");
        block("NaN", "{\"type\":\"sep\",\"out\":NaN,\"kernel\":3}",
              "4:21: NaN and Infinity are not numbers of JSON; write a finite number");
        block("Infinity", "{\"type\":\"mbconv\",\"expand\":Infinity}",
              "4:27: NaN and Infinity are not numbers of JSON; write a finite number");
        block("even kernel", "{\"type\":\"sep\",\"out\":8,\"kernel\":4}",
              "4:32: the kernel is 4; use 1, 3, 5 or 7");
        block("columns are characters",
              "{\"\xC3\xA4\xF0\x9F\x98\x80\":1,\"type\":\"sep\",\"out\":8,\"kernel\":4}",
              "4:39: the kernel is 4; use 1, 3, 5 or 7");
        block("stride", "{\"type\":\"sep\",\"out\":8,\"kernel\":3,\"stride\":9}",
              "4:43: the stride is 9; use 1 to 4");
        block("activation", "{\"type\":\"sep\",\"out\":8,\"kernel\":3,\"act\":\"gelu\"}",
              "4:40: \"act\" is \"gelu\"; use none, relu, relu6, hswish or hsigmoid");
        block("expand on sep", "{\"type\":\"sep\",\"out\":8,\"kernel\":3,\"expand\":1}",
              "4:43: a sep block has no \"expand\"; remove it or use convnext or mbconv");
        block("expand 0", "{\"type\":\"mbconv\",\"out\":8,\"kernel\":3,\"expand\":0}",
              "4:46: the expansion is 0; use a number above 0, at most 64");
        block("se on conv", "{\"type\":\"conv\",\"out\":8,\"kernel\":3,\"se\":{}}",
              "4:40: a Conv block has no squeeze-and-excite; remove it or use another block type");
        block("se", "{\"type\":\"sep\",\"out\":8,\"kernel\":3,\"se\":4}",
              "4:39: \"se\" must be an object in { }, not a number");
        block("se reduction", "{\"type\":\"sep\",\"out\":8,\"kernel\":3,\"se\":{\"reduction\":0}}",
              "4:52: the squeeze reduction is 0; use 1 to 65536");
        block("se channels", "{\"type\":\"sep\",\"out\":8,\"kernel\":3,\"se\":{\"channels\":null}}",
              "4:51: \"channels\" must be a whole number, not null");
        block("locked", "{\"type\":\"sep\",\"out\":8,\"kernel\":3,\"locked\":1}",
              "4:43: \"locked\" must be true or false, not a number");
        block("repeat", "{\"type\":\"sep\",\"out\":8,\"kernel\":3,\"repeat\":0}",
              "4:43: the repeat count is 0; use 1 to 1000");
        block("shrinks below one pixel",
              "{\"type\":\"sep\",\"out\":8,\"kernel\":3,\"stride\":4},\n{\"type\":\"sep\",\"out\":"
              "8,\"kernel\":3,"
              "\"stride\":2},\n{\"type\":\"sep\",\"out\":8,\"kernel\":3,\"stride\":2}",
              "6:43: stride 2 on a 1x1 map would shrink below 1x1; use stride 1");
        row("no head",
            test::withMembers(
                "\"name\":\"\",\"input\":{\"height\":8,\"width\":8,\"channels\":1},\"stages\":[]"),
            "1:1: the design lacks \"head\"; add it");
        const auto head = [&row](const char *name, const QByteArray &json, const char *expected) {
            QByteArray bytes = test::withBlock("{\"type\":\"sep\",\"out\":8,\"kernel\":3}");
            row(name, bytes.replace("{\"classes\":2}", json), expected);
        };
        head("no classes", "{}", "5:8: \"head\" lacks \"classes\"; add it");
        head("classes", "{\"classes\":100000}",
             "5:19: the number of classes is 100000; use 1 to 65536");
        head("pool", "{\"pool\":\"max\",\"classes\":2}",
             "5:16: \"pool\" must be \"avg\"; there is no other yet");
        head("head conv", "{\"conv\":8,\"classes\":2}",
             "5:16: the head's \"conv\" must be an object in { }, not a number");
        head("head conv out", "{\"conv\":{\"out\":0},\"classes\":2}",
             "5:23: the width of the head's convolution is 0; use 1 to 65536");
        head("head hidden out", "{\"hidden\":{},\"classes\":2}",
             "5:18: the head's \"hidden\" lacks \"out\"; add it");

        row("repeated key", "{\"a\":1,\n\"b\":2,\n \"\\u0061\":3}",
            "3:2: the key \"a\" is here twice; remove one");
        row("trailing bytes", full + "x",
            "9:1: something follows the end of the design; remove it");
        row("two designs", full + full, "9:1: something follows the end of the design; remove it");
        row("zero byte", full + '\0',
            "9:1: the file holds a zero byte; it is damaged or not saved "
            "as UTF-8");
        row("missing comma", "{\"a\":1 \"b\":2}", "1:8: a comma or } is expected here");
        row("trailing comma", "{\"a\":1,}", "1:8: a key in double quotes is expected here");
        row("array comma", "{\"a\":[1 2]}", "1:9: a comma or ] is expected here");
        row("missing colon", "{\"a\" 1}", "1:6: a colon is expected here");
        row("missing value", "{\"a\":}",
            "1:6: a value is expected here: a string, a number, true, false, null, [ or {");
        row("comment", "{\"a\": // x\n1}", "1:7: JSON has no comments; remove this one");
        row("single quotes", "{\"a\":'x'}", "1:6: strings need double quotes");
        row("not UTF-8", "{\"a\":\"x\xE4y\"}",
            "1:8: this is not valid UTF-8; save the file as UTF-8");
        row("overlong UTF-8", "{\"a\":\"\xC0\xAF\"}",
            "1:7: this is not valid UTF-8; save the file as UTF-8");
        row("surrogate in UTF-8", "{\"a\":\"\xED\xA0\x80\"}",
            "1:7: this is not valid UTF-8; save the file as UTF-8");
        row("UTF-16", QByteArray("\xFF\xFE{", 3),
            "1:1: this is no JSON; is the file a design, saved as UTF-8?");
        row("line end in a string", "{\"a\":\"x\n\"}",
            "1:8: a string holds a control character or the end of the line; close its quote or "
            "write the "
            "character as \\n, \\t or \\u0001");
        row("escape", "{\"a\":\"\\x\"}",
            "1:7: there is no such escape; use \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u");
        row("hexadecimal", "{\"a\":\"\\u12g4\"}", "1:7: \\u needs four hexadecimal digits");
        const char *half =
            "1:7: this string holds half a character (an unpaired surrogate); write both halves or "
            "the character itself";
        row("high surrogate alone", "{\"a\":\"\\ud83d x\"}", half);
        row("low surrogate alone", "{\"a\": \"\\ude00\"}", half);
        row("fraction without digits", "{\"a\":1.}",
            "1:8: digits are expected behind the decimal point");
        row("exponent without digits", "{\"a\":1e}", "1:8: digits are expected in the exponent");
        row("too deep", test::withMembers("\"x\":" + QByteArray(100'000, '[')),
            "2:68: the nesting is deeper than 64 levels; no design needs that");
        QByteArray objects;
        for (int i = 0; i < 100'000; ++i)
            objects += "{\"x\":";
        row("objects too deep", objects,
            "1:321: the nesting is deeper than 64 levels; no design needs that");
        QByteArray values = "[0";
        for (int i = 0; i < 1'000'000; ++i)
            values += ",0";
        row("too many values", values + "]",
            "1:2000002: there are more than 1000000 values; a design has far fewer");
    }

    void reportsTheExactPlace()
    {
        QFETCH(QByteArray, bytes);
        QTEST(errorOf(bytes), "expected");
    }

    void aNewerVersionIsRefused()
    {
        const Result<DesignFile> design =
            readDesign("{\"format\":\"atomnet-design\",\"version\":2,\"what\":[]}", fileName);
        QVERIFY(!design);
        QVERIFY(design.error().code == ErrorCode::NewerFile);
        QCOMPARE(design.error().message(),
                 QStringLiteral("net.atomnet:1:38: this design was written by a newer AtomNet "
                                "Designer (file version "
                                "2, this one reads 1); update the designer"));
    }

    void everyTruncationIsAnError()
    {
        const QByteArray whole = full.trimmed();
        for (qsizetype size = 0; size < whole.size(); ++size) {
            const Result<DesignFile> design = readDesign(whole.left(size), fileName);
            QVERIFY(!design);
            QVERIFY(design.error().code == ErrorCode::BadInput);
            QVERIFY(design.error().where.startsWith(QStringLiteral("net.atomnet:")));
        }
        QVERIFY(errorOf(whole.left(whole.size() / 2))
                    .contains(QStringLiteral("the file ends in the middle")));
    }

    void everyChangedByteIsReadOrRefused()
    {
        const QByteArray whole(full);
        int readable = 0;
        for (qsizetype at = 0; at < whole.size(); ++at) {
            for (const char c : {'\0', '"', '9', '-', '}', '\xFF'}) {
                QByteArray bytes = whole;
                bytes[at] = c;
                const Result<DesignFile> design = readDesign(bytes, fileName);
                if (!design) {
                    QVERIFY(!design.error().what.isEmpty());
                    continue;
                }
                ++readable;
                QVERIFY(validate(design->network));
                const Result<DesignFile> again = readDesign(writeDesign(design->network), fileName);
                QVERIFY(again && sameDesign(again->network, design->network));
            }
        }
        QVERIFY(readable > 0);
    }

    void aFileThatIsTooLargeIsRefusedUnread()
    {
        const QByteArray bytes(maxDesignFileBytes + 1, ' ');
        QCOMPARE(errorOf(bytes),
                 QStringLiteral("net.atomnet: the file is larger than 16 MiB; no design is"));
    }

    void badClipboardsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected");
        QTest::newRow("text") << QByteArray("hello")
                              << QStringLiteral(
                                     "clipboard:1:1: a value is expected here: a string, a number, "
                                     "true, false, null, [ or {");
        QTest::newRow("a design")
            << full
            << QStringLiteral("clipboard:1:11: this is no fragment of blocks: \"format\" "
                              "must be \"atomnet-blocks\"");
        QTest::newRow("newer")
            << QByteArray("{\"format\":\"atomnet-blocks\",\"version\":3}")
            << QStringLiteral("clipboard:1:38: this fragment of blocks was written by a newer "
                              "AtomNet Designer (file version 3, this one reads 1); update "
                              "the designer");
        QTest::newRow("illegal block")
            << QByteArray("{\"format\":\"atomnet-blocks\",\"version\":1,\"blocks\":[\n"
                          "{\"type\":\"sep\",\"out\":8,\"kernel\":2}]}")
            << QStringLiteral("clipboard:2:32: the kernel is 2; use 1, 3, 5 or 7");
    }

    void badClipboardsAreRefused()
    {
        QFETCH(QByteArray, bytes);
        const Result<std::vector<Block>> blocks = readBlocks(bytes);
        QVERIFY(!blocks);
        QTEST(blocks.error().message(), "expected");
    }

    void theSchemaTellsTheSameLimits()
    {
        QFile file(
            QStringLiteral(ATOMNET_SOURCE_DIR "/resources/schemas/atomnet-design-1.schema.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject schema = QJsonDocument::fromJson(file.readAll()).object();
        const auto at = [&schema](const QByteArray &path) {
            QJsonValue value = schema;
            for (const QByteArray &key : path.split('/'))
                value = value[QLatin1StringView(key)];
            return value;
        };
        QCOMPARE(at("properties/version/const").toInt(), designFileVersion);
        QCOMPARE(at("properties/stages/maxItems").toInt(), maxStages);
        for (const char *part : {"properties/input", "properties/stages/items", "$defs/block"})
            QCOMPARE(at(QByteArray(part) + "/properties/locked/$ref").toString(),
                     QStringLiteral("#/$defs/locked"));
        QCOMPARE(at("$defs/side/maximum").toInt(), maxSide);
        QCOMPARE(at("$defs/width/maximum").toInt(), maxChannels);
        QCOMPARE(at("$defs/block/properties/stride/maximum").toInt(), maxStride);
        QCOMPARE(at("$defs/block/properties/repeat/maximum").toInt(), maxRepeat);
        QCOMPARE(at("$defs/block/properties/expand/maximum").toDouble(), maxExpand);
        const QJsonArray activations = at("$defs/activation/enum").toArray();
        QCOMPARE(activations.size(), 5);
        for (const QJsonValue &name : activations)
            QVERIFY(activationFrom(name.toString()));
        const QJsonArray types = at("$defs/block/properties/type/enum").toArray();
        QCOMPARE(types.size(), 4);
        for (const QJsonValue &name : types)
            QVERIFY(blockTypeFrom(name.toString()));
    }
};

QTEST_APPLESS_MAIN(TestDesignRead)
#include "tst_design_read.moc"
