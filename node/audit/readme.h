// README.txt: what the bundle is, and the shell commands that check it, in German and English.
#pragma once

#include <string>

#include "node/log/ids.h"

namespace geflecht::audit {

// Lines that begin with four spaces are one POSIX shell script, to be run in the bundle's folder:
// it ends with 0 if everything holds that sha256sum, openssl and ssh-keygen can check.
std::string RenderReadme(const log::NetworkId& network, const log::FeedKey& charter,
                         const log::DeviceId& exporter);

}  // namespace geflecht::audit
