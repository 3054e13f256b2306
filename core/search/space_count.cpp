#include "core/search/space_options.h"

#include <QStringList>

namespace atomnet
{

namespace
{

/// A whole number of any length.
class Product
{
public:
    void multiply(quint64 factor)
    {
        // By halves, so that a digit times half a factor stays inside 64 bits.
        std::vector<quint32> result(m_digits.size() + 3, 0);
        const quint32 halves[] = {quint32(factor), quint32(factor >> 32)};
        for (std::size_t half = 0; half < 2; ++half) {
            quint64 carry = 0;
            for (std::size_t i = 0; i + half < result.size(); ++i) {
                const quint64 digit = i < m_digits.size() ? m_digits[i] : 0;
                carry += result[i + half] + digit * halves[half];
                result[i + half] = quint32(carry);
                carry >>= 32;
            }
        }
        while (result.size() > 1 && result.back() == 0)
            result.pop_back();
        m_digits = std::move(result);
    }

    /// "57,153,600"
    [[nodiscard]] QString text() const
    {
        std::vector<quint32> rest = m_digits;
        QStringList groups;
        do {
            quint64 remainder = 0;
            for (std::size_t i = rest.size(); i-- > 0;) {
                remainder = remainder << 32 | rest[i];
                rest[i] = quint32(remainder / 1000);
                remainder %= 1000;
            }
            while (rest.size() > 1 && rest.back() == 0)
                rest.pop_back();
            const QString group = QString::number(remainder);
            const bool last = rest.size() == 1 && rest[0] == 0;
            groups.prepend(last ? group : group.rightJustified(3, QLatin1Char('0')));
        } while (rest.size() > 1 || rest[0] != 0);
        return groups.join(QLatin1Char(','));
    }

private:
    std::vector<quint32> m_digits{1}; ///< base 2^32, lowest first
};

} // namespace

SpaceCount countNetworks(const SearchSpace &space)
{
    Product labelled, distinct;
    SpaceCount count;
    count.labelled = count.distinct = 1;
    const auto multiply = [&](double all, double different) {
        labelled.multiply(quint64(all));
        distinct.multiply(quint64(different));
        count.labelled *= all;
        count.distinct *= different;
    };
    multiply(double(space.resolutions.size() + space.inputs.size()),
             double(spaceInputs(space).size()));
    for (const SpaceStage &stage : space.stages) {
        const OptionCount options = countOptions(stage);
        multiply(options.labelled, options.distinct);
    }
    count.labelledText = labelled.text();
    count.distinctText = distinct.text();
    return count;
}

} // namespace atomnet
