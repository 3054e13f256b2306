#pragma once

// Input of the header check's own test: wrong on purpose, QString is not included.
inline int sizeOf(const QString &text);
