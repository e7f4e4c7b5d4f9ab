#include "formatted.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crdt/utf8.h"
#include "engine.h"
#include "histories.h"
#include "tests/oracle/describe.h"

namespace geflecht::crdt {
namespace {

std::vector<oracle::Span> OracleSpans(const std::vector<Change>& changes) {
  oracle::Document document(HistorySchema());
  for (const Change& change : changes) document.Apply(change);
  EXPECT_TRUE(document.voids().empty());
  return document.reader().Spans(*document.state().Find("/notes"));
}

std::map<ChangeId, std::string> OracleVoids(const std::vector<Change>& changes) {
  oracle::Document document(HistorySchema());
  for (const Change& change : changes) document.Apply(change);
  return document.voids();
}

std::string OracleText(const std::vector<Change>& changes) {
  oracle::Document document(HistorySchema());
  for (const Change& change : changes) document.Apply(change);
  return EncodeUtf8(oracle::Texts(document).at("/notes"));
}

std::vector<oracle::Span> SpansOfEngine(const std::vector<Change>& changes) {
  Document document(HistorySchema(), HistoryAgent(99));
  for (const Change& change : changes) document.Apply(change);
  EXPECT_TRUE(document.Voids().empty());
  return EngineSpans(document, "/notes");
}

std::map<ChangeId, std::string> EngineVoids(const std::vector<Change>& changes) {
  Document document(HistorySchema(), HistoryAgent(99));
  for (const Change& change : changes) document.Apply(change);
  std::map<ChangeId, std::string> out;
  for (const Document::Void& one : document.Voids()) out.emplace(one.change, one.reason);
  return out;
}

std::string EngineText(const std::vector<Change>& changes) {
  Document document(HistorySchema(), HistoryAgent(99));
  for (const Change& change : changes) document.Apply(change);
  return *document.Text("/notes");
}

std::string Attributes(const std::map<std::string, Value>& values, char separator) {
  std::string out;
  for (const auto& [key, value] : values) {
    if (!out.empty()) out.push_back(separator);
    out += key;
    if (const auto* text = std::get_if<std::string>(&value)) out += "=" + *text;
    if (const auto* number = std::get_if<std::int64_t>(&value))
      out += "=" + std::to_string(*number);
  }
  return out;
}

std::string Line(const std::vector<oracle::Span>& spans) {
  std::string out, marks;
  for (const oracle::Span& span : spans) {
    const std::string now = Attributes(span.marks, ',');
    if (span.block) {
      out += "{" + (now.empty() ? "" : now + " ") + Attributes(*span.block, ' ') + "}";
      continue;
    }
    if (now != marks) out += "[" + now + "]";
    marks = now;
    out += EncodeUtf8(span.text);
  }
  return out;
}

}  // namespace

ChangeId Script::Do(std::uint64_t number, std::vector<ChangeId> parents, std::vector<Edit> edits) {
  Change change{{}, HistoryAgent(number), std::move(parents), std::move(edits)};
  change.id.bytes[31] = static_cast<std::uint8_t>(changes_.size() + 1);
  std::sort(change.parents.begin(), change.parents.end());
  changes_.push_back(change);
  return change.id;
}

std::vector<Formatter> Formatters() { return {{"oracle", OracleSpans}, {"engine", SpansOfEngine}}; }

std::vector<Judge> Judges() {
  return {{"oracle", OracleVoids, OracleText}, {"engine", EngineVoids, EngineText}};
}

std::string Formatted(const Formatter& formatter, std::vector<Change> changes) {
  const std::string out = Line(formatter.spans(changes));
  std::reverse(changes.begin() + 1, changes.end());
  EXPECT_EQ(Line(formatter.spans(changes)), out);
  return out;
}

}  // namespace geflecht::crdt
