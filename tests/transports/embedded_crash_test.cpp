// Does an embedded S3 under a root keep what it answered, and harm nothing else, if its process ends or a call of the system fails?
//
// A script of requests is played again and again: each time the process ends, or a call fails, one change of the disk later. What is
// found then is compared with a server in memory that was played the same part of the script: the one up to the last answer, or the
// one with the request that was on its way.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <s3store/transports/embedded/server.hpp>
#include <s3store/transports/scripted_time.hpp>

#include "support/catch.hpp"
#include "support/child.hpp"
#include "support/scratch_folder.hpp"

using namespace s3store;
using testing_support::child;
using testing_support::names_in;
using testing_support::scratch_folder;

namespace {

/// Counts the changes of the disk, and at one of them ends the process or lets the call fail. It does not wait for the disk, which
/// takes what a process wrote also after its end.
struct counted_files : embedded::system_files {
  enum class fate { none, ended, failed, ended_halfway, failed_halfway };  // halfway: a write that wrote a half

  static inline fate then{};
  static inline long at{};     // which change, from 1
  static inline long count{};  // how many there were
  static inline std::vector<bool> writes{};  // which of them are writes

  static void plan(fate what, long when) {
    then = what;
    at = when;
    count = 0;
    writes.clear();
  }

  static result<void> make_folder(const std::string& path, bool& missing) {
    return counted([&] { return system_files::make_folder(path, missing); });
  }
  static result<void> remove_folder(const std::string& path) {
    return counted([&] { return system_files::remove_folder(path); });
  }
  static result<file> create(const std::string& path) {
    if (due()) return broken();
    return system_files::create(path);
  }
  static result<void> write(file& to, std::span<const std::byte> bytes) {
    writes.resize(static_cast<std::size_t>(count + 1), false);
    writes.back() = true;
    return counted([&] { return system_files::write(to, bytes); },
                   [&] { static_cast<void>(system_files::write(to, bytes.first(bytes.size() / 2))); });
  }
  static result<void> sync(file&) {
    return counted([] { return result<void>{}; });
  }
  static result<void> sync_folder(const std::string&) {
    return counted([] { return result<void>{}; });
  }
  static result<void> rename(const std::string& from, const std::string& to) {
    return counted([&] { return system_files::rename(from, to); });
  }
  static result<void> remove(const std::string& path) {
    return counted([&] { return system_files::remove(path); });
  }

 private:
  static error broken() { return detail::fail(error_kind::io, "the disk is full"); }
  /// True if the call is to fail.
  template <class Half>
  static bool due(Half&& half) {
    if (++count != at || then == fate::none) return false;
    if (then == fate::ended_halfway || then == fate::failed_halfway) half();
    if (then == fate::ended || then == fate::ended_halfway) ::_exit(0);
    return true;
  }
  static bool due() {
    return due([] {});
  }
  template <class Call, class Half>
  static result<void> counted(Call&& call, Half&& half) {
    if (due(half)) return broken();
    return call();
  }
  template <class Call>
  static result<void> counted(Call&& call) {
    return counted(call, [] {});
  }
};
using fate = counted_files::fate;

template <class Files>
using server_on = embedded::server<embedded::basic_store<embedded::basic_disk<Files>>>;

embedded_options options_for(const std::string& root, bool sync) {
  return {.root = root, .clock = manual_clock{}, .anonymous_allowed = true, .min_part_size = 1, .sync = sync};
}

/// In memory where the system has such a folder: no file here has to outlive it.
const char* const place = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

// --- the script ------------------------------------------------------------------------------------------------------------------

/// What the script remembers of earlier answers.
struct memory {
  std::string upload{};
  std::string upload_away{};
  std::string first_version{};
};

std::string element(const std::string& document, const std::string& name) {
  const auto begin = document.find("<" + name + ">"), end = document.find("</" + name + ">");
  if (begin == std::string::npos || end == std::string::npos) return {};
  return document.substr(begin + name.size() + 2, end - begin - name.size() - 2);
}

embedded_answer ask(embedded::service& s, const std::string& method, const std::string& target, const std::string& body = {},
                    const std::string& field = {}, const std::string& value = {}) {
  headers fields{{"Host", "s3.test"}, {"Content-Length", std::to_string(body.size())}};
  if (!field.empty()) fields.add(field, value);
  if (!body.empty()) fields.add("x-amz-checksum-sha256", detail::base64(crypto::sha256(detail::as_bytes(body))));
  return s.serve({.method = method, .target = target, .fields = std::move(fields), .body = body});
}

using step = embedded_answer (*)(embedded::service&, memory&);

embedded_answer versioning(embedded::service& s, const char* state) {
  return ask(s, "PUT", "/kept?versioning", std::string("<VersioningConfiguration><Status>") + state + "</Status></VersioningConfiguration>");
}
embedded_answer complete(embedded::service& s, const memory& m) {
  const auto parts = ask(s, "GET", "/plain/parts?uploadId=" + m.upload).body;
  std::string listed;
  for (std::size_t at = parts.find("<ETag>"); at != std::string::npos; at = parts.find("<ETag>", at + 1))
    listed += "<Part><PartNumber>" + std::to_string(1 + std::count(listed.begin(), listed.end(), 'P') / 4) + "</PartNumber>" +
              parts.substr(at, parts.find("</ETag>", at) + 7 - at) + "</Part>";
  return ask(s, "POST", "/plain/parts?uploadId=" + m.upload, "<CompleteMultipartUpload>" + listed + "</CompleteMultipartUpload>");
}

/// Every kind of change that the store knows.
const std::vector<step> script{
    [](embedded::service& s, memory&) { return ask(s, "PUT", "/plain"); },
    [](embedded::service& s, memory&) { return ask(s, "PUT", "/kept"); },
    [](embedded::service& s, memory&) { return versioning(s, "Enabled"); },
    [](embedded::service& s, memory&) { return ask(s, "PUT", "/plain/k", "one"); },
    [](embedded::service& s, memory&) { return ask(s, "PUT", "/plain/k", "and two", "x-amz-meta-a", "b"); },
    [](embedded::service& s, memory& m) {
      auto out = ask(s, "PUT", "/kept/k", "first version");
      m.first_version = out.fields.value_or_empty("x-amz-version-id");
      return out;
    },
    [](embedded::service& s, memory&) { return ask(s, "PUT", "/kept/k", "second version"); },
    [](embedded::service& s, memory&) { return ask(s, "DELETE", "/kept/k"); },
    [](embedded::service& s, memory& m) { return ask(s, "DELETE", "/kept/k?versionId=" + m.first_version); },
    [](embedded::service& s, memory&) {
      return ask(s, "PUT", "/plain/k?tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>");
    },
    [](embedded::service& s, memory&) {
      return ask(s, "PUT", "/plain?tagging", "<Tagging><TagSet><Tag><Key>c</Key><Value>d</Value></Tag></TagSet></Tagging>");
    },
    [](embedded::service& s, memory&) { return ask(s, "DELETE", "/plain?tagging"); },
    [](embedded::service& s, memory& m) {
      auto out = ask(s, "POST", "/plain/parts?uploads");
      m.upload = element(out.body, "UploadId");
      return out;
    },
    [](embedded::service& s, memory& m) { return ask(s, "PUT", "/plain/parts?partNumber=1&uploadId=" + m.upload, "part one,"); },
    [](embedded::service& s, memory& m) { return ask(s, "PUT", "/plain/parts?partNumber=2&uploadId=" + m.upload, " and two"); },
    [](embedded::service& s, memory& m) { return ask(s, "PUT", "/plain/parts?partNumber=1&uploadId=" + m.upload, "another part one,"); },
    [](embedded::service& s, memory&) { return ask(s, "PUT", "/plain/parts", "before it was uploaded in parts"); },
    [](embedded::service& s, memory& m) { return complete(s, m); },
    [](embedded::service& s, memory&) { return ask(s, "PUT", "/plain/copy", "", "x-amz-copy-source", "plain/parts"); },
    [](embedded::service& s, memory&) { return ask(s, "DELETE", "/plain/parts"); },
    [](embedded::service& s, memory&) { return ask(s, "DELETE", "/plain/k"); },
    [](embedded::service& s, memory& m) {
      auto out = ask(s, "POST", "/plain/away?uploads");
      m.upload_away = element(out.body, "UploadId");
      return out;
    },
    [](embedded::service& s, memory& m) { return ask(s, "PUT", "/plain/away?partNumber=1&uploadId=" + m.upload_away, "in vain"); },
    [](embedded::service& s, memory& m) { return ask(s, "DELETE", "/plain/away?uploadId=" + m.upload_away); },
    [](embedded::service& s, memory&) { return versioning(s, "Suspended"); },
    [](embedded::service& s, memory&) { return ask(s, "PUT", "/kept/k", "null"); },
    [](embedded::service& s, memory&) { return ask(s, "PUT", "/kept/k", "another null"); },
    [](embedded::service& s, memory&) { return ask(s, "DELETE", "/kept/k"); },
    [](embedded::service& s, memory&) { return ask(s, "PUT", "/gone"); },
    [](embedded::service& s, memory& m) {
      auto out = ask(s, "POST", "/gone/parts?uploads");
      m.upload_away = element(out.body, "UploadId");
      return out;
    },
    [](embedded::service& s, memory& m) { return ask(s, "PUT", "/gone/parts?partNumber=1&uploadId=" + m.upload_away, "in vain"); },
    [](embedded::service& s, memory&) { return ask(s, "DELETE", "/gone"); },
    [](embedded::service& s, memory&) { return ask(s, "PUT", "/gone"); },
};

/// Plays the script until an answer is an error, and calls `answered(how many)` after each other one.
template <class Answered>
std::size_t play(embedded::service& s, Answered&& answered) {
  memory m;
  for (std::size_t i = 0; i != script.size(); ++i) {
    const auto out = script[i](s, m);
    if (out.status >= 300 || out.body.find("<Error>") != std::string::npos) return i;
    answered(i + 1);
  }
  return script.size();
}

// --- what is there ---------------------------------------------------------------------------------------------------------------

/// Everything that a client can see. (The identifiers of versions and uploads are the same in each run, as is the time.)
std::string all_of(embedded::service& s) {
  std::string out = ask(s, "GET", "/").body;
  for (const std::string bucket : {"/plain", "/kept", "/gone"}) {
    if (ask(s, "HEAD", bucket).status != 200) continue;
    for (const char* const about : {"?versioning", "?tagging", "?ownershipControls"}) {
      const auto told = ask(s, "GET", bucket + about);
      out += told.status == 200 ? told.body : std::to_string(told.status);
    }
    const std::string versions = ask(s, "GET", bucket + "?versions").body, uploads = ask(s, "GET", bucket + "?uploads").body;
    out += "\n" + versions + "\n" + uploads + "\n";
    const auto each = [&](const std::string& list, const std::string& name, auto&& see) {
      for (std::size_t at = list.find("<" + name + ">"); at != std::string::npos; at = list.find("<" + name + ">", at + 1)) {
        const std::string one = list.substr(at, list.find("</" + name + ">", at) - at);
        see(bucket + "/" + element(one, "Key"), one);
      }
    };
    each(versions, "Version", [&](const std::string& path, const std::string& one) {
      const std::string id = "versionId=" + element(one, "VersionId");
      const auto got = ask(s, "GET", path + "?" + id);
      out += path + " " + std::to_string(got.status) + " " + got.body + " " + std::string(got.fields.value_or_empty("x-amz-meta-a")) + "\n";
      out += ask(s, "GET", path + "?tagging&" + id).body + "\n";
    });
    each(uploads, "Upload", [&](const std::string& path, const std::string& one) {
      out += ask(s, "GET", path + "?uploadId=" + element(one, "UploadId")).body + "\n";
    });
  }
  return out;
}

/// `[i]`: after the first `i` requests.
const std::vector<std::string>& expected() {
  static const std::vector<std::string> all = [] {
    const auto s = std::make_unique<server_on<embedded::system_files>>(options_for({}, false));
    std::vector<std::string> out{all_of(*s)};
    play(*s, [&](std::size_t) { out.push_back(all_of(*s)); });
    return out;
  }();
  return all;
}

/// How many changes of the disk the whole script makes, and which of them are writes.
struct counted {
  explicit counted(bool sync);
  /// False for what happens halfway and is no write.
  bool can(fate how, long n) const {
    return (how != fate::ended_halfway && how != fate::failed_halfway) || (n <= most && writes[static_cast<std::size_t>(n - 1)]);
  }
  long most{};
  std::vector<bool> writes{};
};
counted::counted(bool sync) {
  const scratch_folder folder{place};
  counted_files::plan(fate::none, 0);
  {
    const auto s = std::make_unique<server_on<counted_files>>(options_for(folder.path(), sync));
    REQUIRE(play(*s, [](std::size_t) {}) == script.size());
    REQUIRE(all_of(*s) == expected().back());
  }
  most = counted_files::count;
  writes = counted_files::writes;
  writes.resize(static_cast<std::size_t>(most), false);
}

std::size_t files_under(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return 0;
  if (!S_ISDIR(about.st_mode)) return 1;
  std::size_t out = 0;
  for (const std::string& name : names_in(path)) out += files_under(path + "/" + name);
  return out;
}

/// What the next process finds: what was there after `answered` requests, or with the one that was on its way. It leaves nothing that
/// it does not need, and goes on.
void check_reopened(const std::string& root, std::size_t answered) {
  std::string found;
  {
    const auto s = std::make_unique<server_on<embedded::system_files>>(options_for(root, false));
    INFO(s->unusable().message << (s->problems().empty() ? "" : s->problems()[0].message));
    REQUIRE(s->unusable().kind == error_kind::none);
    REQUIRE(s->problems().empty());
    found = all_of(*s);
    const bool old = found == expected()[answered], next = answered != script.size() && found == expected()[answered + 1];
    if (!old && !next) CHECK(found == expected()[answered]);
    CHECK((old || next));
  }
  // A server that begins with the same has the same files.
  const std::size_t files = files_under(root);
  const auto s = std::make_unique<server_on<embedded::system_files>>(options_for(root, false));
  CHECK(all_of(*s) == found);
  CHECK(files_under(root) == files);
  CHECK(ask(*s, "PUT", "/later").status == 200);
  CHECK(ask(*s, "PUT", "/later/k", "later").status == 200);
  CHECK(ask(*s, "GET", "/later/k").body == "later");
}

}  // namespace

TEST_CASE("the script of the crash test answers each of its requests", "[embedded][crash]") {
  REQUIRE(expected().size() == script.size() + 1);
  for (std::size_t i = 0; i != script.size(); ++i) CHECK(expected()[i] != expected()[i + 1]);
}

TEST_CASE("a process that ends at any write, rename, removal or fsync has kept all that it answered, and harmed nothing else",
          "[embedded][crash]") {
  const bool sync = GENERATE(false, true);
  const fate how = GENERATE(fate::ended, fate::ended_halfway);
  const counted all{sync};
  const long most = all.most;
  REQUIRE(most > (sync ? 150 : 100));
  for (long n = 1; n <= most + 1; ++n) {
    if (!all.can(how, n)) continue;
    const scratch_folder folder{place};
    int answered[2];
    REQUIRE(::pipe(answered) == 0);
    int ended = -1;
    {
      child playing{[&] {
        ::close(answered[0]);
        counted_files::plan(how, n);
        const auto s = std::make_unique<server_on<counted_files>>(options_for(folder.path(), sync));
        play(*s, [&](std::size_t) { return ::write(answered[1], "x", 1) == 1; });
        ::_exit(counted_files::count == most ? 1 : 2);
        return 3;
      }};
      ::close(answered[1]);
      ended = playing.wait();
    }
    char room[256];
    std::size_t count = 0;
    for (ssize_t got; (got = ::read(answered[0], room, sizeof room)) > 0;) count += static_cast<std::size_t>(got);
    ::close(answered[0]);
    INFO("it ended at the change " << n << " of " << most << ", after " << count << " answers");
    REQUIRE(ended == (n <= most ? 0 : 1));
    if (n > most) CHECK(count == script.size());
    check_reopened(folder.path(), count);
  }
}

TEST_CASE("a call of the system that fails is answered with an error, and the disk and the memory have what they had before",
          "[embedded][crash]") {
  const bool sync = GENERATE(false, true);
  const fate how = GENERATE(fate::failed, fate::failed_halfway);
  const counted all{sync};
  const long most = all.most;
  std::size_t errors = 0;
  for (long n = 1; n <= most; ++n) {
    if (!all.can(how, n)) continue;
    const scratch_folder folder{place};
    INFO("the change " << n << " of " << most << " failed");
    std::string in_memory;
    std::size_t answered = 0;
    {
      counted_files::plan(how, n);
      const auto s = std::make_unique<server_on<counted_files>>(options_for(folder.path(), sync));
      if (s->unusable().kind != error_kind::none) {
        CHECK(ask(*s, "GET", "/").status == 500);
        ++errors;
        continue;
      }
      answered = play(*s, [](std::size_t) {});
      in_memory = all_of(*s);
      CHECK(in_memory == expected()[answered]);
      if (answered != script.size()) ++errors;
    }
    {
      const auto s = std::make_unique<server_on<embedded::system_files>>(options_for(folder.path(), false));
      CHECK(s->problems().empty());
      CHECK(all_of(*s) == in_memory);
    }
    check_reopened(folder.path(), answered);
  }
  // The others are failures to clean up; the next process does it, too.
  const auto writes = static_cast<std::size_t>(std::count(all.writes.begin(), all.writes.end(), true));
  if (how == fate::failed) CHECK(errors > 2 * writes);
  if (how == fate::failed_halfway) CHECK(errors == writes);
}

TEST_CASE("a CompleteMultipartUpload that cannot be saved loses neither the upload nor its parts", "[embedded][crash]") {
  const scratch_folder folder{place};
  const auto s = std::make_unique<server_on<counted_files>>(options_for(folder.path(), false));
  REQUIRE(ask(*s, "PUT", "/b-1").status == 200);
  memory m;
  REQUIRE(ask(*s, "PUT", "/b-1/k", "before").status == 200);
  m.upload = element(ask(*s, "POST", "/b-1/k?uploads").body, "UploadId");
  const std::string part = "/b-1/k?partNumber=1&uploadId=" + m.upload;
  const std::string etag{ask(*s, "PUT", part, "part").fields.value_or_empty("ETag")};
  const std::string listed = ask(*s, "GET", "/b-1/k?uploadId=" + m.upload).body;
  const std::string wanted = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag + "</ETag></Part></CompleteMultipartUpload>";
  counted_files::plan(fate::failed_halfway, 2);
  CHECK(ask(*s, "POST", "/b-1/k?uploadId=" + m.upload, wanted).status == 500);
  CHECK(ask(*s, "GET", "/b-1/k").body == "before");
  CHECK(ask(*s, "GET", "/b-1/k?uploadId=" + m.upload).body == listed);
  CHECK(ask(*s, "POST", "/b-1/k?uploadId=" + m.upload, wanted).status == 200);
  CHECK(ask(*s, "GET", "/b-1/k").body == "part");
  CHECK(ask(*s, "GET", "/b-1/k?uploadId=" + m.upload).status == 404);
}

TEST_CASE("what is set on a bucket and cannot be saved is not in force", "[embedded][crash]") {
  const scratch_folder folder{place};
  const auto s = std::make_unique<server_on<counted_files>>(options_for(folder.path(), false));
  REQUIRE(ask(*s, "PUT", "/b-1", "", "x-amz-object-ownership", "ObjectWriter").status == 200);
  struct setting {
    std::string sub_resource{};
    std::string body{};
  };
  for (const setting& one : std::vector<setting>{
           {"versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"},
           {"tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"},
           {"acl", "<AccessControlPolicy><AccessControlList><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                   "xsi:type=\"Group\"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee>"
                   "<Permission>READ</Permission></Grant></AccessControlList><Owner><ID>123456789012</ID></Owner></AccessControlPolicy>"}}) {
    const std::string target = "/b-1?" + one.sub_resource;
    const auto now = [&] {
      const auto told = ask(*s, "GET", target);
      return told.status == 200 ? told.body : std::to_string(told.status);
    };
    INFO(one.sub_resource);
    const std::string before = now();
    counted_files::plan(fate::failed, 1);
    CHECK(ask(*s, "PUT", target, one.body).status == 500);
    CHECK(now() == before);
    CHECK(ask(*s, "PUT", target, one.body).status < 300);
    const std::string after = now();
    CHECK(after != before);
    if (one.sub_resource != "tagging") continue;
    counted_files::plan(fate::failed, 1);
    CHECK(ask(*s, "DELETE", target).status == 500);
    CHECK(now() == after);
    CHECK(ask(*s, "DELETE", target).status == 204);
    CHECK(now() == before);
  }
}

TEST_CASE("a request that failed can be made again", "[embedded][crash]") {
  const bool sync = GENERATE(false, true);
  const counted all{sync};
  const long most = all.most;
  for (long n = 1; n <= most; ++n) {
    const scratch_folder folder{place};
    INFO("the change " << n << " of " << most << " failed");
    counted_files::plan(fate::failed, n);
    const auto s = std::make_unique<server_on<counted_files>>(options_for(folder.path(), sync));
    if (s->unusable().kind != error_kind::none) continue;
    memory m;
    for (const step one : script) {
      auto out = one(*s, m);
      if (out.status == 500) out = one(*s, m);
      CHECK(out.status < 300);
    }
  }
}
