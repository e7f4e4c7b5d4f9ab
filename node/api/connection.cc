#include "node/api/connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <utility>

#include "base/check.h"

namespace geflecht::api {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::int64_t kLingerMs = 2'000;

}  // namespace

Connection::Connection(Socket socket, std::shared_ptr<const Handler> handler, std::int64_t idle_ms,
                       std::function<void()> ended)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      handler_(std::move(handler)),
      idle_ms_(idle_ms),
      ended_(std::move(ended)) {}

void Connection::Close() {
  if (std::exchange(closed_, true)) return;
  ++deadline_;
  timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

void Connection::End() {
  if (closed_) return;
  const std::shared_ptr<Connection> self = shared_from_this();
  Close();
  ended_();
}

void Connection::SetDeadline(std::int64_t ms) {
  timer_.expires_after(std::chrono::milliseconds(ms));
  timer_.async_wait([weak = weak_from_this(), number = ++deadline_](const error_code& cancelled) {
    const std::shared_ptr<Connection> self = weak.lock();
    if (!cancelled && self && self->deadline_ == number) self->End();
  });
}

void Connection::Read() {
  if (!lingering_) SetDeadline(idle_ms_);
  socket_.async_read_some(asio::buffer(input_),
                          [self = shared_from_this()](const error_code& error, std::size_t size) {
                            if (self->closed_) return;
                            if (error) {
                              self->End();
                            } else if (self->lingering_) {
                              self->Read();
                            } else {
                              self->Parse(ByteView(self->input_).first(size));
                            }
                          });
}

void Connection::Parse(ByteView bytes) {
  switch (reader_->Put(bytes)) {
    case RequestReader::State::kMore:
      if (reader_->WantsContinue()) {
        Write("HTTP/1.1 100 Continue\r\n\r\n", [this] { Read(); });
      } else {
        Read();
      }
      return;
    case RequestReader::State::kError:
      Answer(reader_->problem(), false, true);
      return;
    case RequestReader::State::kDone:
      Handle();
      return;
  }
}

void Connection::Handle() {
  ++deadline_;
  timer_.cancel();
  Request request = reader_->Take();
  const bool keep_alive = reader_->keep_alive();
  const bool with_body = request.method != "HEAD";
  (*handler_)(std::move(request), [weak = weak_from_this(), keep_alive, with_body,
                                   answered = std::make_shared<bool>(false)](Response response) {
    CHECK(!std::exchange(*answered, true));
    const std::shared_ptr<Connection> self = weak.lock();
    if (self && !self->closed_) self->Answer(response, keep_alive, with_body);
  });
}

void Connection::Answer(const Response& response, bool keep_alive, bool with_body) {
  Write(FormatResponse(response, keep_alive, with_body), [this, keep_alive] {
    if (keep_alive) {
      NextRequest();
    } else {
      Linger();
    }
  });
}

// `then` may use `this`: the pending operation keeps it alive.
void Connection::Write(std::string bytes, std::function<void()> then) {
  SetDeadline(idle_ms_);
  output_ = std::move(bytes);
  asio::async_write(socket_, asio::buffer(output_),
                    [self = shared_from_this(), then = std::move(then)](const error_code& error,
                                                                        std::size_t /*size*/) {
                      if (self->closed_) return;
                      std::string().swap(self->output_);
                      if (error) {
                        self->End();
                      } else {
                        then();
                      }
                    });
}

void Connection::NextRequest() {
  const Bytes rest = reader_->TakeRest();
  reader_ = std::make_unique<RequestReader>();
  if (rest.empty()) {
    Read();
  } else {
    Parse(rest);
  }
}

// Closing with unread bytes would reset the connection and could take the answer with it.
void Connection::Linger() {
  lingering_ = true;
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  SetDeadline(kLingerMs);
  Read();
}

}  // namespace geflecht::api
