#include "cli/app.h"
#include "node/runtime/process_memory.h"

int main(int argc, char** argv) {
  geflecht::runtime::KeepMemoryPrivate();
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return geflecht::cli::Run(words, geflecht::cli::SystemEnvironment);
}
