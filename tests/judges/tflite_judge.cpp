#include "tests/judges/tflite_judge.h"

#include <QDir>
#include <QFile>
#include <QLibrary>

#include <array>
#include <memory>

namespace atomnet::judges
{

namespace
{

/// The options start with these two fields; the library knows how many more there are.
struct XnnPackOptions {
    qint32 threads = 1;
    quint32 flags = 3; ///< signed and unsigned 8-bit operators
    std::array<quint8, 256> rest{};
};

/// The functions of TensorFlow Lite's C interface that are used here.
struct Functions {
    void *(*modelCreate)(const void *, size_t) = nullptr;
    void (*modelDelete)(void *) = nullptr;
    void *(*optionsCreate)() = nullptr;
    void (*optionsDelete)(void *) = nullptr;
    void (*setThreads)(void *, qint32) = nullptr;
    void (*addDelegate)(void *, void *) = nullptr;
    void *(*interpreterCreate)(const void *, const void *) = nullptr;
    void (*interpreterDelete)(void *) = nullptr;
    int (*allocate)(void *) = nullptr;
    void *(*input)(const void *, qint32) = nullptr;
    const void *(*output)(const void *, qint32) = nullptr;
    qint32 (*outputCount)(const void *) = nullptr;
    int (*invoke)(void *) = nullptr;
    size_t (*byteSize)(const void *) = nullptr;
    int (*copyFrom)(void *, const void *, size_t) = nullptr;
    int (*copyTo)(const void *, void *, size_t) = nullptr;
    void *(*xnnPackCreate)(const XnnPackOptions *) = nullptr;
    void (*xnnPackDelete)(void *) = nullptr;
    QString problem;
};

template <class F>
void resolve(QLibrary &library, F &function, const char *name, QString &problem)
{
    function = reinterpret_cast<F>(library.resolve(name));
    if (!function && problem.isEmpty())
        problem = QStringLiteral("the TensorFlow Lite library has no function %1")
                      .arg(QLatin1String(name));
}

Functions load()
{
    Functions f;
    if (judgesFolder().isEmpty()) {
        f.problem = QStringLiteral("the judges are not installed; ./check installs them");
        return f;
    }
    const QString path =
        judgesFolder() +
        QStringLiteral("/tfjs-tflite-node/cc_deps/linux_amd64/libtensorflowlite_c.so");
    static QLibrary library(path);
    if (!library.load()) {
        f.problem = library.errorString();
        return f;
    }
    resolve(library, f.modelCreate, "TfLiteModelCreate", f.problem);
    resolve(library, f.modelDelete, "TfLiteModelDelete", f.problem);
    resolve(library, f.optionsCreate, "TfLiteInterpreterOptionsCreate", f.problem);
    resolve(library, f.optionsDelete, "TfLiteInterpreterOptionsDelete", f.problem);
    resolve(library, f.setThreads, "TfLiteInterpreterOptionsSetNumThreads", f.problem);
    resolve(library, f.addDelegate, "TfLiteInterpreterOptionsAddDelegate", f.problem);
    resolve(library, f.interpreterCreate, "TfLiteInterpreterCreate", f.problem);
    resolve(library, f.interpreterDelete, "TfLiteInterpreterDelete", f.problem);
    resolve(library, f.allocate, "TfLiteInterpreterAllocateTensors", f.problem);
    resolve(library, f.input, "TfLiteInterpreterGetInputTensor", f.problem);
    resolve(library, f.output, "TfLiteInterpreterGetOutputTensor", f.problem);
    resolve(library, f.outputCount, "TfLiteInterpreterGetOutputTensorCount", f.problem);
    resolve(library, f.invoke, "TfLiteInterpreterInvoke", f.problem);
    resolve(library, f.byteSize, "TfLiteTensorByteSize", f.problem);
    resolve(library, f.copyFrom, "TfLiteTensorCopyFromBuffer", f.problem);
    resolve(library, f.copyTo, "TfLiteTensorCopyToBuffer", f.problem);
    resolve(library, f.xnnPackCreate, "TfLiteXNNPackDelegateCreate", f.problem);
    resolve(library, f.xnnPackDelete, "TfLiteXNNPackDelegateDelete", f.problem);
    return f;
}

const Functions &functions()
{
    static const Functions loaded = load();
    return loaded;
}

/// An interpreter of one model, and all it stands on.
class Interpreter
{
public:
    Interpreter(const QByteArray &model, TfLiteJudge::Kernels kernels) : m_model(model)
    {
        const Functions &f = functions();
        m_handle = f.modelCreate(m_model.constData(), size_t(m_model.size()));
        if (!m_handle) {
            problem = QStringLiteral("TensorFlow Lite does not take the model");
            return;
        }
        m_options = f.optionsCreate();
        f.setThreads(m_options, 1);
        if (kernels == TfLiteJudge::Kernels::XnnPack) {
            const XnnPackOptions options;
            m_delegate = f.xnnPackCreate(&options);
            f.addDelegate(m_options, m_delegate);
        }
        m_interpreter = f.interpreterCreate(m_handle, m_options);
        if (!m_interpreter || f.allocate(m_interpreter) != 0)
            problem = QStringLiteral("TensorFlow Lite cannot prepare the model");
    }
    ~Interpreter()
    {
        const Functions &f = functions();
        if (m_interpreter) f.interpreterDelete(m_interpreter);
        if (m_delegate) f.xnnPackDelete(m_delegate);
        if (m_options) f.optionsDelete(m_options);
        if (m_handle) f.modelDelete(m_handle);
    }
    Interpreter(const Interpreter &) = delete;
    Interpreter &operator=(const Interpreter &) = delete;

    std::vector<QByteArray> run(const std::vector<QByteArray> &inputs)
    {
        const Functions &f = functions();
        for (size_t i = 0; i < inputs.size(); ++i) {
            void *tensor = f.input(m_interpreter, qint32(i));
            if (!tensor ||
                f.copyFrom(tensor, inputs[i].constData(), size_t(inputs[i].size())) != 0) {
                problem = QStringLiteral("input %1 has %2 bytes; the model takes %3")
                              .arg(i)
                              .arg(inputs[i].size())
                              .arg(tensor ? f.byteSize(tensor) : 0);
                return {};
            }
        }
        if (f.invoke(m_interpreter) != 0) {
            problem = QStringLiteral("TensorFlow Lite failed to run the model");
            return {};
        }
        std::vector<QByteArray> outputs;
        for (qint32 i = 0; i < f.outputCount(m_interpreter); ++i) {
            const void *tensor = f.output(m_interpreter, i);
            QByteArray bytes(qsizetype(f.byteSize(tensor)), Qt::Uninitialized);
            f.copyTo(tensor, bytes.data(), size_t(bytes.size()));
            outputs.push_back(bytes);
        }
        return outputs;
    }

    QString problem;

private:
    QByteArray m_model; ///< the runtime reads it in place
    void *m_handle = nullptr, *m_options = nullptr, *m_delegate = nullptr, *m_interpreter = nullptr;
};

} // namespace

QString judgesFolder()
{
    const QString folder = QStringLiteral(ATOMNET_SOURCE_DIR "/build/judges/node_modules");
    return QDir(folder).exists() ? folder : QString();
}

QString TfLiteJudge::unavailable()
{
    return functions().problem;
}

std::vector<QByteArray> TfLiteJudge::run(const QByteArray &model,
                                         const std::vector<QByteArray> &inputs, Kernels kernels,
                                         QString *problem)
{
    Interpreter interpreter(model, kernels);
    std::vector<QByteArray> outputs;
    if (interpreter.problem.isEmpty()) outputs = interpreter.run(inputs);
    if (problem) *problem = interpreter.problem;
    return outputs;
}

std::vector<QByteArray> TfLiteJudge::runMany(const QByteArray &model,
                                             const std::vector<QByteArray> &inputs, Kernels kernels,
                                             QString *problem)
{
    Interpreter interpreter(model, kernels);
    std::vector<QByteArray> outputs;
    for (const QByteArray &input : inputs) {
        if (!interpreter.problem.isEmpty()) break;
        const std::vector<QByteArray> one = interpreter.run({input});
        if (!one.empty()) outputs.push_back(one.front());
    }
    if (problem) *problem = interpreter.problem;
    return outputs;
}

} // namespace atomnet::judges
