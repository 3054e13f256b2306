#include "widgets/inspectors/advice_panel.h"

#include "core/base/format.h"
#include "widgets/document/document.h"
#include "widgets/inspectors/advice_text.h"
#include "widgets/inspectors/field.h"
#include "widgets/inspectors/figures_text.h"
#include "widgets/inspectors/finding_card.h"
#include "widgets/inspectors/finding_row.h"
#include "widgets/inspectors/fix_button.h"

#include <QApplication>
#include <QVBoxLayout>

#include <algorithm>

namespace atomnet
{

AdvicePanel::AdvicePanel(Document &document, QWidget *parent)
    : QWidget(parent), m_document(document)
{
    setAccessibleName(QStringLiteral("Advice"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    connect(&document.selection(), &Selection::changed, this, [this] {
        if (!m_stepping) m_current = -1;
        rebuild();
    });
    rebuild();
}

AdvicePanel::~AdvicePanel()
{
    m_waiting = nullptr;
    forget();
    lookAway();
}

void AdvicePanel::setAdvice(const AdvicePtr &advice)
{
    if (m_advice == advice) return;
    const bool sameDesign = m_advice && advice && m_advice->network == advice->network;
    m_waiting = nullptr;
    if (m_previewing && sameDesign) {
        m_waiting = advice; // what is looked at stays under the pointer
        return;
    }
    m_advice = advice;
    if (!sameDesign) m_current = -1;
    rebuild();
}

bool AdvicePanel::valid() const
{
    return m_advice && m_advice->network == m_document.network();
}

std::vector<FindingPlace> AdvicePanel::selectedPlaces() const
{
    const Selection &selection = m_document.selection();
    std::vector<FindingPlace> places;
    for (const BlockId block : selection.blocks())
        places.push_back({block, {}, false});
    if (selection.headSelected()) places.push_back({{}, {}, true});
    if (selection.stage()) places.push_back({{}, selection.stage(), false});
    return places;
}

void AdvicePanel::rebuild()
{
    // Who walks with the keyboard goes on from here, though the buttons are new ones.
    const bool focused = m_content && m_content->isAncestorOf(QApplication::focusWidget());
    lookAway();
    setUpdatesEnabled(false);
    forget();
    m_content = new QWidget(this);
    auto *column = new QVBoxLayout(m_content);
    column->setSpacing(6);
    addPeak(*column);
    addFindings(*column);
    layout()->addWidget(m_content);
    m_content->show();
    showCurrent();
    setUpdatesEnabled(true);
    if (!focused) return;
    for (const FindingCard *card : m_cards) {
        if (card->fixes().empty()) continue;
        card->fixes().front()->setFocus(Qt::OtherFocusReason);
        return;
    }
    setFocus(Qt::OtherFocusReason);
}

void AdvicePanel::forget()
{
    for (FindingCard *card : m_cards)
        card->disconnect(this);
    for (FixButton *button : m_peakFixes)
        button->disconnect(this);
    m_cards.clear();
    m_shown.clear();
    m_peakFixes.clear();
    m_peak = nullptr;
    if (!m_content) return;
    layout()->removeWidget(m_content);
    m_content->hide();
    m_content->deleteLater(); // a click on one of its buttons may have led here
}

void AdvicePanel::addPeak(QVBoxLayout &column)
{
    if (!m_document.selection().isEmpty() || !m_advice || m_advice->peak.layer < 0) return;
    const PeakExplanation &peak = m_advice->peak;
    QLabel *heading = makeHeading(
        QStringLiteral("Lower the SRAM peak of %1").arg(formatKib(peak.bytes)), m_content);
    m_peak = heading;
    column.addWidget(heading);
    QStringList alive;
    for (const PeakTensor &tensor : peak.tensors) {
        if (tensor.bytes == 0) continue; // an output that lies over its input
        const QString name = tensor.name.isEmpty()
                                 ? tensor.part
                                 : QStringLiteral("%1 (%2)").arg(tensor.name, tensor.part);
        alive << QStringLiteral("%1 %2").arg(name, formatKib(tensor.bytes));
    }
    auto *note = new NoteLabel(m_content);
    note->setAccessibleName(QStringLiteral("What the peak is made of"));
    note->setNote(QStringLiteral("While %1 runs: %2.")
                      .arg(peak.layerName, alive.join(QStringLiteral(" + "))));
    column.addWidget(note);
    if (peak.fixes.empty()) {
        auto *none = new NoteLabel(m_content);
        none->setNote(QStringLiteral("No single edit lowers it."));
        column.addWidget(none);
    }
    for (std::size_t i = 0; i < peak.fixes.size(); ++i) {
        FixButton *button = makeFixButton(peak.fixes[i], m_advice->report->unit, m_content);
        column.addWidget(button);
        m_peakFixes.push_back(button);
        const auto fix = [this, i] { return m_advice->peak.fixes[i]; };
        connect(button, &FixButton::looked, this, [this, fix] { look(fix()); });
        connect(button, &FixButton::left, this, &AdvicePanel::lookAway);
        connect(button, &FixButton::clicked, this, [this, fix] { choose(fix()); });
    }
    column.addSpacing(4);
}

void AdvicePanel::addFindings(QVBoxLayout &column)
{
    column.addWidget(makeHeading(QStringLiteral("Advice"), m_content));
    auto *note = new NoteLabel(m_content);
    column.addWidget(note);
    if (!m_advice) {
        note->setNote(QStringLiteral("None yet."));
        return;
    }
    const std::vector<FindingPlace> places = selectedPlaces();
    if (m_document.selection().isEmpty()) {
        std::vector<int> others;
        for (int i = 0; i < int(m_advice->findings.size()); ++i) {
            if (placeOf(*m_advice, m_advice->findings[std::size_t(i)]) == FindingPlace{})
                addCard(column, i, {});
            else
                others.push_back(i);
        }
        addRows(column, others, QStringLiteral("On stages and blocks, F8 walks through:"));
        if (m_advice->findings.empty())
            note->setNote(QStringLiteral("Nothing speaks against this design."));
        return;
    }
    for (const FindingPlace &place : places)
        for (const int i : findingsOf(*m_advice, place))
            addCard(column, i, places.size() > 1 ? placeText(m_advice->network, place) : QString());
    if (const int stage = findStage(m_advice->network, m_document.selection().stage());
        stage >= 0) {
        std::vector<int> inside;
        for (const Block &block : m_advice->network.stages[std::size_t(stage)].blocks)
            for (const int i : findingsOf(*m_advice, {block.id, {}, false}))
                inside.push_back(i);
        addRows(column, inside, QStringLiteral("On its blocks:"));
    }
    if (column.count() == 2) note->setNote(QStringLiteral("Nothing speaks against it."));
}

void AdvicePanel::addCard(QVBoxLayout &column, int finding, const QString &place)
{
    const LintFinding &shown = m_advice->findings[std::size_t(finding)];
    auto *card = new FindingCard(shown, place, m_advice->report->unit, m_content);
    column.addWidget(card);
    m_cards.push_back(card);
    m_shown.push_back(finding);
    const auto fix = [this, finding](int i) {
        return m_advice->findings[std::size_t(finding)].fixes[std::size_t(i)];
    };
    connect(card, &FindingCard::fixLooked, this, [this, fix](int i) { look(fix(i)); });
    connect(card, &FindingCard::fixLeft, this, &AdvicePanel::lookAway);
    connect(card, &FindingCard::fixChosen, this, [this, fix](int i) { choose(fix(i)); });
}

void AdvicePanel::addRows(QVBoxLayout &column, const std::vector<int> &findings,
                          const QString &title)
{
    if (findings.empty()) return;
    auto *heading = new NoteLabel(m_content);
    heading->setNote(title);
    column.addWidget(heading);
    auto *rows = new QVBoxLayout;
    rows->setSpacing(0);
    for (const int i : findings) {
        const LintFinding &finding = m_advice->findings[std::size_t(i)];
        auto *row = new FindingRow(
            finding, placeText(m_advice->network, placeOf(*m_advice, finding)), m_content);
        rows->addWidget(row);
        connect(row, &FindingRow::clicked, this, [this, i] { go(i); });
    }
    column.addLayout(rows);
}

void AdvicePanel::showCurrent()
{
    for (std::size_t c = 0; c < m_cards.size(); ++c)
        m_cards[c]->setCurrent(m_shown[c] == m_current);
}

void AdvicePanel::go(int finding)
{
    if (!m_advice || finding >= int(m_advice->findings.size())) return;
    const FindingPlace place = placeOf(*m_advice, m_advice->findings[std::size_t(finding)]);
    m_current = finding;
    m_stepping = true;
    Selection &selection = m_document.selection();
    if (place.block)
        selection.setBlocks({place.block});
    else if (place.stage)
        selection.selectStage(place.stage);
    else if (place.head)
        selection.selectHead();
    else
        selection.clear();
    m_stepping = false;
    showCurrent();
    for (FindingCard *card : m_cards)
        if (card->isCurrent()) Q_EMIT revealWanted(card);
}

bool AdvicePanel::step(int direction)
{
    if (!m_advice || m_advice->findings.empty()) return false;
    const int count = int(m_advice->findings.size());
    int next = m_current + direction;
    if (m_current < 0) {
        // From what is selected on, else from the beginning or the end.
        next = direction > 0 ? 0 : count - 1;
        if (!m_shown.empty() && !m_document.selection().isEmpty())
            next = direction > 0 ? m_shown.front() : m_shown.back();
    }
    go((next + count) % count);
    return true;
}

bool AdvicePanel::applyFirst()
{
    if (!valid()) return false;
    if (m_current >= 0) {
        const auto &fixes = m_advice->findings[std::size_t(m_current)].fixes;
        if (!fixes.empty()) return choose(fixes.front());
        return false;
    }
    for (const int i : m_shown) {
        const auto &fixes = m_advice->findings[std::size_t(i)].fixes;
        if (!fixes.empty()) return choose(fixes.front());
    }
    return false;
}

void AdvicePanel::reveal()
{
    if (!m_cards.empty()) Q_EMIT revealWanted(m_cards.front());
}

void AdvicePanel::showPeak()
{
    m_current = -1;
    m_document.selection().clear();
    showCurrent();
    if (m_peak) Q_EMIT revealWanted(m_peak);
    if (!m_peakFixes.empty()) m_peakFixes.front()->setFocus(Qt::OtherFocusReason);
}

void AdvicePanel::look(const QuickFix &fix)
{
    if (!valid()) return; // new ones are on their way
    if (m_document.previewAll(fix.edits)) m_previewing = true;
}

void AdvicePanel::lookAway()
{
    if (!std::exchange(m_previewing, false)) return;
    m_document.endPreview();
    if (m_waiting) setAdvice(std::exchange(m_waiting, nullptr));
}

bool AdvicePanel::choose(const QuickFix &fix)
{
    if (!valid()) return false;
    m_previewing = false; // the edit ends it
    m_waiting = nullptr;
    const QuickFix chosen = fix;
    return m_document.editAll(chosen.edits, chosen.text).has_value();
}

} // namespace atomnet
