#pragma once

#include "core/device/flashing/doctor.h"

#include <QTextBrowser>

namespace atomnet
{

/// What the connection doctor found, in its order, with what to do. Text to select and copy.
class FindingsView : public QTextBrowser
{
    Q_OBJECT
public:
    explicit FindingsView(QWidget *parent = nullptr);
    void setFindings(const std::vector<Finding> &findings);

private:
    void fill();
    std::vector<Finding> m_findings;
    bool m_asked = false;
};

} // namespace atomnet
