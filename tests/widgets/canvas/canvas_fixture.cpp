#include "tests/widgets/canvas/canvas_fixture.h"

#include <QApplication>
#include <QMouseEvent>
#include <QTest>

namespace atomnet
{

CanvasFixture::CanvasFixture(const Network &network)
{
    document.setNew(network);
    view = std::make_unique<CanvasView>(document);
    view->resize(1000, 600);
    view->show();
    (void)QTest::qWaitForWindowExposed(view.get());
    view->zoomReset();
    view->setFocus();
    messages = std::make_unique<QSignalSpy>(view.get(), &CanvasView::message);
}

QPoint CanvasFixture::card(std::size_t s, std::size_t b) const
{
    return at(view->canvas().layout().stages[s].cards[b].center());
}

QPoint CanvasFixture::header(std::size_t s) const
{
    return at(view->canvas().layout().stages[s].header.center());
}

QPoint CanvasFixture::gap(std::size_t s, std::size_t b) const
{
    const CanvasLayout &layout = view->canvas().layout();
    return at(insertionMark(layout, {DropPlace::Kind::InStage, int(s), int(b)}).center());
}

QPoint CanvasFixture::betweenStages(std::size_t s) const
{
    const CanvasLayout &layout = view->canvas().layout();
    return at(insertionMark(layout, {DropPlace::Kind::NewStage, int(s), 0}).center());
}

void CanvasFixture::press(QPoint point, Qt::KeyboardModifiers modifiers, Qt::MouseButton button)
{
    QTest::mousePress(view->viewport(), button, modifiers, point);
}

void CanvasFixture::moveTo(QPoint point, Qt::KeyboardModifiers modifiers)
{
    // QTest::mouseMove() cannot hold a modifier.
    QMouseEvent event(QEvent::MouseMove, point, view->viewport()->mapToGlobal(point), Qt::NoButton,
                      Qt::LeftButton, modifiers);
    QApplication::sendEvent(view->viewport(), &event);
}

void CanvasFixture::release(QPoint point, Qt::KeyboardModifiers modifiers, Qt::MouseButton button)
{
    QTest::mouseRelease(view->viewport(), button, modifiers, point);
}

void CanvasFixture::drag(QPoint from, QPoint to, Qt::KeyboardModifiers modifiers)
{
    press(from, modifiers);
    constexpr int steps = 8;
    for (int i = 1; i <= steps; ++i)
        moveTo(from + (to - from) * i / steps, modifiers);
    release(to, modifiers);
}

void CanvasFixture::click(QPoint point, Qt::KeyboardModifiers modifiers)
{
    QTest::mouseClick(view->viewport(), Qt::LeftButton, modifiers, point);
}

} // namespace atomnet
