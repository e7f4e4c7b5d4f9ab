#include "node/api/http_codec.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "node/api/http_target.h"

namespace geflecht::api {
namespace {

using State = RequestReader::State;

State Read(RequestReader& reader, std::string_view text) { return reader.Put(AsBytes(text)); }

int StatusOf(std::string_view text) {
  RequestReader reader;
  return Read(reader, text) == State::kError ? reader.problem().status : 0;
}

TEST(HttpCodec, ReadsARequestSplitAnywhere) {
  const std::string text =
      "POST /api/v1/contacts?query=M%C3%BCller+%26+Co&page=2 HTTP/1.1\r\nHost: localhost\r\n"
      "X-Two: a\r\nx-two: b\r\nContent-Length: 11\r\n\r\nhello\r\n\r\nyo";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    RequestReader reader;
    State state = Read(reader, text.substr(0, cut));
    if (cut < text.size()) {
      ASSERT_EQ(state, State::kMore) << cut;
      state = Read(reader, text.substr(cut));
    }
    ASSERT_EQ(state, State::kDone) << cut;
    const Request request = reader.Take();
    ASSERT_EQ(request.method, "POST");
    ASSERT_EQ(request.path, "/api/v1/contacts");
    ASSERT_EQ(request.query,
              (std::map<std::string, std::string>{{"page", "2"}, {"query", "Müller & Co"}}));
    ASSERT_EQ(request.headers.at("x-two"), "a, b");
    ASSERT_EQ(request.body, "hello\r\n\r\nyo");
    ASSERT_TRUE(reader.keep_alive());
    ASSERT_TRUE(reader.TakeRest().empty());
  }
}

TEST(HttpCodec, ReadsARequestByteByByteAndChunked) {
  RequestReader reader;
  const std::string text =
      "PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  for (std::size_t i = 0; i < text.size(); ++i) {
    ASSERT_EQ(Read(reader, text.substr(i, 1)), i + 1 < text.size() ? State::kMore : State::kDone);
  }
  EXPECT_EQ(reader.Take().body, "abcde");
}

TEST(HttpCodec, ReadsAnEmptyChunkedBodyByteByByte) {
  for (const std::string_view last : {"0\r\n\r\n", "00\r\n\r\n", "0;x=y\r\n\r\n"}) {
    RequestReader reader;
    const std::string text =
        "PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(last);
    for (std::size_t i = 0; i < text.size(); ++i) {
      ASSERT_EQ(Read(reader, text.substr(i, 1)), i + 1 < text.size() ? State::kMore : State::kDone);
    }
    EXPECT_EQ(reader.Take().body, "");
  }
}

TEST(HttpCodec, KeepsWhatFollowsTheRequest) {
  RequestReader reader;
  ASSERT_EQ(Read(reader, "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.0\r\n\r\n"), State::kDone);
  EXPECT_EQ(reader.Take().path, "/a");
  const Bytes rest = reader.TakeRest();
  RequestReader next;
  ASSERT_EQ(next.Put(rest), State::kDone);
  EXPECT_EQ(next.Take().path, "/b");
  EXPECT_FALSE(next.keep_alive());
}

TEST(HttpCodec, AnswersWhatIsNoRequestWith400) {
  for (const std::string_view text :
       {"nonsense\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/3.0\r\n\r\n", "GET http://other.example/ HTTP/1.1\r\n\r\n",
        "GET * HTTP/1.1\r\n\r\n", "GET /%zz HTTP/1.1\r\n\r\n", "GET /%00 HTTP/1.1\r\n\r\n",
        "GET /?a=%00 HTTP/1.1\r\n\r\n", "GET /?a=1&a=2 HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    EXPECT_EQ(StatusOf(text), 400) << text;
  }
}

TEST(HttpCodec, HasALimitForTheHeader) {
  const std::string head = "GET / HTTP/1.1\r\nx: ";
  const std::string tail = "\r\n\r\n";
  const std::size_t room = limits::kHttpHeaderBytesMax - head.size() - tail.size();
  RequestReader fits;
  EXPECT_EQ(Read(fits, head + std::string(room - 16, 'a') + tail), State::kDone);
  EXPECT_EQ(StatusOf(head + std::string(limits::kHttpHeaderBytesMax, 'a') + tail), 431);
  EXPECT_EQ(StatusOf(head + std::string(limits::kHttpHeaderBytesMax, 'a')), 431);
}

TEST(HttpCodec, HasALimitForTheBodyBeforeTheBodyComes) {
  const std::string head = "POST / HTTP/1.1\r\nContent-Length: ";
  EXPECT_EQ(StatusOf(head + std::to_string(limits::kHttpBodyBytesMax) + "\r\n\r\n"), 0);
  EXPECT_EQ(StatusOf(head + std::to_string(limits::kHttpBodyBytesMax + 1) + "\r\n\r\n"), 413);
  EXPECT_EQ(StatusOf(head + "18446744073709551615\r\n\r\n"), 413);
  EXPECT_EQ(StatusOf("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3000000\r\n"), 413);
}

TEST(HttpCodec, AsksOnceForABodyThatWaits) {
  RequestReader reader;
  EXPECT_FALSE(reader.WantsContinue());
  ASSERT_EQ(Read(reader, "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
            State::kMore);
  EXPECT_TRUE(reader.WantsContinue());
  EXPECT_FALSE(reader.WantsContinue());
  EXPECT_EQ(Read(reader, "ab"), State::kDone);
  RequestReader plain;
  ASSERT_EQ(Read(plain, "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n"), State::kMore);
  EXPECT_FALSE(plain.WantsContinue());
}

TEST(HttpCodec, RequestsSurviveTheWayThroughText) {
  Request request;
  request.method = "PUT";
  request.path = "/api/v1/docs/Straße 1%2F2?#&+";
  request.query = {{"q=&+ %", "ä?#&=+ %"}, {"empty", ""}};
  request.headers = {{"x-session", "abc"}};
  request.body = std::string("\0\r\n\xFF", 4);
  const Result<std::string> text = FormatRequest(request);
  ASSERT_TRUE(text);
  RequestReader reader;
  ASSERT_EQ(Read(reader, *text), State::kDone);
  const Request read = reader.Take();
  EXPECT_EQ(read.method, request.method);
  EXPECT_EQ(read.path, request.path);
  EXPECT_EQ(read.query, request.query);
  EXPECT_EQ(read.headers.at("x-session"), "abc");
  EXPECT_EQ(read.body, request.body);
}

TEST(HttpCodec, RequestsCannotSmuggleLines) {
  const auto code = [](const Request& request) { return FormatRequest(request).error().code; };
  EXPECT_EQ(code({"GET /x", "/", {}, {}, ""}), Code::kUsage);
  EXPECT_EQ(code({"GET", "no-slash", {}, {}, ""}), Code::kUsage);
  EXPECT_EQ(code({"GET", "/", {}, {{"x", "a\r\nb: c"}}, ""}), Code::kUsage);
  EXPECT_EQ(code({"GET", "/", {}, {{"x: y", "a"}}, ""}), Code::kUsage);
}

TEST(HttpCodec, ResponsesSurviveTheWayThroughTextSplitAnywhere) {
  const Response response{404, "application/problem+json", "{\"status\":404}"};
  const std::string text = FormatResponse(response, true, true);
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    ResponseReader reader(false);
    Result<bool> done = reader.Put(AsBytes(text).first(cut));
    ASSERT_TRUE(done);
    ASSERT_FALSE(*done);
    done = reader.Put(AsBytes(text).subspan(cut));
    ASSERT_TRUE(done && *done);
    const Response read = reader.Take();
    ASSERT_EQ(read.status, 404);
    ASSERT_EQ(read.content_type, response.content_type);
    ASSERT_EQ(read.body, response.body);
  }
}

TEST(HttpCodec, ResponsesThatAreCutOffOrForeignAreMalformed) {
  const std::string text = FormatResponse({200, "text/plain", "abc"}, false, true);
  ResponseReader cut(false);
  ASSERT_TRUE(cut.Put(AsBytes(text).first(text.size() - 1)));
  EXPECT_EQ(cut.PutEnd().error().code, Code::kMalformed);
  ResponseReader empty(false);
  EXPECT_EQ(empty.PutEnd().error().code, Code::kMalformed);
  ResponseReader foreign(false);
  EXPECT_EQ(foreign.Put(AsBytes("SSH-2.0-OpenSSH_9.2\r\n\r\n")).error().code, Code::kMalformed);
}

TEST(HttpCodec, AnswersToHeadAnnounceABodyThatDoesNotCome) {
  const std::string text = FormatResponse({200, "text/plain", "abc"}, true, false);
  EXPECT_NE(text.find("content-length: 3\r\n"), std::string::npos);
  ResponseReader reader(true);
  const Result<bool> done = reader.Put(AsBytes(text));
  EXPECT_TRUE(done && *done);
}

}  // namespace
}  // namespace geflecht::api
