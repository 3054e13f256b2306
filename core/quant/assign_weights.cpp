#include "core/quant/weight_file.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <cmath>
#include <limits>

namespace atomnet
{

namespace
{

constexpr double batchNormEpsilon = 1e-5;

QString otherDesign()
{
    return QStringLiteral(
        "the design has changed since the weights were trained, or they belong to "
        "another one: open that design, or train this one");
}

/// The tensors of one unit as the file gives them; null where it has none.
struct UnitTensors {
    const NamedTensor *weights = nullptr, *bias = nullptr;
    const NamedTensor *scale = nullptr, *shift = nullptr, *mean = nullptr, *variance = nullptr;
};

class Assigner
{
public:
    Assigner(const std::vector<WeightUnit> &units, const WeightFile &file, const QString &fileName)
        : m_units(units), m_file(file), m_fileName(fileName)
    {
    }

    Result<FloatWeights> assign()
    {
        if (m_file.inOrder && layersInFile() != m_units.size())
            return bad(QStringLiteral("the file holds %1 layers with weights, the design %2; %3")
                           .arg(layersInFile())
                           .arg(m_units.size())
                           .arg(otherDesign()));
        index();
        std::vector<UnitTensors> found;
        for (std::size_t i = 0; i < m_units.size(); ++i)
            found.push_back(m_file.inOrder ? findInOrder(i) : findByName(m_units[i]));
        for (std::size_t i = 0; i < m_units.size(); ++i)
            check(m_units[i], found[i]);
        if (const auto error = firstError()) return bad(*error);
        FloatWeights weights;
        weights.trained = true;
        weights.normalisation = m_file.normalisation;
        weights.labels = m_file.labels;
        for (std::size_t i = 0; i < m_units.size(); ++i) {
            auto unit = fold(m_units[i], found[i]);
            if (!unit) return tl::make_unexpected(unit.error());
            weights.units.push_back(std::move(*unit));
        }
        if (const Result<> done = checkMetadata(); !done) return tl::make_unexpected(done.error());
        return weights;
    }

private:
    tl::unexpected<Error> bad(const QString &what) const
    {
        return fail(ErrorCode::BadInput, what, m_fileName);
    }

    std::size_t layersInFile() const
    {
        return std::size_t(
            std::count_if(m_file.tensors.begin(), m_file.tensors.end(), [](const NamedTensor &t) {
                return t.name.endsWith(QLatin1String(".weight"));
            }));
    }

    /// What all names begin with before the first unit's: "module." of a model that was trained on
    /// many devices.
    QString commonPrefix() const
    {
        if (m_file.inOrder || m_units.empty()) return {};
        for (const QLatin1String ending :
             {QLatin1String(".conv.weight"), QLatin1String(".weight")}) {
            const QString wanted = m_units.front().name + ending;
            const NamedTensor *shortest = nullptr;
            for (const NamedTensor &tensor : m_file.tensors)
                if (tensor.name.endsWith(wanted) &&
                    (!shortest || tensor.name.size() < shortest->name.size()))
                    shortest = &tensor;
            if (!shortest) continue;
            const QString prefix = shortest->name.chopped(wanted.size());
            const auto has = [&](const NamedTensor &t) { return t.name.startsWith(prefix); };
            if ((prefix.isEmpty() || prefix.endsWith(QLatin1Char('.'))) &&
                std::all_of(m_file.tensors.begin(), m_file.tensors.end(), has))
                return prefix;
        }
        return {};
    }

    void index()
    {
        m_skipped = commonPrefix().size();
        for (const NamedTensor &tensor : m_file.tensors)
            m_byName.insert(tensor.name.mid(m_skipped), &tensor);
    }

    const NamedTensor *find(const QString &name)
    {
        const NamedTensor *tensor = m_byName.value(name, nullptr);
        if (tensor) m_used.insert(name);
        return tensor;
    }

    const NamedTensor *need(const QString &name)
    {
        const NamedTensor *tensor = find(name);
        if (!tensor) m_missing << name;
        return tensor;
    }

    UnitTensors findInOrder(std::size_t i)
    {
        UnitTensors found;
        found.weights = need(QStringLiteral("%1.weight").arg(i));
        found.bias = find(QStringLiteral("%1.bias").arg(i));
        return found;
    }

    UnitTensors findByName(const WeightUnit &unit)
    {
        UnitTensors found;
        const QString folded = unit.name + QLatin1String(".weight");
        if (!unit.batchNorm || m_byName.contains(folded)) {
            found.weights = need(folded);
            found.bias = need(unit.name + QLatin1String(".bias"));
            return found;
        }
        const QString norm = unit.name + QLatin1String(".bn.");
        found.weights = need(unit.name + QLatin1String(".conv.weight"));
        found.scale = need(norm + QLatin1String("weight"));
        found.shift = need(norm + QLatin1String("bias"));
        found.mean = need(norm + QLatin1String("running_mean"));
        found.variance = need(norm + QLatin1String("running_var"));
        return found;
    }

    void checkShape(const NamedTensor *tensor, const std::vector<qint64> &shape)
    {
        if (!tensor) return;
        // A matrix and 1 x 1 kernels are the same numbers.
        const bool matrix = shape.size() == 4 && shape[2] == 1;
        const bool fits = tensor->shape == shape ||
                          (matrix && tensor->shape == std::vector<qint64>{shape[0], shape[1]});
        const auto finite = [](float value) { return std::isfinite(value); };
        if (!fits)
            m_misshapen << QStringLiteral("%1 is %2, the design needs %3")
                               .arg(quoted(tensor->name), shapeText(tensor->shape),
                                    shapeText(shape));
        else if (qint64(tensor->values.size()) != elementCount(shape))
            m_notFloat << tensor->name;
        else if (!std::all_of(tensor->values.begin(), tensor->values.end(), finite))
            m_notFinite << tensor->name;
    }

    void check(const WeightUnit &unit, const UnitTensors &found)
    {
        checkShape(found.weights, {unit.out, unit.in, unit.kernel, unit.kernel});
        for (const NamedTensor *tensor :
             {found.bias, found.scale, found.shift, found.mean, found.variance})
            checkShape(tensor, {unit.out});
        const auto negative = [](float value) { return value < 0; };
        if (found.variance &&
            std::any_of(found.variance->values.begin(), found.variance->values.end(), negative))
            m_negative << found.variance->name;
    }

    QStringList unused() const
    {
        QStringList names;
        for (const NamedTensor &tensor : m_file.tensors) {
            const QString name = tensor.name.mid(m_skipped);
            if (!m_used.contains(name) && !name.endsWith(QLatin1String("num_batches_tracked")))
                names << tensor.name;
        }
        return names;
    }

    std::optional<QString> firstError() const
    {
        const QStringList extra = unused();
        if (!m_missing.isEmpty()) {
            QString what = QStringLiteral("the file lacks %1").arg(firstFew(m_missing));
            if (!extra.isEmpty())
                what += QStringLiteral(" and holds %1, which the design has no place for")
                            .arg(firstFew(extra));
            return what + QStringLiteral("; ") + otherDesign();
        }
        if (!extra.isEmpty())
            return QStringLiteral("the file holds %1, which the design has no place for; %2")
                .arg(firstFew(extra), otherDesign());
        if (!m_misshapen.isEmpty()) {
            QString what = m_misshapen.front();
            if (m_misshapen.size() > 1)
                what += QStringLiteral(" (and %1 more do not fit)").arg(m_misshapen.size() - 1);
            return what + QStringLiteral("; ") + otherDesign();
        }
        if (!m_notFloat.isEmpty())
            return QStringLiteral("%1: not stored as 32-bit or 16-bit floats; save the weights as "
                                  "floats, before any quantisation")
                .arg(firstFew(m_notFloat));
        if (!m_notFinite.isEmpty())
            return QStringLiteral("%1: holds NaN or infinity; the training diverged, lower its "
                                  "learning rate and train again")
                .arg(firstFew(m_notFinite));
        if (!m_negative.isEmpty())
            return QStringLiteral("%1: a variance below 0; the file is damaged, save it again")
                .arg(firstFew(m_negative));
        return std::nullopt;
    }

    /// Batch norm becomes part of weights and bias; [out][in][k][k] becomes [out][k][k][in].
    Result<UnitWeights> fold(const WeightUnit &unit, const UnitTensors &found) const
    {
        UnitWeights folded;
        folded.weights.resize(std::size_t(unit.weightCount()));
        folded.bias.resize(std::size_t(unit.out));
        const std::size_t area = std::size_t(unit.kernel) * std::size_t(unit.kernel);
        const std::size_t in = std::size_t(unit.in);
        bool finite = true;
        for (std::size_t o = 0; o < folded.bias.size(); ++o) {
            double factor = 1, bias = found.bias ? double(found.bias->values[o]) : 0.0;
            if (found.variance) {
                factor = double(found.scale->values[o]) /
                         std::sqrt(double(found.variance->values[o]) + batchNormEpsilon);
                bias = double(found.shift->values[o]) - double(found.mean->values[o]) * factor;
            }
            const auto narrow = [&finite](double value) {
                finite = finite && std::fabs(value) <= double(std::numeric_limits<float>::max());
                return finite ? float(value) : 0.0F;
            };
            folded.bias[o] = narrow(bias);
            for (std::size_t i = 0; i < in; ++i)
                for (std::size_t p = 0; p < area; ++p)
                    folded.weights[(o * area + p) * in + i] =
                        narrow(double(found.weights->values[(o * in + i) * area + p]) * factor);
        }
        if (!finite)
            return bad(QStringLiteral("the weights of %1 are too large for floats once its batch "
                                      "norm is folded in; train again")
                           .arg(quoted(unit.name)));
        return folded;
    }

    Result<> checkMetadata() const
    {
        if (m_units.empty()) return {};
        const int channels = m_units.front().depthwise ? m_units.front().out : m_units.front().in;
        if (m_file.normalisation && m_file.normalisation->mean.size() != std::size_t(channels))
            return bad(QStringLiteral("the metadata \"mean\" and \"std\" are for %1 channels, the "
                                      "design's input has %2")
                           .arg(m_file.normalisation->mean.size())
                           .arg(channels));
        const int classes = m_units.back().out;
        if (!m_file.labels.isEmpty() && m_file.labels.size() != classes)
            return bad(QStringLiteral("the metadata \"labels\" names %1 classes, the design has %2")
                           .arg(m_file.labels.size())
                           .arg(classes));
        return {};
    }

    const std::vector<WeightUnit> &m_units;
    const WeightFile &m_file;
    const QString &m_fileName;
    qsizetype m_skipped = 0; ///< length of the common prefix
    QHash<QString, const NamedTensor *> m_byName;
    QSet<QString> m_used;
    QStringList m_missing, m_misshapen, m_notFloat, m_notFinite, m_negative;
};

} // namespace

Result<FloatWeights> assignWeights(const std::vector<WeightUnit> &units, const WeightFile &file,
                                   const QString &fileName)
{
    return Assigner(units, file, fileName).assign();
}

} // namespace atomnet
