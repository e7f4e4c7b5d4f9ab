// HTTP/1.1 (RFC 9110, RFC 9112) between bytes and values, without I/O. The only user of
// Boost.Beast.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "node/api/http.h"

namespace geflecht::api {

// Of a response that a client takes: an export of a whole network fits.
inline constexpr std::size_t kHttpResponseBytesMax = std::size_t{1} << 30;

// Reads one request. Header up to limits::kHttpHeaderBytesMax, body up to kHttpBodyBytesMax; memory
// grows with what arrives, not with what is announced.
class RequestReader {
 public:
  enum class State {
    kMore,   // needs more bytes
    kDone,   // Take
    kError,  // answer with `problem` and close
  };

  RequestReader();
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  State Put(ByteView bytes);

  // True once: the client waits for "100 Continue" before it sends the body.
  bool WantsContinue();
  // The request and whether the connection stays open after its answer. Once, after kDone.
  Request Take();
  bool keep_alive() const;
  // The answer to what could not be read: 400, 413 or 431. After kError.
  Response problem() const;
  // Bytes that came after the request. After kDone.
  Bytes TakeRest();

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

// Reads one response. A body up to kHttpResponseBytesMax.
class ResponseReader {
 public:
  explicit ResponseReader(bool to_head_request);
  ~ResponseReader();
  ResponseReader(const ResponseReader&) = delete;
  ResponseReader& operator=(const ResponseReader&) = delete;

  // True when the response is whole. kMalformed, kTooLarge.
  Result<bool> Put(ByteView bytes);
  // The other side has closed. kMalformed if that cuts the response.
  Result<bool> PutEnd();
  Response Take();

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

// A request with Content-Length; path and query are percent-encoded. kUsage if a method or header
// holds characters that would end its line.
Result<std::string> FormatRequest(const Request& request);
// `with_body` is false for the answer to HEAD.
std::string FormatResponse(const Response& response, bool keep_alive, bool with_body);

// application/problem+json (RFC 9457). `detail` is plain ASCII without quotes or backslashes.
Response Problem(int status, std::string_view detail);

}  // namespace geflecht::api
