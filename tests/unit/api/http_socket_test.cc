// Server and client on a real socket.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <fstream>
#include <future>
#include <vector>

#include "base/limits.h"
#include "node/api/client.h"
#include "node/api/server.h"
#include "node/api/unix_socket.h"

namespace geflecht::api {
namespace {

namespace fs = std::filesystem;

class HttpSocket : public testing::Test {
 protected:
  HttpSocket() {
    char name[] = "/tmp/geflecht-http-XXXXXX";
    dir_ = ::mkdtemp(name);
    path_ = dir_ / "api.sock";
  }
  ~HttpSocket() override {
    server_.reset();
    RunFor(10);
    fs::remove_all(dir_);
  }

  Result<std::unique_ptr<Server>> Listen(ServerOptions options = {}) {
    return Server::Listen(
        io_, path_,
        [this](Request request, Respond respond) {
          ++handled_;
          if (request.path == "/later") {
            waiting_.push_back(std::move(respond));
          } else if (request.path == "/end") {
            server_.reset();
            respond({200, "text/plain", "nobody reads this"});
          } else {
            respond({200, "text/plain", request.method + " " + request.path + " " + request.body});
          }
        },
        options);
  }
  void Serve(ServerOptions options = {}) {
    auto server = Listen(options);
    ASSERT_TRUE(server) << server.error().detail;
    server_ = *std::move(server);
  }

  void RunFor(std::int64_t ms) {
    io_.restart();
    io_.run_for(std::chrono::milliseconds(ms));
  }
  // Runs the loop until `done`, for a time that is long enough.
  bool RunUntil(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!done()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(20));
    }
    return true;
  }
  Result<Response> Await(std::future<Result<Response>>& answer) {
    EXPECT_TRUE(RunUntil(
        [&] { return answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }));
    return answer.get();
  }
  std::future<Result<Response>> Start(Request request, std::int64_t timeout_ms = 8000) {
    return std::async(std::launch::async, [this, request = std::move(request), timeout_ms] {
      return Call(path_, request, timeout_ms);
    });
  }
  Result<Response> Ask(Request request) {
    auto answer = Start(std::move(request));
    return Await(answer);
  }

  // A connection without our client.
  int Connect() {
    const sockaddr_un address = *UnixAddress(path_);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    return fd;
  }
  static void SendText(int fd, std::string_view text) {
    ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
  }
  // What arrives until the server closes or `enough` is there.
  std::string ReadText(int fd, std::size_t enough, bool* closed = nullptr) {
    std::string text;
    bool end = false;
    RunUntil([&] {
      char buffer[4096];
      const ssize_t got = ::recv(fd, buffer, sizeof(buffer), 0);
      if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
      end = got == 0 || (got < 0 && errno != EAGAIN);
      return end || text.size() >= enough;
    });
    if (closed != nullptr) *closed = end;
    return text;
  }

  boost::asio::io_context io_;
  fs::path dir_;
  fs::path path_;
  std::unique_ptr<Server> server_;
  std::vector<Respond> waiting_;
  int handled_ = 0;
};

TEST_F(HttpSocket, AnswersACall) {
  Serve();
  const Result<Response> answer = Ask({"POST", "/a b/ü", {}, {}, "text"});
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->content_type, "text/plain");
  EXPECT_EQ(answer->body, "POST /a b/ü text");
  const Result<Response> head = Ask({"HEAD", "/", {}, {}, ""});
  ASSERT_TRUE(head) << head.error().detail;
  EXPECT_EQ(head->body, "");
}

TEST_F(HttpSocket, CarriesTheLargestBodyAndRefusesALargerOne) {
  Serve();
  const Result<Response> fits =
      Ask({"POST", "/", {}, {}, std::string(limits::kHttpBodyBytesMax, 'x')});
  ASSERT_TRUE(fits) << fits.error().detail;
  EXPECT_EQ(fits->body.substr(0, 10), "POST / xxx");
  EXPECT_EQ(fits->body.size(), limits::kHttpBodyBytesMax + 7);
  const Result<Response> large =
      Ask({"POST", "/", {}, {}, std::string(limits::kHttpBodyBytesMax + 1, 'x')});
  ASSERT_TRUE(large) << large.error().detail;
  EXPECT_EQ(large->status, 413);
  EXPECT_EQ(large->content_type, "application/problem+json");
  EXPECT_EQ(handled_, 1);
}

TEST_F(HttpSocket, RefusesALargeHeaderAndNonsenseAndCloses) {
  Serve();
  const Result<Response> answer =
      Ask({"GET", "/", {}, {{"x", std::string(limits::kHttpHeaderBytesMax, 'x')}}, ""});
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->status, 431);
  const int fd = Connect();
  SendText(fd, "nonsense\r\n\r\n");
  bool closed = false;
  EXPECT_EQ(ReadText(fd, SIZE_MAX, &closed).substr(0, 24), "HTTP/1.1 400 Bad Request");
  EXPECT_TRUE(closed);
  ::close(fd);
  EXPECT_EQ(handled_, 0);
}

TEST_F(HttpSocket, ServesSeveralRequestsOfOneConnectionInOrder) {
  Serve();
  const int fd = Connect();
  SendText(fd, "GET /later HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(RunUntil([&] { return waiting_.size() == 1; }));
  RunFor(20);
  EXPECT_EQ(handled_, 1);
  waiting_[0]({200, "text/plain", "first"});
  bool closed = false;
  const std::string text = ReadText(fd, SIZE_MAX, &closed);
  EXPECT_TRUE(closed);
  EXPECT_LT(text.find("first"), text.find("GET /b "));
  EXPECT_NE(text.find("GET /b "), std::string::npos);
  ::close(fd);
}

TEST_F(HttpSocket, InvitesABodyThatWaits) {
  Serve();
  const int fd = Connect();
  SendText(fd, "POST /c HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(ReadText(fd, 25), "HTTP/1.1 100 Continue\r\n\r\n");
  SendText(fd, "ok");
  EXPECT_NE(ReadText(fd, 60).find("200 OK"), std::string::npos);
  ::close(fd);
}

TEST_F(HttpSocket, ClosesASilentConnection) {
  Serve({100, 64});
  const int fd = Connect();
  SendText(fd, "GET / HT");
  bool closed = false;
  EXPECT_EQ(ReadText(fd, SIZE_MAX, &closed), "");
  EXPECT_TRUE(closed);
  ::close(fd);
}

TEST_F(HttpSocket, DoesNotCountTheTimeOfAnAnswerAsSilence) {
  Serve({100, 64});
  auto answer = Start({"GET", "/later", {}, {}, ""});
  ASSERT_TRUE(RunUntil([&] { return waiting_.size() == 1; }));
  RunFor(300);
  waiting_[0]({200, "text/plain", "late"});
  const Result<Response> late = Await(answer);
  ASSERT_TRUE(late) << late.error().detail;
  EXPECT_EQ(late->body, "late");
}

TEST_F(HttpSocket, LetsConnectionsOverTheLimitWait) {
  Serve({60'000, 2});
  const int first = Connect();
  const int second = Connect();
  const int third = Connect();
  SendText(third, "GET /c HTTP/1.1\r\n\r\n");
  RunFor(50);
  EXPECT_EQ(handled_, 0);
  ::close(first);
  EXPECT_NE(ReadText(third, 60).find("200 OK"), std::string::npos);
  ::close(second);
  ::close(third);
}

TEST_F(HttpSocket, AnswersForClientsThatAreGoneAreDropped) {
  Serve();
  const int fd = Connect();
  SendText(fd, "GET /later HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(RunUntil([&] { return waiting_.size() == 1; }));
  ::close(fd);
  RunFor(10);
  waiting_[0]({200, "text/plain", std::string(1 << 20, 'x')});
  EXPECT_TRUE(Ask({"GET", "/", {}, {}, ""}));
}

TEST_F(HttpSocket, AnswersAfterTheServersEndAreDropped) {
  Serve();
  auto answer = Start({"GET", "/later", {}, {}, ""});
  ASSERT_TRUE(RunUntil([&] { return waiting_.size() == 1; }));
  server_.reset();
  waiting_[0]({200, "text/plain", ""});
  EXPECT_EQ(Await(answer).error().code, Code::kMalformed);
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(HttpSocket, AHandlerMayEndTheServer) {
  Serve();
  EXPECT_FALSE(Ask({"GET", "/end", {}, {}, ""}));
  EXPECT_EQ(server_, nullptr);
}

TEST_F(HttpSocket, TheSocketIsForItsOwnerOnly) {
  const mode_t before = ::umask(0);
  Serve();
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
}

TEST_F(HttpSocket, ReplacesASocketThatNobodyListensOn) {
  const sockaddr_un address = *UnixAddress(path_);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  ::close(fd);
  ASSERT_TRUE(fs::exists(path_));
  Serve();
  EXPECT_TRUE(Ask({"GET", "/", {}, {}, ""}));
}

TEST_F(HttpSocket, LeavesALiveSocketAndAForeignFileAlone) {
  Serve();
  EXPECT_EQ(Listen().error().code, Code::kLocked);
  EXPECT_TRUE(Ask({"GET", "/", {}, {}, ""}));
  server_.reset();
  std::ofstream(path_) << "text";
  EXPECT_EQ(Listen().error().code, Code::kNotPermitted);
  EXPECT_EQ(fs::file_size(path_), 4u);
}

TEST_F(HttpSocket, LeavesTheSocketOfASuccessorAlone) {
  Serve();
  fs::remove(path_);
  auto successor = Listen();
  ASSERT_TRUE(successor);
  server_.reset();
  EXPECT_TRUE(fs::exists(path_));
}

TEST_F(HttpSocket, PathsHaveTheLengthThatTheSystemTakes) {
  path_ = dir_ / std::string(107 - dir_.native().size() - 1, 's');
  ASSERT_EQ(path_.native().size(), 107u);
  Serve();
  EXPECT_TRUE(Ask({"GET", "/", {}, {}, ""}));
  path_ += "s";
  EXPECT_EQ(Listen().error().code, Code::kUsage);
  EXPECT_EQ(Call(path_, {"GET", "/", {}, {}, ""}, 100).error().code, Code::kUsage);
}

TEST_F(HttpSocket, ClientTellsNobodyFromSilence) {
  EXPECT_EQ(Call(path_, {"GET", "/", {}, {}, ""}, 1000).error().code, Code::kUnreachable);
  Serve();
  auto answer = Start({"GET", "/later", {}, {}, ""}, 100);
  const Result<Response> none = Await(answer);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::kUnreachable);
  EXPECT_NE(none.error().detail.find("in time"), std::string::npos);
}

}  // namespace
}  // namespace geflecht::api
