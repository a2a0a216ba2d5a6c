// Which types do several operations of this family share? Those that say how records are written, in what is looked into and in what comes out.
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI::types {

struct file_header_info : enumeration<file_header_info> {
  using enumeration::enumeration;
  static constexpr constant use{"USE"};
  static constexpr constant ignore{"IGNORE"};
  static constexpr constant none{"NONE"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CSVInput.html
struct csv_input {
  types::file_header_info file_header_info{};
  std::optional<std::string> comments{};  ///< empty: no line is a comment; absent: `#`
  std::optional<std::string> quote_escape_character{};  ///< empty: none; absent: `"`
  std::string record_delimiter{};
  std::string field_delimiter{};
  std::optional<std::string> quote_character{};  ///< empty: nothing is quoted; absent: `"`
  std::optional<bool> allow_quoted_record_delimiter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("FileHeaderInfo", m.file_header_info);
    v.element("Comments", m.comments);
    v.element("QuoteEscapeCharacter", m.quote_escape_character);
    v.element("RecordDelimiter", m.record_delimiter);
    v.element("FieldDelimiter", m.field_delimiter);
    v.element("QuoteCharacter", m.quote_character);
    v.element("AllowQuotedRecordDelimiter", m.allow_quoted_record_delimiter);
  }
};

struct compression_type : enumeration<compression_type> {
  using enumeration::enumeration;
  static constexpr constant none{"NONE"};
  static constexpr constant gzip{"GZIP"};
  static constexpr constant bzip2{"BZIP2"};
};

struct json_type : enumeration<json_type> {
  using enumeration::enumeration;
  static constexpr constant document{"DOCUMENT"};
  static constexpr constant lines{"LINES"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JSONInput.html
struct json_input {
  types::json_type type{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Type", m.type);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ParquetInput.html
struct parquet_input {
  template <class V>
  static void describe(V&, auto&) {}
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InputSerialization.html
struct input_serialization {
  std::optional<types::csv_input> csv{};
  types::compression_type compression_type{};
  std::optional<types::json_input> json{};
  std::optional<types::parquet_input> parquet{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("CSV", m.csv);
    v.element("CompressionType", m.compression_type);
    v.element("JSON", m.json);
    v.element("Parquet", m.parquet);
  }
};

struct expression_type : enumeration<expression_type> {
  using enumeration::enumeration;
  static constexpr constant sql{"SQL"};
};

struct quote_fields : enumeration<quote_fields> {
  using enumeration::enumeration;
  static constexpr constant always{"ALWAYS"};
  static constexpr constant asneeded{"ASNEEDED"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CSVOutput.html
struct csv_output {
  types::quote_fields quote_fields{};
  std::optional<std::string> quote_escape_character{};  ///< empty: none; absent: `"`
  std::string record_delimiter{};
  std::string field_delimiter{};
  std::optional<std::string> quote_character{};  ///< empty: nothing is quoted; absent: `"`

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("QuoteFields", m.quote_fields);
    v.element("QuoteEscapeCharacter", m.quote_escape_character);
    v.element("RecordDelimiter", m.record_delimiter);
    v.element("FieldDelimiter", m.field_delimiter);
    v.element("QuoteCharacter", m.quote_character);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JSONOutput.html
struct json_output {
  std::string record_delimiter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("RecordDelimiter", m.record_delimiter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_OutputSerialization.html
struct output_serialization {
  std::optional<types::csv_output> csv{};
  std::optional<types::json_output> json{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("CSV", m.csv);
    v.element("JSON", m.json);
  }
};

}  // namespace s3store::inline S3STORE_ABI::types
