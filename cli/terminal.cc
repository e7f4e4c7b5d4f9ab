#include "cli/terminal.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <string_view>

#include "cli/interrupt.h"
#include "node/store/file_descriptor.h"

namespace geflecht::cli {
namespace {

constexpr std::size_t kLineBytesMax = 4096;

auto NoTerminal() { return Fail(Code::kIo, "the terminal cannot be used"); }

Result<store::FileDescriptor> OpenTerminal() {
  store::FileDescriptor fd(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (fd.get() < 0) return NoTerminal();
  return fd;
}

// Switches the echo of typed characters off as long as it lives.
class EchoOff {
 public:
  explicit EchoOff(int fd) : fd_(fd), changed_(::tcgetattr(fd, &before_) == 0) {
    if (!changed_) return;
    RestoreOnInterrupt(fd_, &before_);
    termios quiet = before_;
    quiet.c_lflag &= static_cast<tcflag_t>(~ECHO);
    ::tcsetattr(fd_, TCSAFLUSH, &quiet);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;
  ~EchoOff() {
    if (!changed_) return;
    ::tcsetattr(fd_, TCSAFLUSH, &before_);
    RestoreOnInterrupt(-1, nullptr);
  }

 private:
  int fd_;
  termios before_{};
  bool changed_;
};

Result<void> Show(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return NoTerminal();
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// A line without its end; nothing of it stays behind in memory.
Result<crypto::SecretBytes> ReadLine(int fd) {
  crypto::SecretBytes line(kLineBytesMax);
  std::size_t size = 0;
  while (size < kLineBytesMax) {
    const ssize_t got = ::read(fd, &line.mutable_view()[size], 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 || (got == 0 && size == 0)) return NoTerminal();
    if (got == 0 || line.view()[size] == '\n')
      return crypto::SecretBytes::Copy(line.view().first(size));
    ++size;
  }
  return Fail(Code::kTooLarge, "the line is longer than 4096 bytes");
}

}  // namespace

bool HasTerminal() {
  if (::isatty(STDERR_FILENO) != 1) return false;
  return OpenTerminal().has_value();
}

Result<void> Tell(const std::string& text) {
  ASSIGN(const store::FileDescriptor fd, OpenTerminal());
  return Show(fd.get(), text);
}

Result<crypto::SecretBytes> AskSecret(const std::string& prompt) {
  ASSIGN(const store::FileDescriptor fd, OpenTerminal());
  // What is typed once the question is there counts: switching the echo off drops what waits.
  Result<crypto::SecretBytes> line = [&]() -> Result<crypto::SecretBytes> {
    const EchoOff quiet(fd.get());
    TRY(Show(fd.get(), prompt + ' '));
    return ReadLine(fd.get());
  }();
  TRY(Show(fd.get(), "\n"));
  return line;
}

Result<bool> AskYesNo(const std::string& prompt) {
  ASSIGN(const store::FileDescriptor fd, OpenTerminal());
  TRY(Show(fd.get(), prompt + ' '));
  ASSIGN(const crypto::SecretBytes line, ReadLine(fd.get()));
  std::string answer = ToText(line.view());
  std::transform(answer.begin(), answer.end(), answer.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return answer == "j" || answer == "ja" || answer == "y" || answer == "yes";
}

}  // namespace geflecht::cli
