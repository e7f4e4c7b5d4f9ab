// One connection from its first byte to its end.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "node/net/frame_reader.h"
#include "node/net/handshake_limits.h"
#include "node/net/task_group.h"
#include "node/net/tls.h"
#include "node/net/transport.h"

namespace geflecht::net {

class Link;

// What the connections of one Transport share. Tasks that still have to end keep it alive after the
// Transport; `stopped` is set then and no event is called any more.
struct Shared {
  Shared(boost::asio::io_context& loop, TransportEvents callbacks, TransportOptions settings);
  void Stop();

  boost::asio::io_context& io;
  TransportEvents events;
  TransportOptions options;
  crypto::PublicKey own_key;
  TlsPolicy policy;
  boost::asio::ssl::context tls;
  HandshakeLimits limits;
  std::map<ConnId, std::shared_ptr<Link>> links;  // those that are connected
  ConnId last_id = 0;
  bool stopped = false;
  TaskGroup tasks;
};

class Link : public std::enable_shared_from_this<Link> {
 public:
  using Tcp = boost::asio::ip::tcp;

  // `socket` is connected if `incoming`, and counted in shared->limits. `address` is for the
  // events.
  Link(std::shared_ptr<Shared> shared, Tcp::socket socket, bool incoming, std::string address);

  Tcp::socket& socket() { return stream_.next_layer(); }
  bool ended() const { return ended_; }

  // Ends the connection after `ms` with this error unless another deadline takes its place.
  void SetDeadline(std::int64_t ms, Error error);
  // Closes the socket and reports the end, the first time. Only from the loop, not from inside a
  // call of the Transport.
  void End(const Error& error);

  // Handshake, then frames, until the end. The caller keeps the Link alive.
  boost::asio::awaitable<void> Run();

  // Before Run, of an outgoing one: it asks to join, from the device with this key.
  void AskToJoin(const crypto::PublicKey& pin);

  // The calls of Transport.
  void Send(const Bytes& frame);
  void AllowLargeFrames() { frame_bytes_max_ = limits::kFrameBytesMax; }
  void Close();

 private:
  bool Accept();
  boost::asio::awaitable<void> ReadFrames();
  boost::asio::awaitable<void> AnswerEnd(boost::system::error_code error);
  boost::asio::awaitable<void> SayGoodbye();
  void Deliver(ByteView bytes);
  // Writes once what one turn of the loop queues.
  void FlushSoon();
  void Flush();
  void Written(const boost::system::error_code& error);
  void LeaveLimits();

  std::shared_ptr<Shared> shared_;
  std::optional<crypto::PublicKey> pin_;  // its place does not change while stream_ lives
  boost::asio::ssl::stream<Tcp::socket> stream_;
  boost::asio::steady_timer timer_;
  std::uint64_t deadline_ = 0;  // of several, only the one with this number counts
  const bool incoming_;
  const std::string address_;
  boost::asio::ip::address origin_;
  bool counted_;

  ConnId id_ = 0;         // 0: not connected yet
  bool silent_ = false;   // nothing is sent or delivered any more
  bool goodbye_ = false;  // Close was called and everything queued is written
  bool closed_here_ = false;
  bool ended_ = false;
  bool writing_ = false;
  bool flush_posted_ = false;
  std::size_t frame_bytes_max_ = limits::kFrameBytesMaxBeforeHello;
  FrameReader reader_;
  std::array<std::uint8_t, 16 * 1024> input_;  // one TLS record
  Bytes queued_;
  Bytes in_flight_;
};

}  // namespace geflecht::net
