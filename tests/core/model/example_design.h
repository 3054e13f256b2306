#pragma once

#include <QByteArray>

// Design text for the tests of reading and writing.
namespace atomnet::test
{

/// A design in canonical form that has every key.
inline constexpr char fullDesign[] = R"({"format":"atomnet-design","version":1,"name":"Example",
 "input":{"height":160,"width":96,"channels":3},
 "stages":[{"name":"stem","blocks":[{"type":"conv","out":24,"kernel":3,"stride":2,"act":"relu"}]},
  {"name":"s1","blocks":[{"type":"sep","out":24,"kernel":5,"stride":1,"act":"hswish"},
    {"type":"convnext","out":64,"kernel":3,"stride":2,"expand":1.5,"act":"hswish","se":{"reduction":4,"act":"relu","gate":"hsigmoid"},"repeat":2}]},
  {"name":"s2","blocks":[{"type":"mbconv","out":64,"kernel":7,"stride":1,"expand":6,"act":"none","se":{"channels":20,"act":"relu6","gate":"hsigmoid"}}]},
  {"name":"empty","blocks":[]}],
 "head":{"conv":{"out":96,"act":"hswish"},"pool":"avg","hidden":{"out":64,"act":"relu"},"classes":10}}
)";

/// A design whose one block is this JSON; the block begins at 4:1.
inline QByteArray withBlock(const QByteArray &block)
{
    return "{\"format\":\"atomnet-design\",\"version\":1,\"name\":\"\",\n"
           "\"input\":{\"height\":8,\"width\":8,\"channels\":3},\n"
           "\"stages\":[{\"name\":\"s\",\"blocks\":[\n" +
           block + "]}],\n\"head\":{\"classes\":2}}\n";
}

/// An object with these members behind format and version; the members begin at 2:1.
inline QByteArray withMembers(const QByteArray &members)
{
    return "{\"format\":\"atomnet-design\",\"version\":1,\n" + members + "}";
}

} // namespace atomnet::test
