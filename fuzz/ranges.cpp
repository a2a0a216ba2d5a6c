// Ranges: the bytes that the embedded S3 gives for a range are bytes that the object has; the client accepts the answer that names them, and
// of the others only those that a range stands for, too; what a Content-Range says can be written and read again.
//
// The input is lines: a Range, a Content-Range, a query, and the size of the object.
#include <string>
#include <string_view>

#include <s3store/protocol/requested_range.hpp>
#include <s3store/transports/embedded/objects.hpp>

#include "property.hpp"

namespace {

using namespace s3store;

std::string written(const wire::content_range& r) {
  return "bytes " + std::to_string(r.bytes.first) + "-" + std::to_string(r.bytes.last) + "/" + (r.size ? std::to_string(*r.size) : "*");
}

bool same(const wire::content_range& a, const wire::content_range& b) {
  return a.bytes.first == b.bytes.first && a.bytes.last == b.bytes.last && a.size == b.size;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const auto range = in.line(), told_text = in.line(), query = in.line();
  const std::uint64_t object = detail::parse_integer<std::uint64_t>(in.line()).value_or(0);

  const auto told = wire::content_range::parse(told_text);
  if (told) {
    const auto again = wire::content_range::parse(written(*told));
    fuzz::hold(again && same(*again, *told), "a Content-Range, written and read again, is the same");
    fuzz::hold(told->bytes.first <= told->bytes.last && (!told->size || told->bytes.last < *told->size), "its bytes are bytes of the object");
  }

  const wire::requested_range wanted{headers{{"Range", range}}, query};
  const auto served = s3store::embedded::parse_range(range, object);
  if (!served) {
    fuzz::hold(served.error().status == 416, "a range that the object does not have is answered with 416");
  } else if (*served) {
    const auto [first, length] = **served;
    fuzz::hold(length != 0 && length <= object && first <= object - length, "what is served are bytes of the object");
    const wire::content_range answer{{first, first + length - 1}, object};
    headers fields{{"Content-Range", written(answer)}};
    fuzz::hold(wanted.disagreement(206, fields, answer, length).empty(), "the client accepts what the embedded S3 answers");
    fuzz::hold(!wanted.disagreement(206, fields, answer, length - 1).empty(), "an answer of another length is refused");
    const auto other = [&](std::uint64_t from, std::uint64_t to) {
      const wire::content_range changed{{from, to}, object};
      return wanted.disagreement(206, headers{{"Content-Range", written(changed)}}, changed, changed.length()).empty();
    };
    if (first != 0) fuzz::hold(!other(first - 1, first + length - 1), "an answer that begins before the range is refused");
    if (length != 1) fuzz::hold(!other(first + 1, first + length - 1), "an answer that begins within the range is refused");
    if (length != 1) fuzz::hold(!other(first, first + length - 2), "an answer that ends before the range does is refused");
    if (first + length != object) fuzz::hold(!other(first, first + length), "an answer that ends behind the range is refused");
  }
  if (told && told->size) {
    const auto expected = s3store::embedded::parse_range(range, *told->size);
    if (expected && *expected && wanted.disagreement(206, headers{{"Content-Range", told_text}}, told, told->length()).empty())
      fuzz::hold(told->bytes.first == (*expected)->first && told->length() == (*expected)->length,
                 "of the answers to a range the client accepts the one that S3 gives");
  }

  const std::string left = wire::requested_range::without_part_number(query);
  fuzz::hold(left.size() <= query.size(), "a query does not grow when its part number is taken out");
  if (!wire::requested_range{headers{}, query}.is_part()) fuzz::hold(left == query, "a query without a part number stays as it is");
  return 0;
}
