#include "cli/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "cli/exit_code.h"

namespace geflecht::cli {
namespace {

std::atomic<const termios*> g_settings{nullptr};
std::atomic<int> g_fd{-1};

void End(int) {
  if (const termios* settings = g_settings.load()) ::tcsetattr(g_fd.load(), TCSANOW, settings);
  ::_exit(kExitInterrupted);
}

}  // namespace

void InstallSignals() {
  struct sigaction action {};
  action.sa_handler = End;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

void RestoreOnInterrupt(int fd, const termios* settings) {
  g_fd.store(fd);
  g_settings.store(settings);
}

}  // namespace geflecht::cli
