#include "node/api/http_codec.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/optional/optional.hpp>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "node/api/http_target.h"

namespace geflecht::api {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

// A body that takes memory as it arrives: Beast's own string_body reserves what Content-Length
// claims.
struct GrowingBody {
  using value_type = std::string;
  class reader {
   public:
    template <bool is_request, class Fields>
    reader(http::header<is_request, Fields>& /*header*/, value_type& body) : body_(body) {}
    void init(const boost::optional<std::uint64_t>& /*announced*/, error_code& error) {
      error = {};
    }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, error_code& error) {
      const std::size_t before = body_.size();
      for (const boost::asio::const_buffer part : beast::buffers_range_ref(buffers)) {
        body_.append(static_cast<const char*>(part.data()), part.size());
      }
      error = {};
      return body_.size() - before;
    }
    void finish(error_code& error) { error = {}; }

   private:
    value_type& body_;
  };
};

// Gives what is buffered to a Beast parser: the header has to lie in one piece, so it waits in
// `waiting` until it is whole.
template <class Parser>
error_code Feed(Parser& parser, Bytes& waiting, ByteView bytes) {
  Append(waiting, bytes);
  std::size_t used = 0;
  error_code error;
  while (!parser.is_done() && used < waiting.size()) {
    // A last chunk has five bytes at least; Beast asserts them once it has seen its first three.
    const bool chunks = parser.is_header_done() && parser.chunked();
    if (chunks && waiting[used] == '0' && waiting.size() - used < 5) break;
    const std::size_t taken =
        parser.put(boost::asio::const_buffer(waiting.data() + used, waiting.size() - used), error);
    used += taken;
    if (error == http::error::need_more) {
      error = {};
      break;
    }
    if (error || taken == 0) break;
  }
  waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(used));
  return error;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

Response ProblemOf(const error_code& error) {
  if (error == http::error::body_limit) return Problem(413, "the body is over 32 MiB");
  if (error == http::error::header_limit) return Problem(431, "the header is over 16 KiB");
  return Problem(400, "no HTTP request: " + error.message());
}

bool IsOneLine(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
}

}  // namespace

struct RequestReader::Parser {
  http::request_parser<GrowingBody> http;
  Bytes waiting;
  bool continue_answered = false;
  bool keep_alive = false;
  Request request;
  Response problem;
};

RequestReader::RequestReader() : parser_(std::make_unique<Parser>()) {
  parser_->http.eager(true);
  parser_->http.header_limit(limits::kHttpHeaderBytesMax);
  parser_->http.body_limit(limits::kHttpBodyBytesMax);
}

RequestReader::~RequestReader() = default;

RequestReader::State RequestReader::Put(ByteView bytes) {
  Parser& parser = *parser_;
  if (const error_code error = Feed(parser.http, parser.waiting, bytes)) {
    parser.problem = ProblemOf(error);
    // What came of it is of no use while the answer goes; assigning an empty string frees nothing.
    std::string().swap(parser.http.get().body());
    parser.waiting = Bytes();
    return State::kError;
  }
  if (!parser.http.is_done()) return State::kMore;
  parser.keep_alive = parser.http.get().keep_alive();
  auto message = parser.http.release();
  Request& request = parser.request;
  request.method = std::string(message.method_string());
  if (const Result<void> target = ParseTarget(message.target(), request); !target) {
    parser.problem = Problem(400, target.error().detail);
    return State::kError;
  }
  for (const auto& field : message) {
    std::string& value = request.headers[LowerCase(field.name_string())];
    if (!value.empty()) value += ", ";
    value += std::string_view(field.value());
  }
  request.body = std::move(message.body());
  return State::kDone;
}

bool RequestReader::WantsContinue() {
  const auto& http = parser_->http;
  if (parser_->continue_answered || !http.is_header_done() || http.is_done()) return false;
  parser_->continue_answered = true;
  return beast::iequals(http.get()[http::field::expect], "100-continue");
}

Request RequestReader::Take() { return std::move(parser_->request); }
bool RequestReader::keep_alive() const { return parser_->keep_alive; }
Response RequestReader::problem() const { return parser_->problem; }
Bytes RequestReader::TakeRest() { return std::exchange(parser_->waiting, Bytes()); }

struct ResponseReader::Parser {
  http::response_parser<GrowingBody> http;
  Bytes waiting;
};

ResponseReader::ResponseReader(bool to_head_request) : parser_(std::make_unique<Parser>()) {
  parser_->http.eager(true);
  parser_->http.skip(to_head_request);
  parser_->http.header_limit(limits::kHttpHeaderBytesMax);
  parser_->http.body_limit(kHttpResponseBytesMax);
}

ResponseReader::~ResponseReader() = default;

Result<bool> ResponseReader::Put(ByteView bytes) {
  const error_code error = Feed(parser_->http, parser_->waiting, bytes);
  if (error == http::error::body_limit) {
    return Fail(Code::kTooLarge, "the response is over 1 GiB");
  }
  if (error) return Fail(Code::kMalformed, "no HTTP response: " + error.message());
  return parser_->http.is_done();
}

Result<bool> ResponseReader::PutEnd() {
  error_code error;
  if (parser_->http.got_some()) parser_->http.put_eof(error);
  if (error || !parser_->http.is_done()) return Fail(Code::kMalformed, "the response is cut off");
  return true;
}

Response ResponseReader::Take() {
  auto message = parser_->http.release();
  return Response{static_cast<int>(message.result_int()),
                  std::string(message[http::field::content_type]), std::move(message.body())};
}

Result<std::string> FormatRequest(const Request& request) {
  const bool method_valid =
      !request.method.empty() && std::all_of(request.method.begin(), request.method.end(),
                                             [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!method_valid) return Fail(Code::kUsage, "a method is made of capital letters");
  ASSIGN(const std::string target, FormatTarget(request));
  std::string out = request.method + " " + target + " HTTP/1.1\r\n";
  if (request.headers.count("host") == 0) out += "host: localhost\r\n";
  for (const auto& [name, value] : request.headers) {
    if (name == "content-length" || name == "transfer-encoding") continue;
    if (name.empty() || name.find_first_of(": \t") != std::string::npos || !IsOneLine(name) ||
        !IsOneLine(value)) {
      return Fail(Code::kUsage, "a header field has to fit on one line");
    }
    out += name + ": " + value + "\r\n";
  }
  out += "content-length: " + std::to_string(request.body.size()) + "\r\n\r\n";
  return out + request.body;
}

std::string FormatResponse(const Response& response, bool keep_alive, bool with_body) {
  CHECK(response.status >= 200 && response.status <= 599 && IsOneLine(response.content_type));
  const auto reason =
      http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)));
  std::string out =
      "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason) + "\r\n";
  const bool bodyless = response.status == 204 || response.status == 304;
  if (!bodyless) {
    out += "content-type: " + response.content_type + "\r\n";
    out += "content-length: " + std::to_string(response.body.size()) + "\r\n";
  }
  out += "cache-control: no-store\r\n";
  out += keep_alive ? "connection: keep-alive\r\n\r\n" : "connection: close\r\n\r\n";
  if (with_body && !bodyless) out += response.body;
  return out;
}

Response Problem(int status, std::string_view detail) {
  const auto title = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
  std::string body = "{\"type\":\"about:blank\",\"title\":\"" + std::string(title) +
                     "\",\"status\":" + std::to_string(status) + ",\"detail\":\"";
  body += detail;
  body += "\"}";
  return Response{status, "application/problem+json", std::move(body)};
}

}  // namespace geflecht::api
