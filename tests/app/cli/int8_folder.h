#pragma once

#include "core/model/design_file.h"
#include "tests/app/cli/cli_run.h"
#include "tests/core/inference/quantised_example.h"
#include "tests/support/int8_files.h"

#include <QTemporaryDir>

/// A user's folder: a small design, trained weights for it, and samples.
class Int8Folder
{
public:
    Int8Folder() : m_network(atomnet::test::everyBlock())
    {
        using namespace atomnet::test;
        useDataFolder(m_folder.path());
        const LabelledSamples samples = labelledSamples(m_network, 3, 40);
        const bool written =
            writeFile(design(), atomnet::writeDesign(m_network)) &&
            writeFile(weights(), weightFile(m_network, 3)) &&
            writeFile(calibration(), npyFile(samples.values, m_network.input)) &&
            writeFile(data(), npzFile(samples.values, m_network.input, samples.labels));
        if (!written) qFatal("the folder cannot be filled");
    }
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }
    [[nodiscard]] QString design() const { return path("net.atomnet"); }
    [[nodiscard]] QString weights() const { return path("net.safetensors"); }
    [[nodiscard]] QString calibration() const { return path("some.npy"); }
    [[nodiscard]] QString data() const
    {
        return path("labelled.npz");
    } ///< classes as the float network guesses them
    [[nodiscard]] QStringList trained() const
    {
        return {"--weights", weights(), "--calibration", calibration()};
    }
    [[nodiscard]] const atomnet::Network &network() const { return m_network; }

private:
    QTemporaryDir m_folder;
    atomnet::Network m_network;
};
