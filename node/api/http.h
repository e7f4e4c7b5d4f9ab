// HTTP/1.1 requests and responses of the local interface as plain values.
#pragma once

#include <map>
#include <string>

#include "base/bytes.h"

namespace geflecht::api {

struct Request {
  std::string method;                          // "GET", "POST", "PUT", "DELETE"
  std::string path;                            // decoded, without the query: "/api/v1/status"
  std::map<std::string, std::string> query;    // decoded
  std::map<std::string, std::string> headers;  // names in lower case; repeated ones joined by ", "
  std::string body;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
};

}  // namespace geflecht::api
