"""C++ that the mutation test puts in front of the sources and links with the tests."""
HEADER = """\
#pragma once
#include <cstdint>
namespace mutants {
// The mutant that is switched on; notes that this one was reached.
bool Is(int id) noexcept;
struct Compare { int id; };
%s}
"""
COMPARE = """\
struct {name} : Compare {{}};
template <class A> struct {name}Left {{ const A& a; int id; }};
template <class A> {name}Left<A> operator{first}(const A& a, {name} op) {{ return {{a, op.id}}; }}
template <class A, class B> bool operator{first}({name}Left<A> l, const B& b) {{
  return Is(l.id) ? static_cast<bool>(l.a {other} b) : static_cast<bool>(l.a {first} b);
}}
"""
# Each comparison becomes another one: the boundary, or its opposite.
COMPARISONS = [("<", "<="), ("<", ">="), ("<=", "<"), (">", ">="), (">", "<="), (">=", ">"),
               ("==", "!="), ("!=", "==")]
SUPPORT = """\
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
namespace mutants {
namespace {
constexpr int kMax = 100000;
bool reached[kMax];
int Chosen() {
  const char* text = std::getenv("GEFLECHT_MUTANT");
  return text ? std::atoi(text) : 0;
}
struct Trace {
  ~Trace() {
    const char* name = std::getenv("GEFLECHT_REACHED");
    if (name == nullptr) return;
    std::FILE* file = std::fopen(name, "w");
    for (int i = 0; i < kMax; ++i) if (reached[i]) std::fprintf(file, "%d\\n", i);
    std::fclose(file);
  }
} trace;
}
bool Is(int id) noexcept {
  static const int chosen = Chosen();
  reached[id] = true;
  return chosen == id;
}
}
"""


def compare_name(first, other):
    return "Op" + str(COMPARISONS.index((first, other)))


def support_header():
    return HEADER % "".join(COMPARE.format(name=compare_name(a, b), first=a, other=b)
                            for a, b in COMPARISONS)
