#include "node/store/errno_error.h"

#include <cerrno>
#include <string>
#include <system_error>

namespace geflecht::store {
namespace {

Code CodeOf(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return Code::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
      return Code::kNotPermitted;
    case ENOSPC:
    case EDQUOT:
      return Code::kNoSpace;
    default:
      return Code::kIo;
  }
}

}  // namespace

Error ErrnoError(int number, std::string_view action) {
  return Error{
      CodeOf(number), std::string(action) + ": " + std::generic_category().message(number), {}};
}

}  // namespace geflecht::store
