// What keeps the memory of this process from other processes and off the disk.
#pragma once

namespace geflecht::runtime {

// Keys and passphrases live in both programs: from here on no core dumps, and no attaching or
// reading of its memory by other processes of the user (prctl(2), PR_SET_DUMPABLE). Root can still
// read it. Call it first in main; children inherit the limit of core dumps only.
void KeepMemoryPrivate();

}  // namespace geflecht::runtime
