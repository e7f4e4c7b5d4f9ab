// The request reader of the local interface. First byte: how the stream is cut. However it is cut,
// the same request comes out, and one that comes out can be written and read again.
#include "base/check.h"
#include "base/limits.h"
#include "node/api/http_codec.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

using api::RequestReader;

struct Outcome {
  RequestReader::State state = RequestReader::State::kMore;
  api::Request request;
  int problem = 0;
  bool keep_alive = false;
};

Outcome ReadRequest(ByteView stream, std::size_t piece) {
  RequestReader reader;
  Outcome reading;
  while (!stream.empty() && reading.state == RequestReader::State::kMore) {
    const ByteView part = stream.first(std::min(piece, stream.size()));
    stream = stream.subspan(part.size());
    reading.state = reader.Put(part);
    reader.WantsContinue();
  }
  if (reading.state == RequestReader::State::kError) reading.problem = reader.problem().status;
  if (reading.state != RequestReader::State::kDone) return reading;
  reading.keep_alive = reader.keep_alive();
  reading.request = reader.Take();
  CHECK(reader.TakeRest().size() <= piece);
  return reading;
}

bool Same(const api::Request& a, const api::Request& b) {
  return a.method == b.method && a.path == b.path && a.query == b.query && a.body == b.body;
}

void CheckWrittenRequest(const api::Request& request) {
  const auto text = api::FormatRequest(request);
  if (!text) return;
  const Outcome again = ReadRequest(AsBytes(*text), text->size());
  if (again.problem == 431) return;  // escapes make it longer
  CHECK(again.state == RequestReader::State::kDone && Same(again.request, request));
}

}  // namespace

void Http(ByteView input) {
  Input in(input);
  const std::size_t piece = in.Byte();
  const ByteView stream = in.Rest();
  const Outcome whole = ReadRequest(stream, stream.size() + 1);
  if (piece != 0) {
    const Outcome cut = ReadRequest(stream, piece);
    // Beast judges a header that came in pieces when it is whole, and one in a piece at once.
    if (whole.state == RequestReader::State::kError && cut.state == RequestReader::State::kMore)
      return;
    CHECK(cut.state == whole.state && cut.problem == whole.problem);
    CHECK(cut.keep_alive == whole.keep_alive && Same(cut.request, whole.request));
    CHECK(cut.request.headers == whole.request.headers);
  }
  if (whole.state == RequestReader::State::kError)
    CHECK(whole.problem == 400 || whole.problem == 413 || whole.problem == 431);
  if (whole.state != RequestReader::State::kDone) return;
  CHECK(whole.request.body.size() <= limits::kHttpBodyBytesMax);
  CheckWrittenRequest(whole.request);
}

}  // namespace geflecht::fuzz
