#include "core/quant/ranges.h"

#include <QRandomGenerator>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace atomnet;

namespace
{

/// One pointwise unit with this activation behind an input of 2 channels.
AtomGraph oneUnit(KeyAct act)
{
    Atom atom;
    atom.key.kind = AtomKind::Pointwise;
    atom.key.act = act;
    atom.key.inC = atom.key.outC = 2;
    atom.inputs = {0, -1};
    atom.output = 1;
    AtomGraph graph;
    graph.atoms = {atom};
    graph.tensors = {{{1, 1, 2}, -1, 0}, {{1, 1, 2}, 0, 0}};
    return graph;
}

const ForwardPoint inputPoint{-1, 0, false, 2};
const ForwardPoint before{0, 0, true, 2};

/// Values as the recorder gets them: measured, then counted.
class Recording
{
public:
    explicit Recording(KeyAct act = KeyAct::HSwish)
        : m_graph(oneUnit(act)), m_units(weightUnits(m_graph)), recorder(m_graph, m_units)
    {
    }
    Range rangeOf(const std::vector<float> &values, RangeMethod method, double percentile = 99.99)
    {
        recorder.measure(inputPoint, values, true);
        recorder.count(inputPoint, values);
        QuantizeOptions options;
        options.ranges = method;
        options.percentile = percentile;
        return recorder.range(inputPoint, options);
    }

private:
    AtomGraph m_graph;
    std::vector<WeightUnit> m_units;

public:
    RangeRecorder recorder;
};

double rounded(double value, const Range &range)
{
    const double step = (range.hi - range.lo) / 255;
    const double inside = std::clamp(value, range.lo, range.hi);
    return range.lo + std::round((inside - range.lo) / step) * step;
}

double squaredError(const std::vector<float> &values, const Range &range)
{
    double sum = 0;
    for (const float value : values)
        sum += std::pow(rounded(double(value), range) - double(value), 2);
    return sum;
}

/// Bell-shaped, with a few far outside.
std::vector<float> withOutliers()
{
    QRandomGenerator random(1);
    std::vector<float> values;
    for (int i = 0; i < 20000; ++i) {
        double sum = 0;
        for (int k = 0; k < 6; ++k)
            sum += random.bounded(2.0) - 1;
        values.push_back(float(sum));
    }
    values[7] = 40;
    values[99] = -30;
    return values;
}

} // namespace

class TestRanges : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void minMaxCoversAllSamplesAndZero()
    {
        Recording recording;
        QCOMPARE(recording.rangeOf({1, 2, 3, 4, 5, 6, 7, 8, 9.5F, 2}, RangeMethod::MinMax),
                 (Range{0, 9.5}));
        QCOMPARE(recording.rangeOf({-1, -2}, RangeMethod::MinMax), (Range{-2, 9.5}));
    }

    void percentileKeepsTheShareAskedFor()
    {
        const std::vector<float> values = withOutliers();
        for (const double percentile : {90.0, 99.0, 99.9}) {
            Recording recording;
            const Range range = recording.rangeOf(values, RangeMethod::Percentile, percentile);
            const auto kept = std::count_if(values.begin(), values.end(), [&](float v) {
                return double(v) >= range.lo && double(v) <= range.hi;
            });
            const double share = 100.0 * double(kept) / double(values.size());
            QVERIFY2(share >= percentile - 0.1 && share <= percentile + 1.5,
                     qPrintable(QString::number(share)));
        }
    }

    void aHundredPercentIsMinMax()
    {
        Recording recording;
        const Range range = recording.rangeOf(withOutliers(), RangeMethod::Percentile, 100);
        QCOMPARE(range, (Range{-30, 40}));
    }

    void mseBeatsMinMaxAndItsNeighbours()
    {
        const std::vector<float> values = withOutliers();
        Recording recording;
        const Range found = recording.rangeOf(values, RangeMethod::Mse);
        const double error = squaredError(values, found);
        QVERIFY(error < squaredError(values, {-30, 40}));
        QVERIFY(error < squaredError(values, {found.lo * 1.3, found.hi * 1.3}));
        QVERIFY(error < squaredError(values, {found.lo * 0.7, found.hi * 0.7}));
    }

    void mseKeepsEvenlySpreadValues()
    {
        std::vector<float> values;
        for (int i = 0; i < 1000; ++i)
            values.push_back(float(i) / 1000);
        Recording recording;
        const Range range = recording.rangeOf(values, RangeMethod::Mse);
        QVERIFY(range.hi > 0.98);
    }

    void constantZeroHasAnEmptyRange()
    {
        for (const RangeMethod method :
             {RangeMethod::MinMax, RangeMethod::Percentile, RangeMethod::Mse}) {
            Recording recording;
            QCOMPARE(recording.rangeOf(std::vector<float>(20, 0.0F), method), (Range{0, 0}));
        }
    }

    void aSingleValueIsKept()
    {
        for (const RangeMethod method :
             {RangeMethod::MinMax, RangeMethod::Percentile, RangeMethod::Mse}) {
            Recording recording;
            QCOMPARE(recording.rangeOf(std::vector<float>(20, 3.0F), method), (Range{0, 3}));
        }
    }

    void brokenValuesAreTold_data()
    {
        QTest::addColumn<float>("value");
        QTest::newRow("NaN") << std::numeric_limits<float>::quiet_NaN();
        QTest::newRow("infinite") << std::numeric_limits<float>::infinity();
        QTest::newRow("negative infinite") << -std::numeric_limits<float>::infinity();
        QTest::newRow("huge") << 1e16F;
    }

    void brokenValuesAreTold()
    {
        QFETCH(float, value);
        for (const std::size_t place : {0, 5, 16, 17}) {
            Recording recording;
            std::vector<float> values(18, 1.0F);
            recording.recorder.measure(before, values, true);
            QVERIFY(!recording.recorder.broken());
            values[place] = value;
            recording.recorder.measure(before, values, true);
            QVERIFY(recording.recorder.broken());
            QCOMPARE(recording.recorder.broken()->atom, 0);
            QVERIFY(recording.recorder.broken()->preActivation);
        }
    }

    void meansAreOfTheSamplesThatCount()
    {
        Recording recording;
        recording.recorder.measure(before, std::vector<float>{1, 10, 3, 20}, true);
        recording.recorder.measure(before, std::vector<float>{1000, 1000}, false);
        recording.recorder.measure(before, std::vector<float>{5, 30}, true);
        QCOMPARE(recording.recorder.means(0), (std::vector<double>{3, 20}));
    }

    void meansOfLargeMapsAreExact()
    {
        Recording recording;
        std::vector<float> values;
        for (int i = 0; i < 200000; ++i) {
            values.push_back(1.1F);
            values.push_back(-0.3F);
        }
        recording.recorder.measure(before, values, true);
        QVERIFY(std::fabs(recording.recorder.means(0)[0] - double(1.1F)) < 1e-6);
        QVERIFY(std::fabs(recording.recorder.means(0)[1] + double(0.3F)) < 1e-6);
    }
};

QTEST_GUILESS_MAIN(TestRanges)
#include "tst_ranges.moc"
