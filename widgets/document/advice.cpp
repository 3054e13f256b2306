#include "widgets/document/advice.h"

namespace atomnet
{

FindingPlace placeOf(const Advice &advice, const LintFinding &finding)
{
    if (finding.block) return {finding.block, {}, false};
    const int stages = int(advice.network.stages.size());
    if (finding.stage == stages) return {{}, {}, true};
    if (finding.stage < 0 || finding.stage > stages) return {};
    return {{}, advice.network.stages[std::size_t(finding.stage)].id, false};
}

std::vector<int> findingsOf(const Advice &advice, const FindingPlace &place)
{
    std::vector<int> found;
    for (std::size_t i = 0; i < advice.findings.size(); ++i)
        if (placeOf(advice, advice.findings[i]) == place) found.push_back(int(i));
    return found;
}

} // namespace atomnet
