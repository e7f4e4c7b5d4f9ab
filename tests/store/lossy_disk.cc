#include "tests/store/lossy_disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <mutex>
#include <set>
#include <utility>

#include "base/check.h"

namespace geflecht::store {
namespace {

namespace fs = std::filesystem;

std::mutex lock;
LossyDisk* active = nullptr;
thread_local bool inside = false;

// Holds the lock for one replaced call; the calls that the model itself makes go through.
class Call {
 public:
  Call() : outermost_(!inside) {
    if (!outermost_) return;
    lock.lock();
    inside = true;
  }
  ~Call() {
    if (!outermost_) return;
    inside = false;
    lock.unlock();
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  LossyDisk* disk() const { return outermost_ ? active : nullptr; }

 private:
  bool outermost_;
};

ino_t InodeOf(const fs::path& path) {
  struct stat info {};
  return lstat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

}  // namespace

LossyDisk::LossyDisk(fs::path root, fs::path survivor, std::uint64_t seed, std::uint64_t calls)
    : root_(std::move(root)),
      survivor_(std::move(survivor)),
      graves_(root_.string() + ".graves"),
      random_(seed),
      calls_(calls) {
  const Call call;
  CHECK(active == nullptr && !fs::exists(survivor_));
  fs::remove_all(graves_);
  fs::create_directory(graves_);
  names_[InodeOf(root_)] = NamesNow(root_);
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    if (entry.is_directory()) {
      names_[InodeOf(entry.path())] = NamesNow(entry.path());
    } else {
      synced_[InodeOf(entry.path())] = entry.file_size();
    }
  }
  active = this;
}

LossyDisk::~LossyDisk() {
  const Call call;
  active = nullptr;
  fs::remove_all(graves_);
}

LossyDisk::Names LossyDisk::NamesNow(const fs::path& directory) const {
  Names names;
  for (const auto& entry : fs::directory_iterator(directory))
    names[entry.path().filename().string()] = InodeOf(entry.path());
  return names;
}

void LossyDisk::Tick() {
  if (!gone_ && calls_-- == 0) CutPowerLocked();
}

void LossyDisk::CutPower() {
  const Call call;
  if (!gone_) CutPowerLocked();
}

void LossyDisk::Synced(int fd) {
  struct stat info {};
  if (gone_ || fstat(fd, &info) != 0) return;
  if (S_ISREG(info.st_mode)) {
    synced_[info.st_ino] = static_cast<std::uint64_t>(info.st_size);
  } else if (S_ISDIR(info.st_mode)) {
    Settle(fs::read_symlink("/proc/self/fd/" + std::to_string(fd)));
  }
}

void LossyDisk::Settle(const fs::path& directory) {
  names_[InodeOf(directory)] = NamesNow(directory);
  std::set<ino_t> named;
  for (const auto& [inode, names] : names_)
    for (const auto& [name, file] : names) named.insert(file);
  for (const auto& [name, file] : NamesNow(graves_)) {
    if (named.contains(file)) continue;
    synced_.erase(file);  // the number may come back as another file's
    fs::remove(graves_ / name);
  }
}

void LossyDisk::Leaves(const char* path) {
  struct stat info {};
  if (gone_ || lstat(path, &info) != 0 || !S_ISREG(info.st_mode)) return;
  if (!fs::path(path).string().starts_with(root_.string() + "/")) return;
  [[maybe_unused]] const int linked = link(path, (graves_ / std::to_string(info.st_ino)).c_str());
}

void LossyDisk::CutPowerLocked() {
  std::map<ino_t, fs::path> places;
  for (const fs::path& top : {root_, graves_})
    for (const auto& entry : fs::recursive_directory_iterator(top))
      places[InodeOf(entry.path())] = entry.path();
  Survive(root_, survivor_, places, static_cast<Kept>(random_.Below(3)));
  gone_ = true;
}

void LossyDisk::Survive(const fs::path& from, const fs::path& to,
                        const std::map<ino_t, fs::path>& places, Kept kept) {
  fs::create_directory(to);
  fs::permissions(to, fs::status(from).permissions());
  const Names synced = names_[InodeOf(from)];
  const Names now = NamesNow(from);
  std::set<std::string> all;
  for (const auto& names : {synced, now})
    for (const auto& [name, file] : names) all.insert(name);
  for (const std::string& name : all) {
    const bool newer = kept == Kept::kAll || (kept == Kept::kAny && random_.Below(2) == 0);
    const Names& names = newer ? now : synced;
    const auto it = names.find(name);
    const auto current = now.find(name);
    if (current != now.end() && (it == names.end() || it->second != current->second)) ++names_lost_;
    if (it == names.end()) continue;
    const fs::path& place = places.at(it->second);
    if (fs::is_directory(place)) {
      Survive(place, to / name, places, kept);
    } else {
      SurviveFile(it->second, place, to / name, kept);
    }
  }
}

void LossyDisk::SurviveFile(ino_t file, const fs::path& from, const fs::path& to, Kept kept) {
  std::ifstream in(from, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const std::size_t least = std::min<std::size_t>(synced_[file], bytes.size());
  std::size_t size = least;
  if (kept == Kept::kAll) size = bytes.size();
  if (kept == Kept::kAny) size = least + random_.Below(bytes.size() - least + 1);
  bytes_lost_ += bytes.size() - size;
  bytes.resize(size);
  std::ofstream(to, std::ios::binary) << bytes;
  fs::permissions(to, fs::status(from).permissions());
}

}  // namespace geflecht::store

extern "C" {

ssize_t write(int fd, const void* bytes, size_t size) {
  const geflecht::store::Call call;
  if (auto* disk = call.disk()) disk->Tick();
  return syscall(SYS_write, fd, bytes, size);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  const geflecht::store::Call call;
  if (auto* disk = call.disk()) disk->Tick();
  return syscall(SYS_pwrite64, fd, bytes, size, offset);
}

int fdatasync(int fd) {
  const geflecht::store::Call call;
  if (auto* disk = call.disk()) {
    disk->Tick();
    disk->Synced(fd);
    disk->Tick();
  }
  return 0;
}

int fsync(int fd) { return fdatasync(fd); }

// Starts writing, promises nothing.
int sync_file_range(int, off64_t, off64_t, unsigned int) { return 0; }

int unlink(const char* path) {
  const geflecht::store::Call call;
  if (auto* disk = call.disk()) {
    disk->Tick();
    disk->Leaves(path);
  }
  return static_cast<int>(syscall(SYS_unlink, path));
}

int rename(const char* from, const char* to) {
  const geflecht::store::Call call;
  if (auto* disk = call.disk()) {
    disk->Tick();
    disk->Leaves(to);
  }
  return static_cast<int>(syscall(SYS_rename, from, to));
}

}  // extern "C"
