#include "widgets/dashboards/search/cells_model.h"

#include "widgets/common/theme.h"

#include <QFont>

namespace atomnet
{

void CellsModel::set(const std::vector<Cell> &header, std::vector<Row> rows)
{
    if (header == m_header && rows.size() == m_rows.size()) {
        m_rows = std::move(rows);
        if (!m_rows.empty() && !m_header.empty())
            Q_EMIT dataChanged(index(0, 0),
                               index(int(m_rows.size()) - 1, int(m_header.size()) - 1));
        return;
    }
    beginResetModel();
    m_header = header;
    m_rows = std::move(rows);
    endResetModel();
}

const CellsModel::Cell *CellsModel::cell(int row, int column) const
{
    if (row < 0 || std::size_t(row) >= m_rows.size()) return nullptr;
    const Row &cells = m_rows[std::size_t(row)];
    return column >= 0 && std::size_t(column) < cells.size() ? &cells[std::size_t(column)]
                                                             : nullptr;
}

QString CellsModel::text(int row, int column) const
{
    const Cell *found = cell(row, column);
    return found ? found->text : QString();
}

int CellsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int CellsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_header.size());
}

QVariant CellsModel::data(const QModelIndex &index, int role) const
{
    const Cell *found = cell(index.row(), index.column());
    if (!found) return {};
    switch (role) {
    case Qt::DisplayRole:
        return found->text;
    case Qt::ToolTipRole:
        return found->tip.isEmpty() ? found->text : found->tip;
    case Qt::TextAlignmentRole:
        return int((found->figure ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::FontRole: {
        if (!found->strong) return {};
        QFont bold;
        bold.setBold(true);
        return bold;
    }
    case Qt::ForegroundRole:
        return found->muted ? QVariant(ThemeManager::instance().theme().mutedText) : QVariant();
    default:
        return {};
    }
}

QVariant CellsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || std::size_t(section) >= m_header.size())
        return {};
    const Cell &found = m_header[std::size_t(section)];
    if (role == Qt::DisplayRole) return found.text;
    if (role == Qt::ToolTipRole && !found.tip.isEmpty()) return found.tip;
    if (role == Qt::TextAlignmentRole)
        return int((found.figure ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

} // namespace atomnet
