#include "core/quant/samples.h"

#include "tests/core/quant/file_bytes.h"
#include "tests/core/quant/weight_bytes.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace atomnet;
using test::floatBytes;
using test::npyOf;
using test::PngType;
using test::zipOf;

namespace
{

SampleOptions optionsFor(const Shape &shape, int limit = 0)
{
    SampleOptions options;
    options.shape = shape;
    for (int c = 0; c < shape.c; ++c) {
        options.normalisation.mean.push_back(0.5F);
        options.normalisation.std.push_back(0.25F * float(c + 1));
    }
    options.limit = limit;
    return options;
}

/// One gray pixel of this shade.
QByteArray shade(int value)
{
    return test::pngOf(1, PngType::Gray, 8, {QByteArray(1, char(value))});
}

float normalised(int pixel, int channel = 0)
{
    return (float(pixel) / 255.0F - 0.5F) / (0.25F * float(channel + 1));
}

/// n samples of 1 x 2 gray pixels that count up.
QByteArray countingImages(int n)
{
    QByteArray data;
    for (int i = 0; i < 2 * n; ++i)
        data.append(char(i));
    return npyOf("|u1", QByteArray::number(n) + ", 1, 2", data);
}

} // namespace

class TestSamples : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    QString put(const char *name, const QByteArray &bytes)
    {
        const QString path = m_folder->filePath(QString::fromUtf8(name));
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", name);
        return path;
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void foldersAreClasses()
    {
        put("set/cat/2.png", shade(3));
        put("set/cat/1.PNG", shade(2));
        put("set/ant/9.png", shade(1));
        put("set/ant/notes.txt", "no image");
        put("set/.hidden/0.png", shade(9));
        QDir().mkpath(m_folder->filePath(QStringLiteral("set/bee"))); // a class without images
        const auto samples =
            openSamples(m_folder->filePath(QStringLiteral("set")), optionsFor({1, 1, 1}));
        QVERIFY2(samples, samples ? "" : qPrintable(samples.error().message()));
        const SampleSource &source = **samples;
        QCOMPARE(source.labelNames(), QStringList({QStringLiteral("ant"), QStringLiteral("bee"),
                                                   QStringLiteral("cat")}));
        QCOMPARE(source.count(), 3);
        for (const auto &[index, value, label] :
             {std::array{0, 1, 0}, std::array{1, 2, 2}, std::array{2, 3, 2}}) {
            QCOMPARE(source.label(index), label);
            QCOMPARE(*source.sample(index), std::vector<float>{normalised(value)});
        }
    }

    void looseImagesHaveNoLabels()
    {
        put("b.png", shade(2));
        put("a.png", shade(1));
        QDir().mkpath(m_folder->filePath(QStringLiteral("empty")));
        const auto samples = openSamples(m_folder->path(), optionsFor({1, 1, 1}));
        QVERIFY2(samples, samples ? "" : qPrintable(samples.error().message()));
        QCOMPARE((*samples)->count(), 2);
        QVERIFY((*samples)->labelNames().isEmpty());
        QCOMPARE((*samples)->label(0), -1);
        QCOMPARE(*(*samples)->sample(0), std::vector<float>{normalised(1)});
    }

    void oneImageIsResizedAndNormalised()
    {
        // Two pixels of RGB, the network reads their left one of three channels twice as large.
        const QString path =
            put("one.dat", test::pngOf(2, PngType::Rgb, 8, {QByteArray::fromHex("0a141e0a141e")}));
        const auto samples = openSamples(path, optionsFor({2, 3, 3}));
        QVERIFY2(samples, samples ? "" : qPrintable(samples.error().message()));
        QCOMPARE((*samples)->count(), 1);
        std::vector<float> expected;
        for (int pixel = 0; pixel < 6; ++pixel)
            for (int c = 0; c < 3; ++c)
                expected.push_back(normalised(10 * (c + 1), c));
        QCOMPARE(*(*samples)->sample(0), expected);
        // The same for a network that reads gray: 0.299 * 10 + 0.587 * 20 + 0.114 * 30 = 18.15
        const auto gray = openSamples(path, optionsFor({1, 1, 1}));
        QCOMPARE(*(*gray)->sample(0), std::vector<float>{normalised(18)});
    }

    void aLimitSpreadsEvenly()
    {
        const QString path = put("x.npy", countingImages(10));
        for (const auto &[limit, expected] :
             {std::pair(3, std::vector<int>{0, 3, 6}), std::pair(4, std::vector<int>{0, 2, 5, 7}),
              std::pair(10, std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}),
              std::pair(99, std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})}) {
            const auto samples = openSamples(path, optionsFor({1, 2, 1}, limit));
            QVERIFY(samples.has_value());
            QCOMPARE((*samples)->count(), int(expected.size()));
            for (std::size_t i = 0; i < expected.size(); ++i)
                QCOMPARE(*(*samples)->sample(int(i)),
                         (std::vector<float>{normalised(2 * expected[i]),
                                             normalised(2 * expected[i] + 1)}));
        }
        for (int i = 0; i < 10; ++i)
            put(("set/" + std::to_string(i) + ".png").c_str(), shade(i));
        const auto images =
            openSamples(m_folder->filePath(QStringLiteral("set")), optionsFor({1, 1, 1}, 4));
        QCOMPARE((*images)->count(), 4);
        QCOMPARE(*(*images)->sample(2), std::vector<float>{normalised(5)});
    }

    void layoutsOfArrays_data()
    {
        QTest::addColumn<QByteArray>("shape");
        QTest::addColumn<Shape>("network");
        QTest::addColumn<std::vector<float>>("second"); // of 0, 1, 2, ... per sample 6 numbers
        using F = std::vector<float>;
        QTest::newRow("n,h,w,c") << QByteArray("2, 1, 2, 3") << Shape{1, 2, 3}
                                 << F{6, 7, 8, 9, 10, 11};
        QTest::newRow("n,c,h,w") << QByteArray("2, 3, 1, 2") << Shape{1, 2, 3}
                                 << F{6, 8, 10, 7, 9, 11};
        QTest::newRow("n,h,w") << QByteArray("2, 2, 3") << Shape{2, 3, 1} << F{6, 7, 8, 9, 10, 11};
        QTest::newRow("n,h,w,1") << QByteArray("2, 2, 3, 1") << Shape{2, 3, 1}
                                 << F{6, 7, 8, 9, 10, 11};
        QTest::newRow("n,1,h,w") << QByteArray("2, 1, 2, 3") << Shape{2, 3, 1}
                                 << F{6, 7, 8, 9, 10, 11};
    }
    void layoutsOfArrays()
    {
        QFETCH(QByteArray, shape);
        QFETCH(Shape, network);
        QFETCH(std::vector<float>, second);
        std::vector<float> values;
        for (int i = 0; i < 12; ++i)
            values.push_back(float(i));
        const QByteArray array = npyOf("<f4", shape, floatBytes(values));
        for (const QString &path :
             {put("x.npy", array), put("x.npz", zipOf({{"x.npy", array, true}}))}) {
            const auto samples = openSamples(path, optionsFor(network));
            QVERIFY2(samples, samples ? "" : qPrintable(samples.error().message()));
            QCOMPARE((*samples)->count(), 2);
            QCOMPARE(*(*samples)->sample(1), second); // floats are taken as they are
        }
    }

    void otherFloatsAreRead()
    {
        const QByteArray halves = npyOf("<f2", "1, 1, 2", QByteArray::fromHex("003c00c0"));
        const QByteArray doubles = npyOf("<f8", "1, 1, 2",
                                         test::littleEndian(std::bit_cast<quint64>(1.0)) +
                                             test::littleEndian(std::bit_cast<quint64>(-2.0)));
        for (const QByteArray &array : {halves, doubles}) {
            const auto samples = openSamples(put("x.npy", array), optionsFor({1, 2, 1}));
            QVERIFY2(samples, samples ? "" : qPrintable(samples.error().message()));
            QCOMPARE(*(*samples)->sample(0), (std::vector<float>{1, -2}));
        }
    }

    void archivesHaveLabels()
    {
        const QByteArray labels =
            npyOf("<i8", "4,",
                  test::littleEndian(qint64{7}) + test::littleEndian(qint64{0}) +
                      test::littleEndian(qint64{9}) + test::littleEndian(qint64{2}));
        const QString path = put("set", zipOf({{"y.npy", labels, true},
                                               {"other.npy", "junk"},
                                               {"images.npy", countingImages(4), true}}));
        const auto all = openSamples(path, optionsFor({1, 2, 1}));
        QVERIFY2(all, all ? "" : qPrintable(all.error().message()));
        QCOMPARE((*all)->label(0), 7);
        QCOMPARE((*all)->label(3), 2);
        const auto half = openSamples(path, optionsFor({1, 2, 1}, 2));
        QCOMPARE((*half)->count(), 2);
        QCOMPARE((*half)->label(1), 9);
        QCOMPARE(*(*half)->sample(1), (std::vector<float>{normalised(4), normalised(5)}));
    }

    void refusesWhatItCannotUse_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QByteArray &bytes, const char *says) {
            QTest::newRow(name) << bytes << QString::fromLatin1(says);
        };
        const auto with = [](const QByteArray &labels) {
            return zipOf({{"images.npy", countingImages(3)}, {"labels.npy", labels}});
        };
        row("empty", {}, "these are no samples; give a folder");
        row("text", "a,b,c\n", "these are no samples");
        row("another size", npyOf("|u1", "3, 2, 1", QByteArray(6, '\0')),
            "the samples are 3 x 2 x 1, the network reads n x 1 x 2 or n x 1 x 2 x 1");
        row("other channels", npyOf("|u1", "1, 1, 2, 3", QByteArray(6, '\0')),
            "the samples are 1 x 1 x 2 x 3");
        row("a number", npyOf("|u1", "", "\1"), "the samples are a single number");
        row("no samples", npyOf("|u1", "0, 1, 2", {}), "there are no samples in it");
        row("whole numbers", npyOf("<i4", "1, 1, 2", QByteArray(8, '\0')),
            "the samples are int32; save them as uint8 (0 to 255) or as float32");
        row("cut", countingImages(3).chopped(1), "3 x 1 x 2 of uint8 are 6 bytes, but 5 follow");
        row("no images", zipOf({{"x_train.npy", {}}, {"y_train.npy", {}}}),
            "no array named images or x in it, only \"x_train.npy\" and \"y_train.npy\"; save it");
        row("an empty archive", zipOf({}), "no array named images or x in it; save it");
        row("a cut archive", with(npyOf("|u1", "3,", "abc")).chopped(1),
            "the zip is cut or damaged");
        row("too few labels", with(npyOf("|u1", "2,", "ab")),
            "the labels are 2, but there are 3 samples: one label for each");
        row("labels as vectors", with(npyOf("|u1", "3, 2", "abcdef")), "the labels are 3 x 2");
        row("labels of floats", with(npyOf("<f4", "3,", QByteArray(12, '\0'))),
            "the labels are float32; save them as whole numbers");
        row("a negative label", with(npyOf("|i1", "3,", QByteArray("\1\2\xff", 3))),
            "the label of sample 2 is -1; classes count from 0");
        row("a label of 2^63", with(npyOf("<u8", "3,", QByteArray(24, '\xff'))),
            "the label of sample 0");
        row("damaged labels", with("junk, junk, junk"), "this is no array of NumPy");
        // 10 GB of zeros take 10 MB; nothing is unpacked before the sizes agree.
        row("an archive that claims too much",
            zipOf({{"x.npy", npyOf("|u1", "4000000000, 1, 2", QByteArray(1000, '\0')), true}}),
            "4000000000 x 1 x 2 of uint8 are 8000000000 bytes, but 1000 follow");
    }
    void refusesWhatItCannotUse()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const QString path = put("samples", bytes);
        const auto samples = openSamples(path, optionsFor({1, 2, 1}));
        QVERIFY(!samples);
        QVERIFY(samples.error().code == ErrorCode::BadInput);
        QVERIFY(samples.error().where.startsWith(path));
        QVERIFY2(samples.error().what.contains(says), qPrintable(samples.error().what));
    }

    void namesTheSampleThatIsNotFinite()
    {
        const float infinity = std::numeric_limits<float>::infinity();
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const QString path =
            put("x.npy", npyOf("<f4", "3, 1, 2", floatBytes({1, 2, infinity, 3, 4, nan})));
        const auto samples = openSamples(path, optionsFor({1, 2, 1}));
        QVERIFY((*samples)->sample(0).has_value());
        QCOMPARE((*samples)->sample(1).error().message(),
                 path + QStringLiteral(": sample 1 holds NaN or infinity"));
        const auto last = openSamples(path, optionsFor({1, 2, 1}, 1));
        QVERIFY((*last)->sample(0).has_value());
        QCOMPARE((*samples)->sample(2).error().message(),
                 path + QStringLiteral(": sample 2 holds NaN or infinity"));
    }

    void namesTheImageThatIsBroken()
    {
        const QString path = put("set/broken.png", shade(1).chopped(8));
        const auto samples =
            openSamples(m_folder->filePath(QStringLiteral("set")), optionsFor({1, 1, 1}));
        QVERIFY(samples.has_value());
        const auto sample = (*samples)->sample(0);
        QVERIFY(!sample && sample.error().code == ErrorCode::BadInput);
        QCOMPARE(sample.error().where, path);
        put("set/broken.png", "text");
        QVERIFY((*samples)->sample(0).error().what.contains(
            QStringLiteral("neither a PNG nor a JPEG")));
        QFile::remove(path);
        QVERIFY((*samples)->sample(0).error().code == ErrorCode::Io);
    }

    void refusesFoldersWithoutSamples()
    {
        const auto open = [&](const Shape &shape) {
            return openSamples(m_folder->path(), optionsFor(shape));
        };
        QVERIFY(open({1, 1, 1}).error().what.startsWith(
            QStringLiteral("the folder holds no PNG or JPEG images")));
        put("class/a.png", shade(1));
        QVERIFY(open({1, 1, 1}).has_value());
        QVERIFY(open({1, 1, 2}).error().what.contains(
            QStringLiteral("images have 1 or 3 channels, the network's input has 2")));
        put("b.png", shade(1));
        QVERIFY(
            open({1, 1, 1}).error().what.contains(QStringLiteral("move \"b.png\" into a class")));
        const auto absent =
            openSamples(m_folder->filePath(QStringLiteral("absent")), optionsFor({1, 1, 1}));
        QVERIFY(absent.error().code == ErrorCode::Io);
    }

    void refusesOtherNormalisations()
    {
        const QString path = put("x.npy", countingImages(1));
        SampleOptions options = optionsFor({1, 2, 1});
        options.normalisation.mean = {0, 0, 0};
        QVERIFY(
            openSamples(path, options).error().what.contains(QStringLiteral("input's 1 channels")));
        options.normalisation = {{0}, {0}};
        QVERIFY(openSamples(path, options).error().what.contains(QStringLiteral("std above 0")));
    }

    void aFileThatShrinksIsAnError()
    {
        const QString path = put("x.npy", countingImages(10));
        const auto samples = openSamples(path, optionsFor({1, 2, 1}));
        QVERIFY((*samples)->sample(9).has_value());
        QVERIFY(QFile::resize(path, QFileInfo(path).size() - 1));
        QVERIFY((*samples)->sample(9).error().code == ErrorCode::Io);
    }

    void numpysOwnFilesAreRead()
    {
        QProcess python;
        python.setProcessChannelMode(QProcess::MergedChannels);
        python.setWorkingDirectory(m_folder->path());
        python.start(QStringLiteral("/usr/bin/python3"),
                     {QStringLiteral("-c"),
                      QStringLiteral("import sys\n"
                                     "try: import numpy as n\n"
                                     "except ImportError: sys.exit(77)\n"
                                     "x = n.arange(24, dtype=n.uint8).reshape(4, 1, 2, 3)\n"
                                     "y = n.array([3, 1, 2, 0])\n"
                                     "n.save('a.npy', x)\n"
                                     "n.savez('b.npz', images=x, labels=y)\n"
                                     "n.savez_compressed('c.npz', x=x, y=y)\n")});
        if (!python.waitForFinished(60'000) || python.exitCode() == 77)
            QSKIP("python3-numpy is not installed");
        QVERIFY2(python.exitCode() == 0, python.readAll().constData());
        for (const char *name : {"a.npy", "b.npz", "c.npz"}) {
            const auto samples =
                openSamples(m_folder->filePath(QString::fromLatin1(name)), optionsFor({1, 2, 3}));
            QVERIFY2(samples, samples ? "" : qPrintable(samples.error().message()));
            QCOMPARE((*samples)->count(), 4);
            QCOMPARE((*samples)->label(2), name[0] == 'a' ? -1 : 2);
            QCOMPARE((*samples)->sample(3)->back(), normalised(23, 2));
        }
    }
};

QTEST_GUILESS_MAIN(TestSamples)
#include "tst_samples.moc"
