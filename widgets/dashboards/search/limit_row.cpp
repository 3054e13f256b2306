#include "widgets/dashboards/search/limit_row.h"

#include "widgets/common/figure_font.h"
#include "widgets/common/theme.h"

#include <QCheckBox>
#include <QPainter>
#include <QStyleOptionSlider>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr double mostShown = 1e7; ///< KiB, ms or millions of instructions

} // namespace

MarkedSlider::MarkedSlider(QWidget *parent) : QSlider(Qt::Horizontal, parent)
{
    setRange(0, steps);
    setPageStep(steps / 20);
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, [this] { update(); });
}

void MarkedSlider::setMarks(const std::vector<Mark> &marks)
{
    m_marks = marks;
    update();
}

void MarkedSlider::setFigures(qint64 least, qint64 most)
{
    m_least = std::max<qint64>(1, least);
    m_most = std::max(most, m_least + 1);
    update();
}

qint64 MarkedSlider::figureAt(int position) const
{
    if (position <= 0) return m_least;
    if (position >= steps) return m_most;
    return std::llround(double(m_least) *
                        std::pow(double(m_most) / double(m_least), double(position) / steps));
}

int MarkedSlider::positionOf(qint64 figure) const
{
    if (figure <= m_least) return 0;
    if (figure >= m_most) return steps;
    const double share =
        std::log(double(figure) / double(m_least)) / std::log(double(m_most) / double(m_least));
    return int(std::lround(share * steps));
}

void MarkedSlider::paintEvent(QPaintEvent *event)
{
    QSlider::paintEvent(event);
    QStyleOptionSlider option;
    initStyleOption(&option);
    const QRect groove =
        style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderGroove, this);
    const QRect handle =
        style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, this);
    const int span = groove.width() - handle.width();
    const Theme &theme = ThemeManager::instance().theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    for (const Mark &mark : m_marks) {
        if (mark.value < m_least || mark.value > m_most) continue;
        const double x = groove.left() + handle.width() / 2.0 +
                         QStyle::sliderPositionFromValue(0, steps, positionOf(mark.value), span);
        // The board's limit hangs from above, the design's own figure stands below.
        const double y = mark.own ? height() - 1 : 0, dy = mark.own ? -5 : 5;
        painter.setBrush(mark.own ? theme.accent : theme.limitLine);
        painter.drawPolygon(QPolygonF{{x - 4, y}, {x + 4, y}, {x, y + dy}});
    }
}

LimitRow::LimitRow(Figure figure, QWidget *parent)
    : QObject(parent)
    , m_figure(figure)
    , m_box(new QCheckBox(figureName(figure), parent))
    , m_slider(new MarkedSlider(parent))
    , m_spin(new QDoubleSpinBox(parent))
    , m_toBoard(new QToolButton(parent))
    , m_toPresent(new QToolButton(parent))
{
    const QString name = figureName(figure), id = name.toLower();
    m_box->setObjectName(id + QStringLiteral("Limited"));
    m_box->setToolTip(QStringLiteral("Limit the %1").arg(figure == Figure::Latency ? id : name));
    m_slider->setObjectName(id + QStringLiteral("Slider"));
    m_slider->setAccessibleName(QStringLiteral("%1 limit").arg(name));
    m_slider->setMinimumWidth(60);
    m_slider->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_spin->setObjectName(id + QStringLiteral("Limit"));
    m_spin->setAccessibleName(QStringLiteral("%1 limit").arg(name));
    m_spin->setRange(0, mostShown);
    m_spin->setDecimals(1);
    m_spin->setSpecialValueText(QStringLiteral("none"));
    m_spin->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    m_spin->setKeyboardTracking(false);
    m_spin->setAlignment(Qt::AlignRight);
    m_spin->setFont(figureFont(m_spin->font()));
    m_spin->setFixedWidth(
        m_spin->fontMetrics().horizontalAdvance(QStringLiteral("99999.9 M instr.")) + 4);
    m_toBoard->setText(QStringLiteral("Board"));
    m_toBoard->setObjectName(id + QStringLiteral("AsBoard"));
    m_toBoard->setAccessibleName(QStringLiteral("%1 limit of the board").arg(name));
    m_toPresent->setText(QStringLiteral("Now"));
    m_toPresent->setObjectName(id + QStringLiteral("AsNow"));
    m_toPresent->setAccessibleName(QStringLiteral("%1 of the design as limit").arg(name));
    for (QToolButton *button : {m_toBoard, m_toPresent}) {
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
    }
    m_toBoard->setVisible(figure != Figure::Latency);

    connect(m_box, &QCheckBox::clicked, this, [this](bool on) {
        const qint64 value = m_value > 0 ? m_value : m_slider->figureAt(MarkedSlider::steps);
        setLimit(on ? std::optional(value) : std::nullopt);
        Q_EMIT settled();
    });
    connect(m_slider, &QSlider::valueChanged, this, &LimitRow::slid);
    connect(m_slider, &QSlider::sliderReleased, this, &LimitRow::settled);
    connect(m_spin, &QDoubleSpinBox::valueChanged, this, &LimitRow::typed);
    const auto to = [this](const std::optional<qint64> LimitRow::*value) {
        return [this, value] {
            if (this->*value) setLimit(this->*value);
            Q_EMIT settled();
        };
    };
    connect(m_toBoard, &QToolButton::clicked, this, to(&LimitRow::m_board));
    connect(m_toPresent, &QToolButton::clicked, this, to(&LimitRow::m_present));
    // Until a search tells what the space holds: what microcontrollers have.
    if (figure == Figure::Latency)
        m_slider->setFigures(1'000'000, 1'000'000'000);
    else
        m_slider->setFigures(figure == Figure::Sram ? 16 * 1024 : 64 * 1024,
                             figure == Figure::Sram ? 1024 * 1024 : 4 * 1024 * 1024);
    setUnit(m_unit);
    showMarks();
}

std::optional<qint64> LimitRow::limit() const
{
    return m_on ? std::optional(m_value) : std::nullopt;
}

void LimitRow::setLimit(std::optional<qint64> limit)
{
    if (limit == this->limit()) return show();
    m_on = limit.has_value();
    if (limit) m_value = std::max<qint64>(0, *limit);
    show();
    Q_EMIT changed();
}

void LimitRow::setUnit(TimeUnit unit)
{
    m_unit = unit;
    const QString latency =
        unit == TimeUnit::Nanoseconds ? QStringLiteral(" ms") : QStringLiteral(" M instr.");
    m_spin->setSuffix(m_figure == Figure::Latency ? latency : QStringLiteral(" KiB"));
    showMarks();
    show();
}

void LimitRow::setRange(Searcher::Range range)
{
    m_slider->setFigures(range.least, range.most);
    if (m_value == 0) m_value = range.most;
    show();
}

void LimitRow::setBoard(std::optional<qint64> value)
{
    m_board = value;
    showMarks();
}

void LimitRow::setPresent(std::optional<qint64> value)
{
    m_present = value;
    if (m_value == 0 && value) m_value = *value;
    showMarks();
}

std::vector<QWidget *> LimitRow::widgets() const
{
    return {m_box, m_slider, m_spin, m_toPresent, m_toBoard};
}

double LimitRow::unitSize() const
{
    return m_figure == Figure::Latency ? 1e6 : 1024;
}

void LimitRow::show()
{
    m_showing = true;
    m_box->setChecked(m_on);
    m_slider->setValue(m_on ? m_slider->positionOf(m_value) : MarkedSlider::steps);
    // Upwards: what the field shows is never less than the limit.
    const double shown = std::ceil(double(m_value) / unitSize() * 10 - 1e-9) / 10;
    m_spin->setValue(m_on ? std::max(0.1, shown) : 0);
    m_spin->setToolTip(m_on ? exactText(m_figure, m_value, m_unit) : QStringLiteral("No limit"));
    m_showing = false;
}

void LimitRow::slid(int position)
{
    if (m_showing) return;
    setLimit(m_slider->figureAt(position));
    if (!m_slider->isSliderDown()) Q_EMIT settled();
}

void LimitRow::typed(double value)
{
    if (m_showing) return;
    setLimit(value > 0 ? std::optional<qint64>(std::llround(value * unitSize())) : std::nullopt);
    Q_EMIT settled();
}

void LimitRow::showMarks()
{
    std::vector<MarkedSlider::Mark> marks;
    QStringList tip{
        QStringLiteral("At most so much %1; only networks within count").arg(figureName(m_figure))};
    if (m_board) {
        marks.push_back({*m_board, false});
        tip << QStringLiteral("\u25bc %1: the board's").arg(figureText(m_figure, *m_board, m_unit));
    }
    if (m_present) {
        marks.push_back({*m_present, true});
        tip << QStringLiteral("\u25b2 %1: your design")
                   .arg(figureText(m_figure, *m_present, m_unit));
    }
    m_slider->setMarks(marks);
    m_slider->setToolTip(tip.join(QLatin1Char('\n')));
    m_toBoard->setEnabled(m_board.has_value());
    m_toBoard->setToolTip(m_board ? QStringLiteral("As much as the board has free: %1")
                                        .arg(figureText(m_figure, *m_board, m_unit))
                                  : QStringLiteral("This board has no limit"));
    m_toPresent->setEnabled(m_present.has_value());
    m_toPresent->setToolTip(m_present ? QStringLiteral("As much as your design needs now: %1")
                                            .arg(figureText(m_figure, *m_present, m_unit))
                                      : QStringLiteral("Your design has no figure"));
}

} // namespace atomnet
