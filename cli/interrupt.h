// SIGINT and SIGTERM. Without an open store the process ends at once with 130; while a store is
// open the loop closes it first (local_node.h). SIGPIPE is ignored: a closed pipe is a failed
// write.
#pragma once

#include <termios.h>

namespace geflecht::cli {

// Installs the handlers; again after an Asio signal_set has had the signals.
void InstallSignals();

// What the handler restores on the terminal `fd` before it ends the process. nullptr: nothing.
// `settings` lives until it is replaced.
void RestoreOnInterrupt(int fd, const termios* settings);

}  // namespace geflecht::cli
