#include "node/net/link.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <utility>

#include "base/check.h"

namespace geflecht::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kIdleQueueBytesMax = 64 * 1024;  // kept between two writes

Error HandshakeError(const error_code& error) {
  const bool tls = error.category() == asio::error::get_ssl_category();
  return {tls ? Code::kVerification : Code::kUnreachable, "TLS handshake: " + error.message(), {}};
}

}  // namespace

Shared::Shared(asio::io_context& loop, TransportEvents callbacks, TransportOptions settings)
    : io(loop),
      events(std::move(callbacks)),
      options(settings),
      policy({[this](const crypto::PublicKey& key) {
                return !stopped && key != own_key && events.is_peer && events.is_peer(key);
              },
              [this] { return !stopped && events.takes_newcomers && events.takes_newcomers(); }}),
      tls(asio::ssl::context::tlsv13),
      limits(limits::kUnauthenticatedMax, limits::kUnauthenticatedPerAddressMax),
      tasks(loop) {}

void Shared::Stop() {
  stopped = true;
  tasks.Cancel();
  links.clear();
}

Link::Link(std::shared_ptr<Shared> shared, Tcp::socket socket, bool incoming, std::string address)
    : shared_(std::move(shared)),
      stream_(std::move(socket), shared_->tls),
      timer_(shared_->io),
      incoming_(incoming),
      address_(std::move(address)),
      counted_(incoming) {
  error_code ignored;
  if (incoming_) origin_ = this->socket().remote_endpoint(ignored).address();
}

void Link::SetDeadline(std::int64_t ms, Error error) {
  timer_.expires_after(std::chrono::milliseconds(ms));
  timer_.async_wait([weak = weak_from_this(), number = ++deadline_,
                     error = std::move(error)](const error_code& cancelled) {
    const std::shared_ptr<Link> link = weak.lock();
    if (!cancelled && link && link->deadline_ == number) link->End(error);
  });
}

void Link::AskToJoin(const crypto::PublicKey& pin) {
  pin_ = pin;
  CHECK(net::AskToJoin(stream_.native_handle(), *pin_));
}

void Link::LeaveLimits() {
  if (std::exchange(counted_, false)) shared_->limits.Leave(origin_);
}

void Link::End(const Error& error) {
  if (std::exchange(ended_, true)) return;
  const std::shared_ptr<Link> self = shared_from_this();
  ++deadline_;
  timer_.cancel();
  error_code ignored;
  socket().close(ignored);
  LeaveLimits();
  if (id_ != 0) shared_->links.erase(id_);
  if (shared_->stopped) return;
  const TransportEvents& events = shared_->events;
  if (id_ != 0) {
    if (events.closed) events.closed(id_, closed_here_ ? "closed here" : error.detail);
  } else if (incoming_) {
    if (events.refused) events.refused(address_, error.detail);
  } else if (events.dial_failed) {
    events.dial_failed(address_, error);
  }
}

asio::awaitable<void> Link::Run() {
  error_code error;
  SetDeadline(shared_->options.handshake_ms,
              Error{Code::kUnreachable, "TLS handshake: no answer in time", {}});
  const auto side = incoming_ ? asio::ssl::stream_base::server : asio::ssl::stream_base::client;
  co_await stream_.async_handshake(side, asio::redirect_error(asio::use_awaitable, error));
  if (ended_) co_return;
  if (error) {
    End(HandshakeError(error));
  } else if (Accept()) {
    co_await ReadFrames();
  }
}

// Makes the connection known once its handshake is over.
bool Link::Accept() {
  const Result<TlsPeer> peer = PeerOf(stream_.native_handle());
  if (!peer) {
    End(peer.error());
    return false;
  }
  ++deadline_;
  timer_.cancel();
  LeaveLimits();
  id_ = ++shared_->last_id;
  shared_->links.emplace(id_, shared_from_this());
  const TransportEvents& events = shared_->events;
  if (!peer->joins) {
    if (events.connected) events.connected(id_, peer->key, incoming_, address_);
  } else if (events.join_connected) {
    events.join_connected(id_, peer->key, incoming_, address_, *peer->joins);
  }
  return !ended_;
}

asio::awaitable<void> Link::ReadFrames() {
  while (!goodbye_) {
    error_code error;
    const std::size_t size = co_await stream_.async_read_some(
        asio::buffer(input_), asio::redirect_error(asio::use_awaitable, error));
    if (ended_) co_return;
    if (error && !goodbye_) {
      co_await AnswerEnd(error);
      co_return;
    }
    Deliver(ByteView(input_).first(size));
    if (ended_) co_return;
  }
  co_await SayGoodbye();
}

void Link::Deliver(ByteView bytes) {
  while (true) {
    Result<std::optional<Bytes>> frame = reader_.Take(bytes, frame_bytes_max_);
    if (!frame) {
      End(frame.error());
      return;
    }
    if (!frame->has_value()) return;
    if (!silent_ && shared_->events.received) shared_->events.received(id_, *std::move(*frame));
    if (ended_) return;
  }
}

// After the last byte that the other side sends.
asio::awaitable<void> Link::AnswerEnd(error_code error) {
  std::string reason = "connection: " + error.message();
  if (error == asio::error::eof) {
    reason = reader_.between_frames() ? "closed by the peer" : "closed by the peer inside a frame";
  } else if (error == asio::ssl::error::stream_truncated) {
    reason = "cut off without close_notify";
  }
  const Error end{Code::kUnreachable, std::move(reason), {}};
  silent_ = true;
  if (error == asio::error::eof && !writing_) {
    SetDeadline(kCloseMs, end);
    co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
  }
  End(end);
}

// Sends close_notify and reads on until the other side has closed, because closing a socket with
// unread bytes resets the connection and takes what was just sent with it.
asio::awaitable<void> Link::SayGoodbye() {
  error_code error;
  co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
  if (ended_) co_return;
  socket().shutdown(Tcp::socket::shutdown_send, error);
  while (!error) {
    co_await socket().async_read_some(asio::buffer(input_),
                                      asio::redirect_error(asio::use_awaitable, error));
    if (ended_) co_return;
  }
  End(Error{Code::kUnreachable, "closed here", {}});
}

void Link::Send(const Bytes& frame) {
  CHECK(!frame.empty() && frame.size() <= limits::kFrameBytesMax);
  if (silent_ || ended_) return;
  if (queued_.size() + in_flight_.size() + 4 + frame.size() > kSendQueueBytesMax) {
    silent_ = true;
    asio::post(shared_->io, [self = shared_from_this()] {
      self->End(Error{Code::kTooLarge, "the peer takes too slowly: send queue full", {}});
    });
    return;
  }
  AppendBe32(queued_, static_cast<std::uint32_t>(frame.size()));
  Append(queued_, frame);
  FlushSoon();
}

void Link::FlushSoon() {
  if (writing_ || std::exchange(flush_posted_, true)) return;
  asio::post(shared_->io, [self = shared_from_this()] {
    self->flush_posted_ = false;
    if (!self->ended_) self->Flush();
  });
}

void Link::Close() {
  if (silent_ || ended_) return;
  silent_ = closed_here_ = true;
  SetDeadline(kCloseMs, Error{Code::kUnreachable, "closed here", {}});
  Flush();
}

void Link::Flush() {
  if (writing_) return;
  if (queued_.empty()) {
    if (!closed_here_) return;
    goodbye_ = true;
    error_code ignored;
    socket().cancel(ignored);
    return;
  }
  writing_ = true;
  std::swap(queued_, in_flight_);
  asio::async_write(stream_, asio::buffer(in_flight_),
                    [self = shared_from_this()](const error_code& error, std::size_t /*size*/) {
                      self->Written(error);
                    });
}

void Link::Written(const error_code& error) {
  writing_ = false;
  in_flight_.clear();
  if (in_flight_.capacity() > kIdleQueueBytesMax) Bytes().swap(in_flight_);
  if (ended_) return;
  if (error) {
    // The reader learns the reason if the other side gave one.
    silent_ = true;
    SetDeadline(kCloseMs, Error{Code::kUnreachable, "connection: " + error.message(), {}});
    return;
  }
  const bool drained = queued_.empty() && !closed_here_;
  Flush();
  if (drained && shared_->events.drained) shared_->events.drained(id_);
}

}  // namespace geflecht::net
