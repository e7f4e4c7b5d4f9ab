// Errors as values. A function that can fail for a reason outside of the program returns Result<T>.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace geflecht {

// One code for each situation to which a caller can react differently. The command line maps codes
// to exit codes and to a sentence in the user's language (docs/formats/cli.md).
enum class Code {
  kInternal,        // a bug of ours that does not warrant ending the process
  kUsage,           // the request makes no sense as it stands
  kMalformed,       // bytes from outside that do not follow their format
  kNotFound,        // no such document, network, file
  kConflict,        // a person has to decide first
  kVerification,    // a signature, hash or proof does not hold
  kLocked,          // the store is locked, or the directory is in use
  kWrongPassphrase, // the passphrase does not open the key file
  kUnreachable,     // the node or the peer does not answer
  kNotPermitted,    // the rules of the network or of the file system forbid it
  kNotInitialised,  // the directory holds no organisation or no network yet
  kTooLarge,        // over a limit of base/limits.h
  kCorruption,      // stored data that was written by us and does not hold any more
  kNoSpace,         // the disk is full
  kIo,              // any other failure of the file system or of a socket
  kCaseData,        // the case guard refused: records of children and families stay out
  kFormatVersion,   // the directory was written by another version of the program
  kIncomplete,      // done in part: not everything could be reached
};

// The stable English name of `code`, for --json and for logs ("wrong-passphrase").
constexpr std::string_view CodeName(Code code) {
  switch (code) {
    case Code::kInternal: return "internal";
    case Code::kUsage: return "usage";
    case Code::kMalformed: return "malformed";
    case Code::kNotFound: return "not-found";
    case Code::kConflict: return "conflict";
    case Code::kVerification: return "verification";
    case Code::kLocked: return "locked";
    case Code::kWrongPassphrase: return "wrong-passphrase";
    case Code::kUnreachable: return "unreachable";
    case Code::kNotPermitted: return "not-permitted";
    case Code::kNotInitialised: return "not-initialised";
    case Code::kTooLarge: return "too-large";
    case Code::kCorruption: return "corruption";
    case Code::kNoSpace: return "no-space";
    case Code::kIo: return "io";
    case Code::kCaseData: return "case-data";
    case Code::kFormatVersion: return "format-version";
    case Code::kIncomplete: return "incomplete";
  }
  return "internal";
}

// What is stored cannot be read or written any more: nothing that would follow can be trusted. All
// other errors are about one request, or about what somebody else wrote.
constexpr bool FailsTheStore(Code code) {
  return code == Code::kCorruption || code == Code::kNoSpace || code == Code::kIo;
}

// `detail` says what exactly was wrong, in English, for operators and --json. It never holds
// plaintext of documents, names of persons or key material. `hint` is the i18n key of a sentence
// that says what to do; empty where the code's own sentence ("error.<code>") is enough.
struct Error {
  Code code = Code::kInternal;
  std::string detail;
  std::string hint;
  bool operator==(const Error&) const = default;
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

inline tl::unexpected<Error> Fail(Code code, std::string detail, std::string hint = {}) {
  return tl::unexpected<Error>(Error{code, std::move(detail), std::move(hint)});
}

inline tl::unexpected<Error> Fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace geflecht

#define GEFLECHT_CONCAT_INNER(a, b) a##b
#define GEFLECHT_CONCAT(a, b) GEFLECHT_CONCAT_INNER(a, b)

// Returns the error of `expr` (a Result<...>) from the enclosing function. The name of the local is
// unique, so that a lambda in `expr` may use TRY too.
#define TRY_INNER(result, expr)                                              \
  do {                                                                       \
    if (auto result = (expr); !result)                                       \
      return ::geflecht::Fail(std::move(result).error());                    \
  } while (false)
#define TRY(expr) TRY_INNER(GEFLECHT_CONCAT(try_result_, __COUNTER__), expr)

// ASSIGN(auto x, expr): defines x as the value of `expr`, or returns its error.
#define ASSIGN_INNER(result, target, expr)                                   \
  auto result = (expr);                                                      \
  if (!result) return ::geflecht::Fail(std::move(result).error());           \
  target = *std::move(result)
#define ASSIGN(target, expr) ASSIGN_INNER(GEFLECHT_CONCAT(result_, __COUNTER__), target, expr)
