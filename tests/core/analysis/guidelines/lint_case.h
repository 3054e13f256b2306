#pragma once

#include "core/analysis/guidelines/lint.h"
#include "core/analysis/knowledge.h"
#include "tests/core/model/random_network.h"

#include <QtTest>

// What tests of the lint and of the peak's explanation share.
namespace atomnet::test
{

inline Target targetOf(const char *board, Runtime runtime)
{
    Target target;
    const auto found = boardById(QString::fromLatin1(board));
    if (found) target.board = *found;
    target.runtime = runtime;
    return target;
}

/// A design with its report, by the models that ship.
struct Case {
    Network network;
    Knowledge knowledge;
    Report report;

    Case(const Network &design, const Target &target)
        : Case(design, target, shippedKnowledge(target.board, target.runtime))
    {
    }
    Case(const Network &design, const Target &target, const Knowledge &known)
        : network(design), knowledge(known)
    {
        assignIds(network);
        if (const auto found = analyze(network, target, knowledge)) report = *found;
    }
    [[nodiscard]] std::vector<LintFinding> findings() const
    {
        return lint(network, report, knowledge);
    }
    [[nodiscard]] PeakExplanation peak() const { return explainPeak(network, report, knowledge); }
    /// The design after a fix; an empty one when it does not apply.
    [[nodiscard]] Network fixed(const QuickFix &fix) const
    {
        Network next = network;
        for (const Edit &edit : fix.edits) {
            const auto applied = atomnet::apply(next, edit);
            if (!applied) return {};
            next = *applied;
        }
        return next;
    }
    /// The fix applies, and its effect is the difference of the two reports. "" when so.
    [[nodiscard]] QString problemOf(const QuickFix &fix) const
    {
        if (fix.text.isEmpty() || fix.edits.empty()) return QStringLiteral("an empty fix");
        const Network next = fixed(fix);
        if (next.stages.empty()) return fix.text + QStringLiteral(" does not apply");
        if (sameDesign(next, network)) return fix.text + QStringLiteral(" changes nothing");
        const auto after = analyze(next, report.target, knowledge);
        if (!after) return fix.text + QStringLiteral(" cannot be analysed");
        const Effect effect{after->macs - report.macs, after->latency.value - report.latency.value,
                            after->sram.value - report.sram.value,
                            after->flash.value - report.flash.value};
        return effect == fix.effect ? QString()
                                    : fix.text + QStringLiteral(" does not do what it says");
    }
};

inline Block blockOf(BlockType type, int out, int stride = 1, int repeat = 1, double expand = 1,
                     int kernel = 3, bool se = false)
{
    Block block;
    block.type = type;
    block.out = out;
    block.stride = stride;
    block.repeat = repeat;
    block.expand = expand;
    block.kernel = kernel;
    block.act = Activation::HSwish;
    if (se) block.se = SqueezeExcite{};
    return block;
}

/// Each inner list a stage; ten classes.
inline Network networkOf(int side, const std::vector<std::vector<Block>> &stages)
{
    Network network;
    network.input = {side, side, 3};
    for (std::size_t s = 0; s < stages.size(); ++s) {
        Stage stage;
        stage.name = QStringLiteral("s%1").arg(s + 1);
        stage.blocks = stages[s];
        network.stages.push_back(stage);
    }
    network.head.classes = 10;
    assignIds(network);
    return network;
}

} // namespace atomnet::test
