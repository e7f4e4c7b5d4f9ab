#include "node/runtime/process_memory.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/check.h"

namespace geflecht::runtime {

void KeepMemoryPrivate() {
  // Neither can be refused: everybody may give up what is his.
  CHECK(::prctl(PR_SET_DUMPABLE, 0) == 0);
  const rlimit none{0, 0};
  CHECK(::setrlimit(RLIMIT_CORE, &none) == 0);
}

}  // namespace geflecht::runtime
