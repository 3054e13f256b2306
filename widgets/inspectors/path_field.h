#pragma once

#include <QWidget>

class QLineEdit;

namespace atomnet
{

/// A file or folder to type, drop or choose.
class PathField : public QWidget
{
    Q_OBJECT
public:
    enum class Kind : quint8 {
        OpenFile,     ///< a file that is there
        OpenAny,      ///< a file or a folder that is there
        SaveFile,     ///< a file to write
        CreateFolder, ///< a folder to make
    };
    PathField(const QString &name, Kind kind, const QString &filter, QWidget *parent = nullptr);

    [[nodiscard]] QString path() const;
    void setPath(const QString &path);
    void setKind(Kind kind, const QString &filter);
    void setPlaceholder(const QString &text);

Q_SIGNALS:
    void changed();

private:
    void choose(bool folder);
    void makeButtons();
    QString m_name, m_filter;
    Kind m_kind;
    QLineEdit *m_edit;
    QWidget *m_buttons = nullptr;
};

} // namespace atomnet
