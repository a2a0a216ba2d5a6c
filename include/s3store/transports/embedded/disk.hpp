// How does an embedded S3 keep its objects after the process ends? Every bucket is a folder, with a small XML file for each version
// or upload.
//
//   root/bytes/17              the bytes of a piece of content
//   root/buckets/b/bucket.xml
//   root/buckets/b/23.xml      one version, delete marker or upload; the newest has the highest number
//
// These records are declared like the structures of the S3 API, and the same visitors read and write them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <s3store/protocol/xml_binding.hpp>
#include <s3store/transports/embedded/folder.hpp>
#include <s3store/transports/embedded/model.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

struct field_record {
  std::string name{};
  std::string value{};
  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Name", m.name);
    v.url_element("Value", m.value);  // percent-encoded, since a header may have bytes that XML cannot hold
  }
};

struct checksum_record {
  std::string algorithm{};
  std::string text{};
  bool composite{};
  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Algorithm", m.algorithm);
    v.element("Value", m.text);
    v.element("Composite", m.composite);
  }
};

struct part_record {
  std::int32_t number{};
  std::string etag{};
  timestamp last_modified{};
  std::vector<std::int64_t> pieces{};
  std::optional<checksum_record> checksum{};
  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Number", m.number);
    v.element("ETag", m.etag);
    v.element("LastModified", m.last_modified);
    v.element("Piece", m.pieces);
    v.element("Checksum", m.checksum);
  }
};

struct object_record {
  std::string kind{};  ///< "Version", "DeleteMarker" or "Upload"
  std::string key{};
  std::string id{};
  timestamp at{};
  std::string etag{};
  std::vector<field_record> fields{};
  std::string tagging{};
  std::string acl{};
  std::vector<std::int64_t> pieces{};
  std::optional<checksum_record> checksum{};  ///< of an upload: what its creator asked for
  std::vector<part_record> parts{};
  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Kind", m.kind);
    v.url_element("Key", m.key);
    v.element("Id", m.id);
    v.element("Time", m.at);
    v.element("ETag", m.etag);
    v.element("Field", m.fields);
    v.url_element("Tagging", m.tagging);
    v.url_element("Acl", m.acl);
    v.element("Piece", m.pieces);
    v.element("Checksum", m.checksum);
    v.element("Part", m.parts);
  }
};

struct configuration_record {
  std::string kind{};
  std::vector<field_record> fields{};
  std::string document{};
  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Kind", m.kind);
    v.element("Field", m.fields);
    v.url_element("Document", m.document);
  }
};

struct bucket_record {
  timestamp created{};
  std::string versioning{};
  std::vector<configuration_record> configurations{};
  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Created", m.created);
    v.element("Versioning", m.versioning);
    v.element("Configuration", m.configurations);
  }
};

/// Does nothing if the root is empty. `Depot` stores the bytes.
template <class Depot>
class basic_disk {
 public:
  explicit basic_disk(std::string root) : root_(std::move(root)) {
    while (root_.size() > 1 && root_.ends_with('/')) root_.pop_back();
  }

  std::string folder_of_bytes() const { return root_.empty() ? std::string{} : root_ + "/bytes"; }

  result<void> prepare() const {
    if (root_.empty()) return {};
    if (auto made = make_folder(root_ + "/bytes"); !made) return made;
    return make_folder(root_ + "/buckets");
  }

  result<void> save(const bucket& b) const {
    if (root_.empty()) return {};
    if (auto made = make_folder(folder_of(b.name)); !made) return made;
    bucket_record r{b.created, b.versioning};
    for (const auto& [kind, kept] : b.configurations) r.configurations.push_back({kind, records_of(kept.fields), kept.body});
    return write(folder_of(b.name) + "/bucket.xml", r);
  }
  result<void> save(const bucket& in, const std::string& key, const version& v) const {
    if (root_.empty()) return {};
    object_record r{
        .kind = v.delete_marker ? "DeleteMarker" : "Version", .key = key, .id = v.id, .at = v.last_modified, .etag = v.etag};
    r.fields = records_of(v.fields);
    r.tagging = v.tagging;
    r.acl = v.acl;
    r.checksum = record_of(v.checksum);
    if (v.parts.empty()) r.pieces = numbers_of(v.bytes);
    for (const part& p : v.parts) r.parts.push_back(record_of(p));
    return write(path_of(in, v.number), r);
  }
  result<void> save(const bucket& in, const std::string& key, const upload& u) const {
    if (root_.empty()) return {};
    object_record r{.kind = "Upload", .key = key, .id = u.id, .at = u.initiated};
    r.fields = records_of(u.fields);
    r.tagging = u.tagging;
    r.acl = u.acl;
    r.checksum = checksum_record{u.algorithm ? std::string(crypto::name(*u.algorithm)) : std::string{}, {}, u.composite};
    for (const auto& [number, p] : u.parts) r.parts.push_back(record_of(p));
    return write(path_of(in, u.number), r);
  }

  result<void> remove(const bucket& from, std::int64_t number) const {
    if (root_.empty()) return {};
    const std::string path = path_of(from, number);
    if (std::remove(path.c_str()) != 0 && errno != ENOENT) return folder_failure("remove", path, errno);
    return {};
  }
  result<void> remove(const bucket& b) const {
    if (root_.empty()) return {};
    for (const auto& [key, u] : b.uploads)
      if (auto gone = remove(b, u.number); !gone) return gone;
    std::remove((folder_of(b.name) + "/bucket.xml").c_str());
    return remove_folder(folder_of(b.name));
  }

  /// Reads everything into `buckets`; `last` becomes the highest number of a record.
  result<void> load(Depot& bytes, std::map<std::string, bucket, std::less<>>& buckets, std::int64_t& last) const {
    if (root_.empty()) return {};
    auto names = list_folder(root_ + "/buckets");
    if (!names) return std::move(names.error());
    for (const std::string& name : *names) {
      bucket& b = buckets[name];
      b.name = name;
      if (auto loaded = load(bytes, b); !loaded) return loaded;
      for (auto& [key, all] : b.objects) {
        std::sort(all.begin(), all.end(), [](const version& x, const version& y) { return x.number > y.number; });
        last = (std::max)(last, all.front().number);
      }
      for (const auto& [key, u] : b.uploads) last = (std::max)(last, u.number);
    }
    return {};
  }

 private:
  static constexpr const char* root_name = "Record";

  std::string folder_of(const std::string& bucket_name) const { return root_ + "/buckets/" + bucket_name; }
  std::string path_of(const bucket& in, std::int64_t number) const {
    return detail::concat({folder_of(in.name), "/", detail::decimal(number), ".xml"});
  }

  static std::vector<std::int64_t> numbers_of(const content& c) {
    std::vector<std::int64_t> out;
    for (const auto& piece : c.pieces()) out.push_back(piece->number());
    return out;
  }
  static std::vector<field_record> records_of(const headers& fields) {
    std::vector<field_record> out;
    for (const auto [name, value] : fields) out.push_back({std::string(name), std::string(value)});
    return out;
  }
  static headers fields_of(const std::vector<field_record>& records) {
    headers out;
    for (const field_record& f : records) out.add(f.name, f.value);
    return out;
  }
  static std::optional<checksum_record> record_of(const std::optional<checksum_value>& c) {
    if (!c) return std::nullopt;
    return checksum_record{std::string(crypto::name(c->algorithm)), c->text, c->composite};
  }
  static part_record record_of(const part& p) {
    return {p.number, p.etag, p.last_modified, numbers_of(p.bytes), record_of(p.checksum)};
  }

  template <class Record>
  static result<void> write(const std::string& path, const Record& record) {
    std::string text;
    xml::writer out{text};
    wire::xml_members_writer members{out, true};
    out.open(root_name);
    Record::describe(members, record);
    out.close();
    if (auto written = out.finish(); !written) return written;
    return replace_file(path, text);
  }

  template <class Record>
  static result<Record> read(const std::string& path) {
    auto file = http::file_source::open(path);
    if (!file) return std::move(file.error());
    std::string text(static_cast<std::size_t>(file->size().value_or(0)), '\0');
    for (std::size_t at = 0; at != text.size();) {
      auto got = file->read(std::as_writable_bytes(std::span{text.data() + at, text.size() - at}));
      if (!got) return std::move(got.error());
      at += *got;
    }
    auto parsed = xml::document::parse(std::move(text));
    if (!parsed) return detail::fail(error_kind::io, {path, " is no record of an embedded S3: ", parsed.error().message});
    Record out;
    wire::reading_failure failure;
    wire::xml_members_reader members{parsed->root(), failure, true};
    Record::describe(members, out);
    if (failure.any()) return detail::fail(error_kind::io, {path, " is no record of an embedded S3: ", failure.what});
    return out;
  }

  result<void> load(Depot& bytes, bucket& b) const {
    auto about = read<bucket_record>(folder_of(b.name) + "/bucket.xml");
    if (!about) return std::move(about.error());
    b.created = about->created;
    b.versioning = about->versioning;
    for (configuration_record& one : about->configurations)
      b.configurations.insert_or_assign(std::move(one.kind),
                                        served_answer{.fields = fields_of(one.fields), .body = std::move(one.document)});
    auto names = list_folder(folder_of(b.name));
    if (!names) return std::move(names.error());
    for (const std::string& name : *names) {
      const auto number =
          name.ends_with(".xml") ? detail::parse_integer<std::int64_t>(std::string_view{name}.substr(0, name.size() - 4)) : std::nullopt;
      if (!number) continue;
      auto record = read<object_record>(folder_of(b.name) + "/" + name);
      if (!record) return std::move(record.error());
      if (auto taken = take(bytes, b, *number, *record); !taken) return taken;
    }
    return {};
  }

  static result<void> take(Depot& bytes, bucket& b, std::int64_t number, const object_record& r) {
    headers fields = fields_of(r.fields);
    std::vector<part> parts;
    for (const part_record& p : r.parts) {
      auto its_bytes = content_of(bytes, p.pieces);
      if (!its_bytes) return std::move(its_bytes.error());
      parts.push_back({p.number, p.etag, p.last_modified, std::move(*its_bytes), value_of(p.checksum)});
    }
    if (r.kind == "Upload") {
      upload u{.id = r.id,
               .number = number,
               .initiated = r.at,
               .fields = std::move(fields),
               .tagging = r.tagging,
               .acl = r.acl};
      if (r.checksum) {
        u.algorithm = crypto::parse_checksum_algorithm(r.checksum->algorithm);
        u.composite = r.checksum->composite;
      }
      for (part& p : parts) u.parts[p.number] = std::move(p);
      b.uploads.insert_or_assign(upload_name{r.key, r.id}, std::move(u));
      return {};
    }
    auto all = content_of(bytes, r.pieces);
    if (!all) return std::move(all.error());
    for (const part& p : parts) all->append(p.bytes);
    b.objects[r.key].push_back({.id = r.id,
                                .number = number,
                                .delete_marker = r.kind == "DeleteMarker",
                                .last_modified = r.at,
                                .etag = r.etag,
                                .bytes = std::move(*all),
                                .fields = std::move(fields),
                                .tagging = r.tagging,
                                .acl = r.acl,
                                .checksum = value_of(r.checksum),
                                .parts = std::move(parts)});
    return {};
  }

  static result<content> content_of(Depot& bytes, const std::vector<std::int64_t>& pieces) {
    content out;
    for (const std::int64_t number : pieces) {
      auto found = bytes.find(number);
      if (!found) return std::move(found.error());
      out.append(content{std::move(*found)});
    }
    return out;
  }
  static std::optional<checksum_value> value_of(const std::optional<checksum_record>& r) {
    const auto algorithm = r ? crypto::parse_checksum_algorithm(r->algorithm) : std::nullopt;
    if (!algorithm) return std::nullopt;
    return checksum_value{*algorithm, r->text, r->composite};
  }

  std::string root_;
};
using disk = basic_disk<depot>;

}  // namespace s3store::inline S3STORE_ABI::embedded
