#pragma once

#include "widgets/document/explorer_service.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace atomnet
{

class SamplesView;

/// The operator that was clicked: its figures, its samples and what to do with it.
class DetailPanel : public QWidget
{
    Q_OBJECT
public:
    explicit DetailPanel(QWidget *parent = nullptr);
    /// Its first line is the heading.
    void setText(const QStringList &lines);
    /// None: they are being read, or there are none.
    void setSamples(const std::optional<KeySamples> &samples, SampleUnit unit);
    void setInDesign(bool possible);
    [[nodiscard]] const SamplesView &samplesView() const { return *m_samples; }
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void selectInDesignWanted();
    void closeWanted();

private:
    QLabel *m_title, *m_text, *m_summary;
    SamplesView *m_samples;
    QPushButton *m_select;
};

} // namespace atomnet
