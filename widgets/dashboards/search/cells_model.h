#pragma once

#include <QAbstractTableModel>

#include <vector>

namespace atomnet
{

/// A table of texts, made anew by its owner whenever figures change. Keeps selections when only
/// texts differ.
class CellsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    struct Cell {
        QString text = QString(), tip = QString();
        bool figure = false; ///< right aligned
        bool strong = false, muted = false;
        bool operator==(const Cell &) const = default;
    };
    using Row = std::vector<Cell>;

    using QAbstractTableModel::QAbstractTableModel;
    void set(const std::vector<Cell> &header, std::vector<Row> rows);
    [[nodiscard]] QString text(int row, int column) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] const Cell *cell(int row, int column) const;
    std::vector<Cell> m_header;
    std::vector<Row> m_rows;
};

} // namespace atomnet
