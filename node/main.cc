// geflechtd: the node. geflechtd --dir DIR --listen HOST:PORT [--peer HOST:PORT]...
// [--passphrase-file F]; without it $CREDENTIALS_DIRECTORY/geflecht-passphrase (systemd.exec(5))
#include <malloc.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "base/i18n/i18n.h"
#include "node/crypto/init.h"
#include "node/runtime/process_memory.h"
#include "node/service.h"
#include "node/store/files.h"

namespace {

using geflecht::Error;
using geflecht::Result;
using geflecht::i18n::Lang;

struct Arguments {
  std::string directory;
  std::string passphrase_file;
  bool locked = false;
  bool help = false;
  bool version = false;
  geflecht::node::ServiceOptions options;
};

Result<Arguments> Parse(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--help" || word == "-h")
      arguments.help = true;
    else if (word == "--version")
      arguments.version = true;
    else if (word == "--locked")
      arguments.locked = true;
    else if (i + 1 == words.size())
      return geflecht::Fail(geflecht::Code::kUsage, "unknown or incomplete option " + word);
    else if (word == "--dir")
      arguments.directory = words[++i];
    else if (word == "--passphrase-file")
      arguments.passphrase_file = words[++i];
    else if (word == "--listen")
      arguments.options.listen = words[++i];
    else if (word == "--peer")
      arguments.options.peers.push_back(words[++i]);
    else if (word == "--lang")
      ++i;  // read by LangOf
    else
      return geflecht::Fail(geflecht::Code::kUsage, "unknown option " + word);
  }
  if (arguments.directory.empty() && !arguments.help && !arguments.version)
    return geflecht::Fail(geflecht::Code::kUsage, "--dir is missing");
  return arguments;
}

Lang LangOf(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i] == "--lang") return geflecht::i18n::ParseLang(words[i + 1]);
  for (const char* name : {"GEFLECHT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
      return geflecht::i18n::ParseLang(value);
  return Lang::kDe;
}

int Report(Lang lang, const Error& error) {
  std::fprintf(stderr, "geflechtd: %s (%s)\n", geflecht::i18n::Explain(lang, error).c_str(),
               error.detail.c_str());
  switch (error.code) {
    case geflecht::Code::kUsage:
      return 2;
    case geflecht::Code::kNotFound:
      return 4;
    case geflecht::Code::kLocked:
    case geflecht::Code::kWrongPassphrase:
      return 7;
    case geflecht::Code::kNotPermitted:
      return 9;
    case geflecht::Code::kNotInitialised:
      return 10;
    default:
      return 1;
  }
}

// --passphrase-file, else the credential of that name that systemd hands to the unit, else nothing.
std::string PassphraseFile(const Arguments& arguments) {
  const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
  if (!arguments.passphrase_file.empty() || credentials == nullptr)
    return arguments.passphrase_file;
  const std::filesystem::path file = std::filesystem::path(credentials) / "geflecht-passphrase";
  return std::filesystem::exists(file) ? file.string() : "";
}

Result<geflecht::crypto::SecretBytes> ReadPassphrase(const std::string& path) {
  if (path.empty()) return geflecht::crypto::SecretBytes();
  ASSIGN(geflecht::Bytes text, geflecht::store::ReadFile(path, 4096));
  // The first line, as the command line takes it.
  auto end = std::find(text.begin(), text.end(), '\n');
  if (end != text.begin() && end != text.end() && *(end - 1) == '\r') --end;
  auto passphrase = geflecht::crypto::SecretBytes::Copy(
      {text.data(), static_cast<std::size_t>(end - text.begin())});
  geflecht::crypto::Wipe(text);
  if (passphrase.empty())
    return geflecht::Fail(geflecht::Code::kUsage, "the first line of the passphrase file is empty",
                          "hint.passphrase-empty");
  return passphrase;
}

int Serve(Arguments arguments, Lang lang) {
  arguments.options.waits_for_space = true;
  arguments.options.erases_daily = true;
  // At once: what is on the disk is whole at any time, and nothing may be decided any more.
  arguments.options.damaged = [lang](const Error& error) { std::_Exit(Report(lang, error)); };
  boost::asio::io_context io(1);
  int exit_code = 0;
  const auto note = [](const std::string& line) {
    std::fprintf(stderr, "geflechtd: %s\n", line.c_str());
  };
  const auto failed = [&](const Error& error) {
    // What the disk holds is a prefix of what was decided; nothing beyond it was acknowledged.
    exit_code = Report(lang, error);
    io.stop();
  };
  auto passphrase = ReadPassphrase(PassphraseFile(arguments));
  if (!passphrase) return Report(lang, passphrase.error());
  using geflecht::node::Service;
  auto service =
      arguments.locked
          ? Service::OpenLocked(io, arguments.directory, arguments.options, note, failed)
          : Service::Open(io, arguments.directory, *passphrase, arguments.options, note, failed);
  if (!service) return Report(lang, service.error());
  *passphrase = {};
  const auto socket = geflecht::runtime::Paths(arguments.directory).socket();
  auto server = geflecht::api::Server::Listen(
      io, socket, [&](geflecht::api::Request request, geflecht::api::Respond respond) {
        (*service)->Handle(std::move(request), std::move(respond));
      });
  if (!server) return Report(lang, server.error());
  const auto listening = (*service)->listening();
  std::printf("%s\n", geflecht::i18n::Tr(lang, listening ? "daemon.ready" : "daemon.ready-quiet",
                                         {{"address", listening.value_or("")}})
                          .c_str());
  std::fflush(stdout);

  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (error) return;
    (*service)->Stop([&](geflecht::runtime::Kept kept) {
      if (kept == geflecht::runtime::Kept::kInMemory)
        exit_code =
            Report(lang, {geflecht::Code::kNoSpace, "the disk is full", "hint.ended-on-full-disk"});
      io.stop();
    });
  });
  io.run();
  server->reset();
  service->reset();
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  geflecht::runtime::KeepMemoryPrivate();
  // Memory of a large request goes back to the system; by default glibc would raise the threshold
  // to the size of the largest one.
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 4 << 20);
  const std::vector<std::string> words(argv + 1, argv + argc);
  const Lang lang = LangOf(words);
  auto arguments = Parse(words);
  if (!arguments) return Report(lang, arguments.error());
  if (arguments->help) {
    std::printf("%s\n", geflecht::i18n::Tr(lang, "daemon.help").c_str());
    return 0;
  }
  if (arguments->version) {
    std::printf("geflechtd %s\n", GEFLECHT_VERSION);
    return 0;
  }
  if (auto ready = geflecht::crypto::Init(); !ready) return Report(lang, ready.error());
  return Serve(*arguments, lang);
}
