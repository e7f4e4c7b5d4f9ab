// Changes of a text that consists of lines, each of which a strict reader has to answer.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace geflecht {

struct EditedText {
  std::string what;
  std::string text;
};

inline std::vector<std::string> CutIntoLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.emplace_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

inline std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

// Lines left out, doubled, exchanged, changed at the front and at the end; a few of many.
inline std::vector<EditedText> CoarseEdits(const std::string& text) {
  std::vector<EditedText> edits;
  const std::vector<std::string> lines = CutIntoLines(text);
  const std::size_t step = lines.size() / 20 + 1;
  for (std::size_t i = 0; i < lines.size(); i += step) {
    const std::string at = std::to_string(i + 1);
    const auto with = [&](const std::string& what, std::vector<std::string> changed) {
      edits.push_back({at + " " + what, Joined(changed)});
    };
    std::vector<std::string> changed = lines;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    with("left out", changed);
    changed = lines;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    with("twice", changed);
    if (i + 1 < lines.size() && lines[i] != lines[i + 1]) {
      changed = lines;
      std::swap(changed[i], changed[i + 1]);
      with("exchanged", changed);
    }
    if (lines[i].size() < 2) continue;
    changed = lines;
    char& last = changed[i][lines[i].size() - 2];
    last = last == '0' ? '1' : '0';
    with("ends otherwise", changed);
  }
  if (!text.empty()) edits.push_back({"cut off", text.substr(0, text.size() - 1)});
  edits.push_back({"nothing", ""});
  return edits;
}

// The same, and each word of each line longer, shorter, missing, twice and of another first letter.
inline std::vector<EditedText> FineEdits(const std::string& text) {
  std::vector<EditedText> edits = CoarseEdits(text);
  const std::vector<std::string> lines = CutIntoLines(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = lines[i].substr(0, lines[i].find('\n'));
    std::size_t number = 0;
    for (std::size_t begin = 0; begin <= line.size(); ++number) {
      const std::size_t end = std::min(line.find(' ', begin), line.size());
      const std::string word = line.substr(begin, end - begin);
      const std::string front = line.substr(0, begin), back = line.substr(end);
      const auto with = [&](const std::string& what, const std::string& other) {
        std::vector<std::string> changed = lines;
        changed[i] = front + other + back + "\n";
        edits.push_back({std::to_string(i + 1) + "." + std::to_string(number + 1) + " " + what,
                         Joined(changed)});
      };
      with("longer", word + "0");
      with("longer by a space", word + " ");
      with("by a hyphen", word + "-");
      with("with a zero in front", "0" + word);
      with("-", "-");
      with("gone", "");
      with("0", "0");
      with("capital", word.empty() || word[0] < 'a' || word[0] > 'z'
                          ? "A" + word
                          : std::string(1, static_cast<char>(word[0] - 32)) + word.substr(1));
      with("with a byte that cannot be printed", word + "\x7f");
      if (!word.empty()) with("shorter", word.substr(0, word.size() - 1));
      if (!word.empty()) with("shorter in front", word.substr(1));
      begin = end + 1;
    }
  }
  return edits;
}

// What `read` answers to the text and to each edit of it: the same answers together.
template <class Read>
std::string AnswersTo(const std::string& text, const Read& read) {
  std::map<std::string, std::vector<std::string>> by_answer;
  by_answer[read(text)].push_back("as it is");
  for (const EditedText& edit : FineEdits(text)) by_answer[read(edit.text)].push_back(edit.what);
  std::string out;
  for (const auto& [answer, edits] : by_answer) {
    out += answer + "\n  ";
    for (const std::string& edit : edits) out += edit + (&edit == &edits.back() ? "\n" : "; ");
  }
  return out;
}

// "accepted", or the code and what is wrong.
template <class Outcome>
std::string AnswerOf(const Outcome& outcome) {
  return outcome ? "accepted"
                 : std::to_string(static_cast<int>(outcome.error().code)) + " " +
                       outcome.error().detail;
}

}  // namespace geflecht
