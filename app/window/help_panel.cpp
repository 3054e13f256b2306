#include "app/window/help_panel.h"

#include <QCoreApplication>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace atomnet
{

namespace
{

struct Topic {
    const char *part; ///< object name of the part of the window
    const char *title;
    const char *text;
};

constexpr Topic topics[] = {
    {"canvas", "Canvas",
     "The network from left to right, a column a stage. Each card is a block; its bars show SRAM, "
     "Flash and latency "
     "against the most expensive block. Drag blocks from the palette or between stages: the charts "
     "already show the "
     "outcome before you drop. Click selects, Ctrl+click adds, a frame selects many. A padlock at the "
     "lower right of a card, in a stage's header or on the input keeps that part in searches; "
     "editing goes on as before. A mark at the lower left counts what speaks against the block: a "
     "triangle where the design does not fit because of it, a diamond for advice, a circle for a "
     "note; click it to read on."},
    {"palette", "Palette",
     "Blocks to drag into a stage, or Enter to insert behind the selection: Conv is a plain "
     "convolution, SEP a "
     "depthwise and a pointwise convolution, ConvNeXt and MBConv expand inside. The presets are "
     "the eight published "
     "AtomNets; one of them replaces the design as one undo step."},
    {"inspector", "Inspector",
     "Edits what is selected. With several blocks, values that differ read \"mixed\"; setting one "
     "sets all of them. "
     "A whole drag of the slider is one undo step. An edit that cannot be is refused with the "
     "reason at the field. Below stands the advice on what is selected, or on the whole design when "
     "nothing is: what, why, and quick fixes with their effect. Point at a fix and the charts show "
     "its outcome; click it and it is done, as one undo step. With nothing selected it also says "
     "what the SRAM peak is made of and which edits lower it."},
    {"guidelines", "Guidelines",
     "The paper's guidelines and rankings, computed from the AtomDB at hand for this board and "
     "runtime: each with whether it holds here, the number, and the measurements as a chart."},
    {"layers", "Layers table",
     "Every operator the runtime executes. Click a header to sort, type words to filter, Ctrl+C "
     "copies the rows as "
     "text for a spreadsheet. A selected row selects its block on the canvas and its bar in the "
     "charts."},
    {"atomdb", "AtomDB",
     "The database of measured operators. Import the authors' CSV files or an export: the report "
     "says what happened "
     "with each line. Measured latencies replace estimates at once."},
    {"explorer", "Explorer",
     "AtomDB as a place to look: every operator as a point over two figures, the median of a third "
     "as a heat map, the roofline, what a search space lacks, predictions beside measurements, two "
     "boards or runtimes side by side. Drag or arrows pan, the wheel or + and - zoom (Shift along "
     "x, Ctrl along y), a drag with the right button zooms into a box, 0 shows all. Hovering tells "
     "the exact figures, clicking shows all samples of the operator. Filter takes kinds, kernels, "
     "channels and map sizes away."},
    {"sram", "SRAM per layer",
     "What must be in SRAM while each layer runs: input, output, shortcut tensors held for later, "
     "padding, scratch. "
     "The line is the board's limit, the band what you reserved."},
    {"flash", "Flash",
     "Weights as they accumulate over the layers, runtime code included, against the board's "
     "limit."},
    {"latency", "Latency per layer",
     "Solid bars are measured, hatched ones estimated, outlined ones have no figure at all. The "
     "whiskers are the "
     "interval."},
    {"arena", "Arena timeline",
     "When each tensor is alive, layer by layer; where the bars pile up highest is the SRAM peak."},
    {"board", "Board",
     "Boards that are connected, and the virtual ones. Choose one, then Measure missing: the "
     "operators that this design lacks are run on it, and the charts turn from estimated to "
     "measured as results arrive. The design must be for this board and for AtomNet 1. An "
     "unplugged board is waited for; what was measured stays. No board at hand? qemu-m7 is always "
     "there once QEMU is installed; the Board menu unplugs it, to see how that goes."},
    {"measured", "Measured against predicted",
     "Each measured layer beside what the model says of it without its own samples: bars are "
     "measured, ticks and grey boxes predicted. Amber bars lie outside of what was predicted. Run "
     "Whole network to compare the sum with the network in one go."},
    {"search", "Search",
     "Finds the network with the most MACs, or the largest weighted sum of figures, that a search "
     "space holds within your limits, and proves that none is better. Set the limits (the red mark "
     "is the board's, the blue one your design's), lock on the canvas what you want to keep, and "
     "press Search; from then on the answer follows every change. Open on canvas takes the result "
     "over as one undo step. The share that is measured says how sure its latency is: Measure "
     "estimated sends the missing operators to the board, and the search starts again as they "
     "arrive. In the Pareto front each dot is a network that no other beats in MACs, latency, SRAM "
     "and Flash at once; click one to compare it, left and right walk along its edge. Evolution, "
     "under the method, searches by your own table or command of accuracies."},
    {"target", "Board and runtime",
     "Everything is computed for this board and this inference library. Reserve keeps SRAM and "
     "Flash free for the rest "
     "of your application."},
};

constexpr char keys[] =
    "<h3>Keys on the canvas</h3><table cellpadding='2'>"
    "<tr><td>Arrows</td><td>move the selection</td></tr>"
    "<tr><td>Alt+Arrows</td><td>move the selected blocks</td></tr>"
    "<tr><td>+ and -</td><td>width by 8 channels</td></tr>"
    "<tr><td>1 3 5 7</td><td>kernel size</td></tr>"
    "<tr><td>E</td><td>expansion</td></tr><tr><td>S</td><td>squeeze-excite on or off</td></tr>"
    "<tr><td>D</td><td>duplicate</td></tr><tr><td>Del</td><td>remove</td></tr>"
    "<tr><td>L</td><td>padlock: searches keep it</td></tr>"
    "<tr><td>F</td><td>fit the design into the view</td></tr>"
    "<tr><td>Esc</td><td>clear the selection</td></tr></table>"
    "<h3>Keys everywhere</h3><table cellpadding='2'>"
    "<tr><td>Ctrl+K</td><td>any command by name</td></tr>"
    "<tr><td>Ctrl+1 to Ctrl+7</td><td>charts, layers table, AtomDB, quantisation</td></tr>"
    "<tr><td>Ctrl+8, Ctrl+9</td><td>board, measured against predicted</td></tr>"
    "<tr><td>Ctrl+M, Ctrl+Shift+M</td><td>measure what is missing, or the whole design</td></tr>"
    "<tr><td>F8, Shift+F8</td><td>next or previous finding</td></tr>"
    "<tr><td>Alt+Enter</td><td>apply the first quick fix of the finding</td></tr>"
    "<tr><td>Ctrl+.</td><td>stop measuring</td></tr>"
    "<tr><td>Ctrl+Shift+P, Ctrl+Shift+I</td><td>palette, inspector</td></tr>"
    "<tr><td>Ctrl+0</td><td>search</td></tr>"
    "<tr><td>Ctrl+Shift+C</td><td>canvas</td></tr>"
    "<tr><td>Ctrl+Z, Ctrl+Shift+Z</td><td>undo, redo</td></tr>"
    "<tr><td>Ctrl+N, O, S</td><td>new, open, save</td></tr>"
    "<tr><td>F1</td><td>help on what has the focus</td></tr></table>";

} // namespace

HelpPanel::HelpPanel(QWidget *parent) : QWidget(parent), m_text(new QTextBrowser(this))
{
    m_text->setAccessibleName(QStringLiteral("Help"));
    m_text->setFrameShape(QFrame::NoFrame);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_text);
    showFor(nullptr);
}

void HelpPanel::showFor(const QWidget *focused)
{
    const Topic *found = &topics[0];
    const auto topicOf = [](const QWidget *widget) -> const Topic * {
        for (const Topic &topic : topics)
            if (widget->objectName() == QLatin1String(topic.part)) return &topic;
        return nullptr;
    };
    for (const QWidget *widget = focused; widget; widget = widget->parentWidget())
        if (const Topic *topic = topicOf(widget)) {
            found = topic;
            break;
        }
    m_topic = QString::fromLatin1(found->title);
    m_text->setHtml(QStringLiteral("<h3>%1</h3><p>%2</p>%3")
                        .arg(m_topic, QString::fromLatin1(found->text), QString::fromLatin1(keys)));
}

void HelpPanel::showAbout()
{
    m_topic = QStringLiteral("About");
    m_text->setHtml(
        QStringLiteral("<h3>AtomNet Designer %1</h3><p>Designs convolutional networks for "
                       "microcontrollers and shows what they cost in SRAM, Flash and time, from "
                       "real measurements.</p><p>Licence: GPL-3.0-or-later; what is exported is "
                       "yours.</p>")
            .arg(QCoreApplication::applicationVersion()));
}

} // namespace atomnet
