#include "app/window/headline_bar.h"
#include "app/window/main_window.h"
#include "app/window/recovery.h"
#include "core/model/design_file.h"
#include "core/model/presets.h"
#include "tests/app/window/private_folders.h"
#include "widgets/common/message_bar.h"
#include "widgets/document/autosave.h"

#include <QDir>
#include <QDockWidget>
#include <QDropEvent>
#include <QFile>
#include <QLockFile>
#include <QMimeData>
#include <QTest>
#include <QToolButton>

using namespace atomnet;

/// Files in and out of the window: designs, recovery, measurements, exports, and what it remembers.
class TestWindowFiles : public QObject
{
    Q_OBJECT

    std::unique_ptr<PrivateFolders> m_folders;
    std::unique_ptr<MainWindow> m_window;
    int m_asked = 0;
    QMessageBox::StandardButton m_answer = QMessageBox::Discard;

    std::unique_ptr<MainWindow> makeWindow()
    {
        auto window =
            std::make_unique<MainWindow>(m_folders->file(QStringLiteral("atomdb.sqlite")));
        window->setAsk([this](const QString &) {
            ++m_asked;
            return m_answer;
        });
        window->resize(1280, 800);
        window->start();
        window->show();
        return window;
    }
    static void changeWidth(Document &document, int width)
    {
        BlockPatch patch;
        patch.out = width;
        QVERIFY(document.edit(ChangeBlocks{{document.network().stages[3].blocks[0].id}, patch},
                              QStringLiteral("width")));
    }
    static int width(Document &document) { return document.network().stages[3].blocks[0].out; }
    /// The runtime that there are measurements and a model of; waits for its report.
    void chooseXCubeAi()
    {
        Target target = m_window->document().target();
        target.runtime = Runtime::XCubeAi72;
        QVERIFY(m_window->document().setTarget(target));
        QTRY_VERIFY(m_window->runner().report() &&
                    m_window->runner().report()->target.runtime == Runtime::XCubeAi72);
    }
    QString write(const QString &name, const QByteArray &content)
    {
        QFile file(m_folders->file(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) return {};
        return file.fileName();
    }

private Q_SLOTS:
    void init()
    {
        m_asked = 0;
        m_answer = QMessageBox::Discard;
        m_folders = std::make_unique<PrivateFolders>();
        m_window = makeWindow();
        QTRY_VERIFY(m_window->runner().report() != nullptr);
    }
    void cleanup()
    {
        m_window.reset();
        m_folders.reset();
    }

    void aSavedDesignOpensAgain()
    {
        changeWidth(m_window->document(), 72);
        QVERIFY(m_window->isWindowModified());
        QVERIFY(m_window->statusText().contains(QStringLiteral("unsaved changes")));
        const QString path = m_folders->file(QStringLiteral("mine.atomnet"));
        QVERIFY(m_window->saveTo(path));
        QVERIFY(!m_window->isWindowModified());
        QVERIFY(m_window->windowTitle().contains(QStringLiteral("mine.atomnet")));
        const Network saved = m_window->document().network();
        m_window->openPreset(QStringLiteral("atomnet-320kb"));
        QVERIFY(m_window->openFile(path));
        QVERIFY(sameDesign(m_window->document().network(), saved));
    }

    void aBadFileIsRefusedInOneSentenceAndTheDesignStays()
    {
        const Network before = m_window->document().network();
        const QString path = write(QStringLiteral("bad.atomnet"), "{\"format\": 12");
        QVERIFY(!m_window->openFile(path));
        QVERIFY(m_window->messages()->isVisible());
        QCOMPARE(m_window->messages()->severity(), Severity::Error);
        QVERIFY2(m_window->messages()->sentence().contains(QStringLiteral("bad.atomnet")),
                 qPrintable(m_window->messages()->sentence()));
        QVERIFY(sameDesign(m_window->document().network(), before));
        QVERIFY(!m_window->saveTo(m_folders->file(QStringLiteral("no/such/folder/x.atomnet"))));
        QCOMPARE(m_window->messages()->severity(), Severity::Error);
    }

    void closingAsksAboutUnsavedChanges()
    {
        changeWidth(m_window->document(), 72);
        m_answer = QMessageBox::Cancel;
        QVERIFY(!m_window->close());
        QCOMPARE(m_asked, 1);
        QVERIFY(m_window->isVisible());
        m_answer = QMessageBox::Discard;
        QVERIFY(m_window->close());
        QCOMPARE(m_asked, 2);
    }

    void aDroppedDesignOpens()
    {
        Network other = presetById(QStringLiteral("atomnet-5fps"))->network;
        other.name = QStringLiteral("dropped");
        const QString path = write(QStringLiteral("dropped.atomnet"), writeDesign(other));
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(path)});
        const QPoint place(20, 20);
        QDragEnterEvent enter(place, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(place, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &drop);
        QCOMPARE(m_window->document().network().name, QStringLiteral("dropped"));
        QMimeData text;
        text.setText(QStringLiteral("hello"));
        QDragEnterEvent refused(place, Qt::CopyAction, &text, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &refused);
        QVERIFY(!refused.isAccepted());
    }

    void unsavedWorkOfACrashIsOfferedAndRestored()
    {
        // What a killed run leaves: its recovery file, taken before it could tidy up.
        changeWidth(m_window->document(), 88);
        Autosave &autosave = m_window->recovery()->autosave();
        QTRY_VERIFY(QFile::exists(autosave.file()));
        autosave.flush();
        const QString orphan = QFileInfo(autosave.file()).path() + QStringLiteral("/orphan.") +
                               QFileInfo(autosave.file()).suffix();
        QVERIFY(QFile::copy(autosave.file(), orphan));
        m_window.reset();

        m_window = makeWindow();
        QVERIFY(m_window->recovery()->hasWork());
        QVERIFY(m_window->messages()->isVisible());
        QVERIFY2(m_window->messages()->sentence().startsWith(QStringLiteral("Found unsaved work")),
                 qPrintable(m_window->messages()->sentence()));
        QVERIFY(width(m_window->document()) != 88);
        QToolButton *restore = nullptr;
        const QList<QToolButton *> buttons = m_window->messages()->findChildren<QToolButton *>();
        for (QToolButton *button : buttons)
            if (button->isVisible() && button->text().contains(QStringLiteral("Restore")))
                restore = button;
        QVERIFY(restore);
        QTest::mouseClick(restore, Qt::LeftButton);
        QCOMPARE(width(m_window->document()), 88);
        QVERIFY(m_window->document().isModified());
        QVERIFY(!m_window->recovery()->hasWork());
    }

    void workThatIsNotRestoredStaysForLater()
    {
        changeWidth(m_window->document(), 88);
        Autosave &autosave = m_window->recovery()->autosave();
        QTRY_VERIFY(QFile::exists(autosave.file()));
        autosave.flush();
        const QString orphan = QFileInfo(autosave.file()).path() + QStringLiteral("/orphan.") +
                               QFileInfo(autosave.file()).suffix();
        QVERIFY(QFile::copy(autosave.file(), orphan));
        m_window.reset();
        m_window = makeWindow();
        QVERIFY(m_window->recovery()->hasWork());
        // Another message covers the offer only for a while.
        QVERIFY(!m_window->openFile(QStringLiteral("/no/such/file.atomnet")));
        QCOMPARE(m_window->messages()->severity(), Severity::Error);
        m_window->messages()->clear();
        QTRY_VERIFY(m_window->messages()->sentence().startsWith(QStringLiteral("Found unsaved")));
        m_window->messages()->clear();
        QCoreApplication::processEvents();
        QVERIFY(!m_window->messages()->isVisible());
        m_window.reset();
        m_window = makeWindow();
        QVERIFY(m_window->recovery()->hasWork());
    }

    void importedMeasurementsReplaceEstimates()
    {
        // The pointwise of a layer, as a line of the authors' file would have it.
        const Layer *pointwise = nullptr;
        chooseXCubeAi();
        const ReportPtr before = m_window->runner().report();
        for (const Layer &layer : before->layers)
            if (layer.atom.key.kind == AtomKind::Pointwise) pointwise = &layer;
        QVERIFY(pointwise);
        QVERIFY(pointwise->latency.source != Source::Measured);
        const AtomKey key = pointwise->atom.key;
        const QByteArray csv =
            "type,conv_type,groups,c_in,h_in,w_in,k1,k2,c_out,h_out,w_out,MACs,Flash,latency,"
            "MACs/latency\r\n" +
            QStringLiteral("conv2d,PointWise,1,%1,%2,%3,1,1,%4,%5,%6,%7,%8,12.345,1\r\n")
                .arg(key.inC)
                .arg(key.inH)
                .arg(key.inW)
                .arg(key.outC)
                .arg(key.outH)
                .arg(key.outW)
                .arg(macsOf(key))
                .arg(weightBytesOf(key))
                .toUtf8();
        m_window->importCsv({write(QStringLiteral("small.csv"), csv)});
        QTRY_VERIFY2(m_window->statusText().contains(QStringLiteral("AtomDB 1 sample")),
                     qPrintable(m_window->statusText() + m_window->messages()->sentence()));
        QTRY_VERIFY(m_window->runner().report()->measuredLayers > 0);
        for (const Layer &layer : m_window->runner().report()->layers)
            if (layer.atom.key == key) {
                QVERIFY(layer.latency.source == Source::Measured);
                QCOMPARE(layer.latency.value, qint64(12'345'000));
            }
        QVERIFY(!m_window->statusText().contains(QStringLiteral(" 0 measured")));
        QVERIFY(m_window->messages()->sentence().contains(QStringLiteral("1 new sample")));
    }

    void aDamagedDatabaseIsSaidAndEstimatesStillCome()
    {
        m_window = std::make_unique<MainWindow>(
            write(QStringLiteral("damaged.sqlite"), QByteArray(8192, 'x')));
        m_window->start();
        m_window->show();
        QTRY_VERIFY(m_window->messages()->isVisible());
        QCOMPARE(m_window->messages()->severity(), Severity::Error);
        QVERIFY2(m_window->messages()->sentence().contains(QStringLiteral("damaged.sqlite")),
                 qPrintable(m_window->messages()->sentence()));
        chooseXCubeAi();
        QVERIFY(m_window->runner().report()->estimatedLayers > 0);
    }

    void chartsAndTableAreExported()
    {
        const QString png = m_folders->file(QStringLiteral("a.png"));
        const QString svg = m_folders->file(QStringLiteral("a.svg"));
        const QString csv = m_folders->file(QStringLiteral("a.csv"));
        QVERIFY(m_window->exportChartTo(0, png));
        QVERIFY(m_window->exportChartTo(2, svg));
        QVERIFY(m_window->exportTable(csv));
        QVERIFY(!QImage(png).isNull());
        QFile file(svg);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("<svg"));
        QVERIFY(QFileInfo(csv).size() > 100);
        QVERIFY(!m_window->exportChartTo(0, m_folders->file(QStringLiteral("a.jpeg"))));
    }

    void aSecondWindowRemembersLayoutTargetAndFile()
    {
        const QString path = m_folders->file(QStringLiteral("mine.atomnet"));
        QVERIFY(m_window->saveTo(path));
        Target target = m_window->document().target();
        target.board = *boardById(QStringLiteral("stm32f746"));
        target.reserveSramBytes = 64 * 1024;
        QVERIFY(m_window->document().setTarget(target));
        auto *palette = m_window->findChild<QDockWidget *>(QStringLiteral("paletteDock"));
        QVERIFY(palette);
        palette->hide();
        m_window->resize(1111, 777);
        QVERIFY(m_window->close());
        m_window.reset();

        m_window = std::make_unique<MainWindow>(m_folders->file(QStringLiteral("atomdb.sqlite")));
        m_window->start();
        m_window->show();
        QCOMPARE(m_window->document().path(), path);
        QCOMPARE(m_window->document().target().board.id, QStringLiteral("stm32f746"));
        QCOMPARE(m_window->document().target().reserveSramBytes, 64 * 1024);
        QCOMPARE(m_window->size(), QSize(1111, 777));
        QVERIFY(m_window->findChild<QDockWidget *>(QStringLiteral("paletteDock"))->isHidden());
        // The reset brings the palette back.
        const QList<QAction *> actions = m_window->findChildren<QAction *>();
        for (QAction *action : actions)
            if (action->text() == QStringLiteral("&Reset Layout")) action->trigger();
        QVERIFY(!m_window->findChild<QDockWidget *>(QStringLiteral("paletteDock"))->isHidden());
    }
};

QTEST_MAIN(TestWindowFiles)
#include "tst_window_files.moc"
