// Which server has proven which operation? Each proof runs a real exchange on every server: right forms that must work, and wrong ones that
// must be refused. What it finds of each operation is compared with the table in docs/operations.md, so the table is what the tests saw.
//
//   PROOF(tags_of_a_bucket, "tagging", put_bucket_tagging_request, get_bucket_tagging_request) {
//     live::bucket b{s.client};
//     s.refuses(get_bucket_tagging_request{.bucket = b}, "NoSuchTagSet");
//     ...
//     s.does(put);
//     if (const auto got = s.does(get_bucket_tagging_request{.bucket = b})) CHECK(test::lost(put.tagging, *got) == "");
//   }
//
// An operation is proven where it has both worked and refused. Where a server does not have it, the table says what it answers instead.
// With S3STORE_WRITE_OPERATIONS=1 in the environment the proofs write the table and do not compare.
#pragma once

#include <algorithm>
#include <fstream>
#include <initializer_list>

#include "support/leaves.hpp"
#include "support/live.hpp"

namespace proof {

using namespace s3store;

// ---- The table of docs/operations.md

/// One line of it: an operation, its family, what was found on each server, in their order, and what that comes to.
struct row {
  std::string operation{}, family{};
  std::vector<std::string> found{};
  std::string proven_by{};
};

struct column {
  std::string_view server{}, title{};
  bool real{true};
};
inline constexpr column columns[] = {
    {"minio", "MinIO"}, {"versitygw", "versitygw"}, {"moto", "moto"}, {"embedded", "embedded S3", false}};
inline constexpr std::string_view proven = "**proven**", unrefusing = "works, refuses nothing";

inline std::size_t column_of(std::string_view server) {
  std::size_t i = 0;
  while (columns[i].server != server) ++i;
  return i;
}

/// All operations, in the order of the table. Defined in proof_table_test.cpp, so that the other proofs need not know them all.
const std::vector<std::string_view>& order();

/// The file, with its table read out of it and written back into it.
class table {
 public:
  table() {
    const std::string tests = __FILE__;
    const std::string root = live::variable("S3STORE_SOURCE_DIR");
    path_ = (root.empty() ? tests.substr(0, tests.rfind("tests/support/")) : root + "/") + "docs/operations.md";
    std::ifstream in{path_};
    if (!in) FAIL("cannot read " + path_);
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with('|'))
        (seen_ ? after_ : before_).append(line).append("\n");
      else if (std::exchange(seen_, true) && !line.starts_with("|--"))
        rows_.push_back(parsed(line));
    }
  }

  row* find(std::string_view operation) {
    for (row& r : rows_)
      if (r.operation == operation) return &r;
    return nullptr;
  }
  row& at(std::string_view operation, std::string_view family) {
    row* r = find(operation);
    if (!r) r = &rows_.emplace_back(row{.operation = std::string(operation)});
    r->family = family;
    r->found.resize(std::size(columns));
    return *r;
  }
  std::vector<row>& rows() { return rows_; }

  void write() {
    std::ofstream out{path_};
    const auto place = [](const row& r) { return std::find(order().begin(), order().end(), r.operation); };
    std::stable_sort(rows_.begin(), rows_.end(), [place](const row& a, const row& b) { return place(a) < place(b); });
    out << before_ << "| operation | family |";
    for (const column& c : columns) out << " " << c.title << " |";
    out << " proven by |\n|--|--|";
    for (std::size_t i = 0; i != std::size(columns); ++i) out << "--|";
    out << "--|\n";
    for (const row& r : rows_) {
      out << "| " << r.operation << " | " << r.family << " |";
      for (const std::string& f : r.found) out << " " << f << " |";
      out << " " << proven_by(r) << " |\n";
    }
    out << after_;
    out.close();
    if (!out) FAIL("cannot write " + path_);
  }

  /// The last column, which follows from the others.
  static std::string proven_by(const row& r) {
    int servers = 0;
    for (std::size_t i = 0; i != std::size(columns); ++i) servers += columns[i].real && r.found[i] == proven;
    return servers == 0 ? "model only" : std::to_string(servers) + (servers == 1 ? " server" : " servers");
  }

  static row parsed(std::string_view line) {
    std::vector<std::string> cells;
    detail::split(line.substr(1), '|', [&](std::string_view cell) { cells.emplace_back(detail::trim(cell)); });
    if (cells.size() != std::size(columns) + 4)
      FAIL("a line of docs/operations.md with another number of columns: " + std::string(line));
    return {.operation = cells[0],
            .family = cells[1],
            .found = {cells.begin() + 2, cells.begin() + 2 + std::size(columns)},
            .proven_by = cells[2 + std::size(columns)]};
  }

 private:
  std::string path_{}, before_{}, after_{};
  bool seen_{};
  std::vector<row> rows_{};
};

// ---- The proofs

/// What a server should answer in place of an error, where it takes what S3 refuses.
inline constexpr std::string_view accepts = "accepts";
/// What a server is known to answer where it differs from S3. Asserted like everything else: when the server changes, the test says so.
using quirks = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// A server that testifies, and what it has said so far.
class witness {
 public:
  explicit witness(const live::target& t) : client(t.connect()), target_(t) {}

  const live::client client;

  bool is(std::string_view server) const { return target_.is(server); }
  const live::target& target() const { return target_; }

  /// These are not there: whatever they answer is noted, and nothing is expected of it.
  template <class... R>
  void lacks() {
    ((of(R::spec.name).lacking = true), ...);
  }

  /// The right form. It works; or the server says that it does not have the operation, and there is no value.
  template <class R>
  std::optional<response_of<R>> does(const R& request) {
    return does(client, request);
  }
  template <class R>
  std::optional<response_of<R>> does(const live::client& from, const R& request) {
    auto answer = from.send(request, once);
    if (!did(R::spec.name, answer ? nullptr : &answer.error(), answer.meta().status)) return std::nullopt;
    return std::move(*answer);
  }

  /// The wrong form. It is refused with this code of S3's (of an answer to HEAD, which has none, with this status).
  template <class R>
  void refuses(const R& request, std::string_view code, quirks known = {}) {
    refuses(client, request, code, known);
  }
  template <class R>
  void refuses(const live::client& from, const R& request, std::string_view code, quirks known = {}) {
    for (const auto& [server, other] : known)
      if (is(server)) code = other;
    const auto answer = from.send(request, once);
    refused(R::spec.name, answer ? nullptr : &answer.error(), answer.meta().status, code);
  }

  /// What the table says of an operation: proven, or what was answered instead. One that refuses nothing has not proven itself.
  std::string verdict(std::string_view operation) {
    const finding& f = of(operation);
    INFO(operation << " on " << target_.name);
    if (f.lacking && (f.did || f.instead.empty())) FAIL_CHECK("it is said to be absent, and worked, or was never asked");
    if (f.lacking) return f.instead;
    if (!f.did) FAIL_CHECK("it never worked");
    return std::string(f.refused ? proven : unrefusing);
  }

 private:
  struct finding {
    std::string operation{};
    bool did{}, refused{}, lacking{};
    std::string instead{};  ///< what is answered where the operation is not there: to the right form, if that was sent
  };
  inline static const call_options once{.max_attempts = 1};  // no answer is asked for again, 500 neither

  finding& of(std::string_view operation) {
    for (finding& f : found_)
      if (f.operation == operation) return f;
    return found_.emplace_back(finding{.operation = std::string(operation)});
  }

  static std::string said(const error* e, int status) {
    if (!e) return std::to_string(status);
    if (!e->code.empty()) return e->code;
    return e->status != 0 && e->kind != error_kind::malformed_response ? std::to_string(e->status)
                                                                       : std::string(to_string(e->kind));
  }

  /// True where the operation is not there, which is then noted.
  static bool absent(finding& f, const error* e, int status, bool right_form) {
    // The code counts, too: it may come in an event, after a status of 200.
    if (e && (e->kind == error_kind::not_implemented || e->kind == error_kind::method_not_allowed || e->code == "NotImplemented"))
      f.lacking = true;
    if (f.lacking && (right_form || f.instead.empty())) f.instead = said(e, status);
    return f.lacking;
  }

  bool did(std::string_view operation, const error* e, int status) {
    finding& f = of(operation);
    if (absent(f, e, status, true)) return false;
    if (e) FAIL(operation << " on " << target_.name << ": " << e->describe());
    return f.did = true;
  }
  void refused(std::string_view operation, const error* e, int status, std::string_view code) {
    finding& f = of(operation);
    if (absent(f, e, status, false)) return;
    INFO(operation << " on " << target_.name << ": " << (e ? e->describe() : "worked"));
    // S3's answer to a HEAD has no code; that MinIO's has one is no difference to prove.
    const bool by_status = e && operation.starts_with("Head") && e->status != 0;
    CHECK((by_status ? std::to_string(e->status) : e ? said(e, status) : std::string(accepts)) == code);
    if (e && e->kind != error_kind::server) f.refused = true;  // an answer 500 is no refusal
  }

  const live::target& target_;
  std::vector<finding> found_{};
};

/// A proof, known before any runs.
struct registration {
  std::string_view family{};
  std::vector<std::string_view> operations{};

  static std::vector<const registration*>& all() {
    static auto* const list = new std::vector<const registration*>;
    return *list;
  }
  registration(std::string_view f, std::vector<std::string_view> o) : family(f), operations(std::move(o)) { all().push_back(this); }
};

template <class... R>
std::vector<std::string_view> names_of() {
  return {R::spec.name...};
}

inline const std::vector<live::target>& servers() {
  static const auto* const all = [] {
    auto* const out = new std::vector<live::target>{live::targets()};
    if (auto moto = live::real_server("MOTO")) out->push_back(std::move(*moto));
    return out;
  }();
  return *all;
}

inline bool writing() { return !live::variable("S3STORE_WRITE_OPERATIONS").empty(); }

inline void run(const registration& r, void (*proof)(witness&)) {
  for (const live::target& t : servers())
    DYNAMIC_SECTION(t.name) {
      witness s{t};
      proof(s);
      table known;
      for (const std::string_view operation : r.operations) {
        const std::string verdict = s.verdict(operation);
        std::string& cell = known.at(operation, r.family).found[column_of(t.name)];
        if (writing()) {
          cell = verdict;
          continue;
        }
        INFO(operation << " on " << t.name << ": docs/operations.md is not what the tests find; it says how to write it anew");
        CHECK(cell == verdict);
      }
      if (writing()) known.write();
    }
}

/// A bucket that nobody made: the wrong form that every operation on a bucket has.
inline constexpr const char* nowhere = "s3store-test-that-nobody-made";

/// Defines a proof of some operations of a family (a header of operations/). What follows is the body of a function of `s`, the witness.
#define PROOF(name, family, ...)                                                                   \
  static void name(proof::witness& s);                                                             \
  static const proof::registration name##_registered{family, proof::names_of<__VA_ARGS__>()};      \
  TEST_CASE("proof: " family ": " #name, "[live][proof]") { proof::run(name##_registered, name); } \
  static void name(proof::witness& s)

}  // namespace proof
