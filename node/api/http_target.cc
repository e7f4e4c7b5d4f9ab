#include "node/api/http_target.h"

#include <boost/url/encode.hpp>
#include <boost/url/grammar/lut_chars.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>

namespace geflecht::api {

namespace urls = boost::urls;

namespace {

constexpr urls::grammar::lut_chars kPathCharacters =
    urls::unreserved_chars + urls::grammar::lut_chars('/');

}  // namespace

Result<void> ParseTarget(std::string_view target, Request& request) {
  const auto parsed = urls::parse_origin_form({target.data(), target.size()});
  if (!parsed) return Fail(Code::kMalformed, "the request target is no path with a query");
  const urls::url_view& url = *parsed;
  request.path = url.path();
  bool valid = request.path.find('\0') == std::string::npos;
  for (const auto& param : url.params()) {
    valid = valid && param.key.find('\0') == std::string::npos &&
            param.value.find('\0') == std::string::npos &&
            request.query.emplace(param.key, param.value).second;
  }
  if (!valid) return Fail(Code::kMalformed, "the request target holds a NUL or a key twice");
  return {};
}

Result<std::string> FormatTarget(const Request& request) {
  if (request.path.empty() || request.path.front() != '/') {
    return Fail(Code::kUsage, "a path begins with a slash");
  }
  std::string target = urls::encode(request.path, kPathCharacters);
  char separator = '?';
  for (const auto& [key, value] : request.query) {
    target += separator + urls::encode(key, urls::unreserved_chars) + '=' +
              urls::encode(value, urls::unreserved_chars);
    separator = '&';
  }
  return target;
}

}  // namespace geflecht::api
