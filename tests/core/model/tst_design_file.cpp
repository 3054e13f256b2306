#include "core/model/design_file.h"

#include "tests/core/model/example_design.h"
#include "tests/core/model/random_network.h"
#include "tests/support/hostile_system.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

const QString fileName = QStringLiteral("net.atomnet");
const QByteArray full = test::fullDesign;

QByteArray fileBytes(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

constexpr QFileDevice::Permissions readAndEnter =
    QFileDevice::ReadOwner | QFileDevice::ExeOwner | QFileDevice::ReadOther | QFileDevice::ExeOther;

} // namespace

class TestDesignFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEveryKey()
    {
        const Result<DesignFile> design = readDesign(full, fileName);
        QVERIFY2(design, design ? "" : qPrintable(design.error().message()));
        const Network &network = design->network;
        QCOMPARE(network.name, QStringLiteral("Example"));
        QCOMPARE(network.input, (Shape{160, 96, 3}));
        QCOMPARE(network.stages.size(), size_t{4});
        const Block &next = network.stages[1].blocks[1];
        QVERIFY(next.type == BlockType::ConvNext && next.act == Activation::HSwish);
        QCOMPARE(next.out, 64);
        QCOMPARE(next.stride, 2);
        QCOMPARE(next.expand, 1.5);
        QCOMPARE(next.repeat, 2);
        QCOMPARE(next.se, std::optional(SqueezeExcite{}));
        QCOMPARE(network.stages[2].blocks[0].se->channels, std::optional(20));
        QCOMPARE(network.head.conv, (std::optional<HeadLayer>({96, Activation::HSwish, {}})));
        QCOMPARE(network.head.hidden, (std::optional<HeadLayer>({64, Activation::Relu, {}})));
        QCOMPARE(network.head.classes, 10);
        QVERIFY(design->notes.isEmpty());
        Network again = network;
        assignIds(again);
        QCOMPARE(again, network); // ids were given
        QVERIFY(network.stages[3].id && next.id);
    }

    void writesCanonically() { QCOMPARE(writeDesign(readDesign(full, fileName)->network), full); }

    void absentKeysHaveDefaults()
    {
        const Result<DesignFile> design = readDesign(
            test::withBlock("{\"type\":\"mbconv\",\"out\":8,\"kernel\":3,\"se\":{}}"), fileName);
        QVERIFY2(design, design ? "" : qPrintable(design.error().message()));
        const Block &block = design->network.stages[0].blocks[0];
        QVERIFY(block.act == Activation::None);
        QCOMPARE(block.stride, 1);
        QCOMPARE(block.expand, 1.0);
        QCOMPARE(block.repeat, 1);
        QCOMPARE(block.se, std::optional(SqueezeExcite{}));
        QVERIFY(!design->network.head.conv && !design->network.head.hidden);
        QVERIFY(design->notes.isEmpty());
    }

    void anEmptyDesignReads()
    {
        const QByteArray rest = "\"name\":\"\",\"input\":{\"height\":1,\"width\":1,\"channels\":1},"
                                "\"stages\":[],\"head\":{\"classes\":1}";
        const Result<DesignFile> design = readDesign(test::withMembers(rest), fileName);
        QVERIFY2(design, design ? "" : qPrintable(design.error().message()));
        QVERIFY(design->network.stages.empty());
    }

    void spaceOrderAndSpellingDoNotMatter()
    {
        QByteArray bytes = "\xEF\xBB\xBF\r\n\t " + full;
        bytes.replace("\"kernel\":5", "\"kernel\" : 50e-1")
            .replace("\"Example\"", "\"\\u0045x\\u0061mple\"");
        bytes.replace("{\"type\":\"conv\",\"out\":24,", "{\"out\":24.0,\"type\":\"conv\",");
        const Result<DesignFile> design = readDesign(bytes, fileName);
        QVERIFY2(design, design ? "" : qPrintable(design.error().message()));
        QCOMPARE(writeDesign(design->network), full);
    }

    void randomDesignsComeBack()
    {
        for (quint32 seed = 0; seed < 400; ++seed) {
            QRandomGenerator random(seed);
            const Network network = test::randomNetwork(random, {6, 5, true});
            const QByteArray bytes = writeDesign(network);
            const Result<DesignFile> design = readDesign(bytes, fileName);
            QVERIFY2(design, design ? "" : qPrintable(design.error().message()));
            QVERIFY2(sameDesign(design->network, network), bytes.constData());
            QCOMPARE(writeDesign(design->network), bytes);
        }
    }

    void unknownKeysKeepTheirPlaces()
    {
        const QByteArray bytes =
            R"({"zero":0,"format":"atomnet-design","version":1,"author":{"name":"A, B","tags":[1,2.50,"\u00e4"]},"name":"x",
 "input":{"height":8,"width":8,"color":"rgb","channels":3},
 "stages":[{"id":7,"name":"s","blocks":[{"note":null,"type":"sep","out":8,"kernel":3,"stride":1,"act":"none","se":{"reduction":4,"act":"relu","gate":"hsigmoid","tail":[]},"frozen":true}]}],
 "head":{"conv":{"out":8,"act":"none","w":1e300},"pool":"avg","hidden":null,"dropout":0.2,"classes":10},"end":-0}
)";
        const Result<DesignFile> design = readDesign(bytes, fileName);
        QVERIFY2(design, design ? "" : qPrintable(design.error().message()));
        QCOMPARE(writeDesign(design->network), bytes);
        QCOMPARE(design->network.unknown.size(), size_t{3});
        QCOMPARE(design->network.unknown[1].json,
                 QByteArray(R"({"name":"A, B","tags":[1,2.50,"\u00e4"]})"));
        QCOMPARE(design->notes.size(), 10);
        QCOMPARE(design->notes[2],
                 QStringLiteral(
                     "net.atomnet:2:32: the key \"color\" of \"input\" is unknown to this version; "
                     "it is kept"));
        QVERIFY(
            design->notes.contains(QStringLiteral("net.atomnet:3:42: the key \"note\" of a block "
                                                  "is unknown to this version; it is kept")));
    }

    void padlocksComeBack()
    {
        Network network = readDesign(full, fileName)->network;
        network.inputLocked = true;
        network.stages[0].locked = true;
        network.stages[1].blocks[0].locked = true;
        const QByteArray bytes = writeDesign(network);
        QCOMPARE(bytes.count("\"locked\":true"), 3);
        const Result<DesignFile> design = readDesign(bytes, fileName);
        QVERIFY2(design, design ? "" : qPrintable(design.error().message()));
        QVERIFY(design->notes.isEmpty());
        QVERIFY(sameDesign(design->network, network));
        QCOMPARE(writeDesign(design->network), bytes);
        QByteArray open = bytes; // false may be written, but nobody needs it
        open.replace("\"locked\":true", "\"locked\":false");
        QCOMPARE(writeDesign(readDesign(open, fileName)->network), full);
    }

    void unknownKeysStayBehindAPadlock()
    {
        const QByteArray bytes = test::withBlock("{\"type\":\"sep\",\"out\":8,\"kernel\":3,"
                                                 "\"stride\":1,\"act\":\"none\",\"locked\":true,"
                                                 "\"x\":1}");
        const Network network = readDesign(bytes, fileName)->network;
        QVERIFY(writeDesign(network).contains("\"act\":\"none\",\"locked\":true,\"x\":1}"));
        Network open = network;
        open.stages[0].blocks[0].locked = false;
        QVERIFY(writeDesign(open).contains("\"act\":\"none\",\"x\":1}"));
    }

    void unknownKeysMoveUpWhenDefaultsAreNotWritten()
    {
        const QByteArray bytes = test::withBlock(
            "{\"type\":\"sep\",\"out\":8,\"kernel\":3,\"stride\":1,\"act\":\"none\","
            "\"se\":null,\"repeat\":1, \"x\" : [ 1 , \" \" ] }");
        const Result<DesignFile> design = readDesign(bytes, fileName);
        QVERIFY(design);
        const QByteArray written = writeDesign(design->network);
        QVERIFY(written.contains("\"act\":\"none\",\"x\":[1,\" \"]}"));
        QCOMPARE(design->network, readDesign(written, fileName)->network);
    }

    void manyUnknownKeysAreCounted()
    {
        QByteArray members;
        for (int i = 0; i < 250; ++i)
            members += "\"k" + QByteArray::number(i) + "\":1,\n";
        members += "\"name\":\"\",\"input\":{\"height\":1,\"width\":1,\"channels\":1},"
                   "\"stages\":[],\"head\":{\"classes\":1}";
        const Result<DesignFile> design = readDesign(test::withMembers(members), fileName);
        QVERIFY(design);
        QCOMPARE(design->notes.size(), 101);
        QCOMPARE(design->notes[100],
                 QStringLiteral("net.atomnet: 150 more unknown keys were kept"));
        QCOMPARE(design->network.unknown.size(), size_t{250});
    }

    void blocksGoThroughTheClipboard()
    {
        const Network network = readDesign(full, fileName)->network;
        std::vector<Block> blocks = network.stages[1].blocks;
        const Result<std::vector<Block>> read = readBlocks(writeBlocks(blocks));
        QVERIFY(read);
        for (Block &block : blocks)
            block.id = {};
        QCOMPARE(*read, blocks);
        QCOMPARE(readBlocks(writeBlocks({}))->size(), size_t{0});
    }

    void savesAndLoads()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("Gr\u00f6\u00dfe.atomnet"));
        const Network network = readDesign(full, fileName)->network;
        QVERIFY(saveDesign(network, path));
        QCOMPARE(fileBytes(path), full);
        const Result<DesignFile> loaded = loadDesign(path);
        QVERIFY(loaded);
        QCOMPARE(loaded->network, network);
    }

    void errorsOfTheSystemAreTold()
    {
        QTemporaryDir dir;
        const QString absent = dir.filePath(QStringLiteral("absent.atomnet"));
        const Result<DesignFile> loaded = loadDesign(absent);
        QVERIFY(!loaded);
        QVERIFY(loaded.error().code == ErrorCode::Io);
        QCOMPARE(loaded.error().where, absent);
        QVERIFY(loaded.error().what.contains(QStringLiteral("No such file")));

        const Result<DesignFile> folder = loadDesign(dir.path());
        QVERIFY(!folder);
        QVERIFY(folder.error().code == ErrorCode::Io);

        const Result<> saved =
            saveDesign({}, dir.filePath(QStringLiteral("no/such/folder.atomnet")));
        QVERIFY(!saved);
        QVERIFY(saved.error().code == ErrorCode::Io);
        QVERIFY(saved.error().what.contains(QStringLiteral("No such file")));
    }

    void aTooLargeFileOnDiskIsRefused()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("large.atomnet"));
        writeFile(path, QByteArray(maxDesignFileBytes + 1, ' '));
        const Result<DesignFile> loaded = loadDesign(path);
        QVERIFY(!loaded);
        QVERIFY(loaded.error().code == ErrorCode::BadInput);
    }

    void aFullDiskLeavesTheOldFile()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("net.atomnet"));
        writeFile(path, full);
        Network network = readDesign(full, fileName)->network;
        network.name = QStringLiteral("changed");
        Result<> saved;
        {
            const test::FullDisk disk(100);
            saved = saveDesign(network, path);
        }
        QVERIFY(!saved);
        QVERIFY(saved.error().code == ErrorCode::Io);
        QCOMPARE(saved.error().where, path);
        QVERIFY2(saved.error().what.contains(QStringLiteral("File too large")),
                 qPrintable(saved.error().what));
        QVERIFY(saved.error().what.contains(QStringLiteral("the old file is unchanged")));
        QCOMPARE(fileBytes(path), full);
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files).size(), 1); // and nothing beside it
        QVERIFY(saveDesign(network, path));
        QVERIFY(fileBytes(path).contains("\"changed\""));
    }

    void aReadOnlyFolderLeavesTheOldFile()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("net.atomnet"));
        writeFile(path, full);
        QVERIFY(QFile::setPermissions(path, QFileDevice::ReadOther | QFileDevice::WriteOther |
                                                QFileDevice::ReadOwner | QFileDevice::WriteOwner));
        QVERIFY(QFile::setPermissions(dir.path(), readAndEnter));
        Result<> saved;
        {
            const test::OrdinaryUser user;
            saved = saveDesign({}, path);
        }
        QVERIFY(QFile::setPermissions(dir.path(), readAndEnter | QFileDevice::WriteOwner));
        QVERIFY(!saved);
        QVERIFY(saved.error().code == ErrorCode::Io);
        QVERIFY2(saved.error().what.contains(QStringLiteral("Permission denied")),
                 qPrintable(saved.error().what));
        QCOMPARE(fileBytes(path), full);
    }
};

QTEST_APPLESS_MAIN(TestDesignFile)
#include "tst_design_file.moc"
