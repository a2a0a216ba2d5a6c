// What does an embedded S3 write to its disk about a bucket, a version or an upload? These records, as small XML files.
//
// They are declared like the structures of the S3 API, and the same visitors read and write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <s3store/core/time.hpp>
#include <s3store/protocol/xml_binding.hpp>
#include <s3store/transports/embedded/folder.hpp>

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
  std::optional<std::int64_t> size{};  ///< of all pieces, in bytes, to notice that one was cut short; records of older versions have none
  std::optional<checksum_record> checksum{};
  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Number", m.number);
    v.element("ETag", m.etag);
    v.element("LastModified", m.last_modified);
    v.element("Piece", m.pieces);
    v.element("Size", m.size);
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
  std::optional<std::int64_t> size{};        ///< as in a part
  std::vector<std::int64_t> superseded{};    ///< numbers of records that count as removed since this one is there
  std::string upload_id{};                   ///< of a version that was uploaded in parts
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
    v.element("Size", m.size);
    v.element("Supersedes", m.superseded);
    v.element("UploadId", m.upload_id);
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

inline constexpr const char* record_root = "Record";

template <class Record>
result<std::string> format_record(const Record& record) {
  std::string text;
  xml::writer out{text};
  wire::xml_members_writer members{out, true};
  out.open(record_root);
  Record::describe(members, record);
  out.close();
  if (auto written = out.finish(); !written) return std::move(written.error());
  return text;
}

/// Even if it fails, `out` has what could be read. The message names the file.
template <class Record>
result<void> read_record(const std::string& path, Record& out) {
  const auto broken = [&path](std::string_view why) {
    return detail::fail(error_kind::io, {path, " is no record of an embedded S3: ", why});
  };
  if (!may_be_opened(path)) return broken("it is no regular file");
  auto file = http::file_source::open(path);
  if (!file) return std::move(file.error());
  std::string text;
  if (auto read = read_all(*file, text); !read) return read;
  if (text.empty()) return broken("it is empty");
  auto parsed = xml::document::parse(std::move(text));
  if (!parsed) return broken(parsed.error().message);
  if (parsed->root().name() != record_root) return broken("its root is another element");
  wire::reading_failure failure;
  wire::xml_members_reader members{parsed->root(), failure, true};
  Record::describe(members, out);
  if (failure.any()) return broken(failure.what);
  return {};
}

}  // namespace s3store::inline S3STORE_ABI::embedded
