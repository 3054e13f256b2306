#include "core/quant/fit_image.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>

using namespace atomnet;

namespace
{

Image grayImage(int width, int height, const std::vector<quint8> &pixels)
{
    return {width, height, 1, pixels};
}

Image randomImage(QRandomGenerator &random, int width, int height, int channels)
{
    Image image{width, height, channels, {}};
    for (int i = 0; i < width * height * channels; ++i)
        image.pixels.push_back(quint8(random.bounded(256)));
    return image;
}

Image mirrored(const Image &image)
{
    Image result = image;
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x)
            for (int c = 0; c < image.channels; ++c)
                result.pixels[std::size_t((y * image.width + x) * image.channels + c)] =
                    image.pixels[std::size_t(
                        (y * image.width + image.width - 1 - x) * image.channels + c)];
    return result;
}

Image turned(const Image &image)
{
    Image result{image.height, image.width, image.channels, {}};
    for (int x = 0; x < image.width; ++x)
        for (int y = 0; y < image.height; ++y)
            for (int c = 0; c < image.channels; ++c)
                result.pixels.push_back(
                    image.pixels[std::size_t((y * image.width + x) * image.channels + c)]);
    return result;
}

int largestDifference(const Image &a, const Image &b)
{
    if (a.pixels.size() != b.pixels.size()) return 256;
    int largest = 0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i)
        largest = std::max(largest, std::abs(int(a.pixels[i]) - int(b.pixels[i])));
    return largest;
}

} // namespace

class TestFitImage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSameSizeChangesNothing()
    {
        QRandomGenerator random(1);
        const Image image = randomImage(random, 7, 5, 3);
        QCOMPARE(fitted(image, 7, 5).pixels, image.pixels);
    }

    void enlargesLinearly()
    {
        // Centres at 0.25, 0.75, 1.25 and 1.75 of two pixels.
        QCOMPARE(fitted(grayImage(2, 1, {0, 200}), 4, 2).pixels,
                 (std::vector<quint8>{0, 50, 150, 200, 0, 50, 150, 200}));
        QCOMPARE(fitted(grayImage(1, 1, {77}), 3, 3).pixels, std::vector<quint8>(9, 77));
    }

    void shrinksOverAllPixels()
    {
        // Halving: weights 1, 3, 3, 1 of 8; at the edge 3, 3, 1 of 7.
        QCOMPARE(fitted(grayImage(8, 1, {0, 0, 80, 160, 40, 240, 0, 70}), 4, 1).pixels.size(),
                 std::size_t{4});
        const Image half = fitted(grayImage(4, 4,
                                            {0, 0, 80, 160, 0, 0, 80, 160, //
                                             0, 0, 80, 160, 0, 0, 80, 160}),
                                  2, 2);
        QCOMPARE(half.pixels,
                 (std::vector<quint8>{11, 103, 11, 103})); // 80 / 7; (3 * 80 + 3 * 160 + 0) / 7
    }

    void cropsTheCentre()
    {
        // 6 x 2 into 2 x 2: columns 2 and 3.
        const Image wide = grayImage(6, 2, {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16});
        QCOMPARE(fitted(wide, 2, 2).pixels, (std::vector<quint8>{3, 4, 13, 14}));
        const Image tall = turned(wide);
        QCOMPARE(fitted(tall, 2, 2).pixels, (std::vector<quint8>{3, 13, 4, 14}));
    }

    void oneColourStays()
    {
        for (const auto &[width, height, toWidth, toHeight] :
             {std::array{3, 200, 32, 32}, std::array{200, 3, 7, 9}, std::array{500, 333, 24, 24},
              std::array{1, 16'384, 8, 8}}) {
            const Image image{
                width, height, 3,
                std::vector<quint8>(std::size_t(width) * std::size_t(height) * 3, 201)};
            const Image fit = fitted(image, toWidth, toHeight);
            QVERIFY(fit.width == toWidth && fit.height == toHeight && fit.channels == 3);
            QCOMPARE(fit.pixels,
                     std::vector<quint8>(std::size_t(toWidth) * std::size_t(toHeight) * 3, 201));
        }
    }

    void treatsBothAxesAndBothSidesAlike()
    {
        QRandomGenerator random(2);
        for (int round = 0; round < 60; ++round) {
            const int channels = random.bounded(2) ? 3 : 1;
            const Image image =
                randomImage(random, 1 + random.bounded(40), 1 + random.bounded(40), channels);
            const int width = 1 + random.bounded(40), height = 1 + random.bounded(40);
            const Image fit = fitted(image, width, height);
            // Sums in another order may round another way, never further.
            QVERIFY(largestDifference(fitted(turned(image), height, width), turned(fit)) <= 1);
            const double scale =
                std::max(double(width) / image.width, double(height) / image.height);
            const int resized = std::max(width, int(std::lround(image.width * scale)));
            if ((resized - width) % 2 == 0) // else the centre is half a pixel aside
                QVERIFY(largestDifference(fitted(mirrored(image), width, height), mirrored(fit)) <=
                        1);
        }
    }

    void keepsTheMeanWhenShrinking()
    {
        QRandomGenerator random(3);
        const Image image = randomImage(random, 320, 320, 1);
        const Image fit = fitted(image, 32, 32);
        const auto mean = [](const Image &of) {
            double sum = 0;
            for (const quint8 pixel : of.pixels)
                sum += pixel;
            return sum / double(of.pixels.size());
        };
        QVERIFY(std::abs(mean(image) - mean(fit)) < 1.0);
        // Every source pixel counts: the noise of 100 and more pixels averages out.
        QVERIFY(*std::max_element(fit.pixels.begin(), fit.pixels.end()) < 170);
    }

    void changesChannels()
    {
        const Image gray = withChannels(Image{3, 1, 3, {255, 0, 0, 0, 255, 0, 0, 0, 255}}, 1);
        QCOMPARE(gray.pixels, (std::vector<quint8>{76, 150, 29}));
        const Image rgb = withChannels(grayImage(2, 1, {7, 255}), 3);
        QCOMPARE(rgb.pixels, (std::vector<quint8>{7, 7, 7, 255, 255, 255}));
        QCOMPARE(withChannels(rgb, 1).pixels, (std::vector<quint8>{7, 255}));
    }
};

QTEST_APPLESS_MAIN(TestFitImage)
#include "tst_fit_image.moc"
