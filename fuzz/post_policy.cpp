// POST policies: a policy that is read, written and read again is the same; and a form that is accepted meets each condition of the policy's
// text, as another reader of JSON finds them, and has no field that the policy does not name.
//
// The input is lines: the policy, the bucket, the file's size, and then the form's fields, "name=value".
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include <s3store/transports/embedded/verify_post.hpp>

#include "property.hpp"

namespace {

using namespace s3store;
using document = nlohmann::json;

constexpr timestamp now{std::chrono::seconds{1'700'000'000}};

std::string text_of(const document& scalar) { return scalar.is_string() ? scalar.get<std::string>() : scalar.dump(); }

/// A form with each name once, in lower case.
struct form {
  std::string bucket{};
  std::uint64_t file_size{};
  auth::form_fields fields{};

  std::string value(const std::string& name) const {
    if (name == "bucket") return bucket;
    for (const auto& [field, value] : fields)
      if (detail::lower_case(field) == name) return value;
    return {};
  }
};

bool begins(const std::string& name, const std::string& value, const std::string& with) {
  if (name != "content-type") return value.starts_with(with);
  bool all = true;  // a list, each of whose items counts
  detail::split(value, ',', [&](std::string_view one) { all = all && (value.find(',') == std::string::npos ? one : detail::trim(one)).starts_with(with); });
  return all;
}

void check_conditions(const document& policy, const form& f) {
  std::set<std::string> named;
  for (const document& c : policy["conditions"]) {
    if (c.is_object()) {
      for (const auto& [field, value] : c.items()) {
        const std::string name = *named.insert(detail::lower_case(field)).first;
        fuzz::hold(f.value(name) == text_of(value), "an accepted form has the value that the policy demands");
      }
    } else {
      const std::string test = detail::lower_case(text_of(c[0]));
      if (test == "content-length-range") {
        fuzz::hold(f.file_size >= detail::parse_integer<std::uint64_t>(text_of(c[1])).value_or(~0ull) &&
                       f.file_size <= detail::parse_integer<std::uint64_t>(text_of(c[2])).value_or(0),
                   "the file of an accepted form has a size that the policy allows");
        continue;
      }
      const std::string name = *named.insert(detail::lower_case(text_of(c[1]).substr(1))).first;
      const std::string value = f.value(name), due = text_of(c[2]);
      fuzz::hold(test == "eq" ? value == due : begins(name, value, due), "a field of an accepted form meets the policy's condition");
    }
  }
  fuzz::hold(named.contains("bucket"), "a policy that accepts a form names the bucket");
  for (const auto& [field, value] : f.fields) {
    const std::string name = detail::lower_case(field);
    const bool free = name == "policy" || name == "x-amz-signature" || name == "file" || name.starts_with("x-ignore-");
    fuzz::hold(free || named.contains(name), "an accepted form has no field that the policy does not name");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const std::string text{in.line()};
  const auto policy = s3store::embedded::parse_policy_document(text);
  if (!policy) return 0;

  if (const auto written = auth::policy_document(*policy)) {
    const auto again = s3store::embedded::parse_policy_document(*written);
    fuzz::hold(again && auth::policy_document(*again).value() == *written, "a policy, written and read again, is the same");
  }

  form f{.bucket = std::string(in.line()), .file_size = in.number(1'000'000), .fields = {}};
  std::set<std::string> seen{"bucket"};
  while (!in.empty()) {
    fuzz::input field = in.piece();
    const std::string name{field.until("=")};
    if (seen.insert(detail::lower_case(name)).second) f.fields.emplace_back(name, field.rest());  // the form's reader refuses a second one
  }
  if (!s3store::embedded::check_policy(*policy, f.fields, f.bucket, f.file_size, now)) return 0;
  // nlohmann/json keeps the last of two members with one name, where our reader keeps both: the stricter way.
  const document other = document::parse(text, nullptr, false);
  fuzz::hold(!other.is_discarded(), "a policy that is read is JSON");
  check_conditions(other, f);
  return 0;
}
