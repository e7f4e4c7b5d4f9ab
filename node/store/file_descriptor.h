// Owns a file descriptor; closing it is the only thing that it does by itself.
#pragma once

#include <unistd.h>

#include <utility>

namespace geflecht::store {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }

  bool open() const { return fd_ >= 0; }
  int get() const { return fd_; }
  // Closes now; false if the system reports an error, which for a written file means lost data.
  bool Close() { return close(std::exchange(fd_, -1)) == 0; }
  // Gives the descriptor away.
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

}  // namespace geflecht::store
