// SelectObjectContent: how does it travel?
#pragma once

#include <s3store/operations/retrieval/types.hpp>
#include <s3store/protocol/events.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RequestProgress.html
struct request_progress {
  std::optional<bool> enabled{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Enabled", m.enabled);
  }
};

/// Bytes, counted from 0; `start` alone reads to the end, `end` alone the last so many.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ScanRange.html
struct scan_range {
  std::optional<std::int64_t> start{};
  std::optional<std::int64_t> end{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Start", m.start);
    v.element("End", m.end);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Stats.html
struct stats {
  std::optional<std::int64_t> bytes_scanned{};
  std::optional<std::int64_t> bytes_processed{};
  std::optional<std::int64_t> bytes_returned{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("BytesScanned", m.bytes_scanned);
    v.element("BytesProcessed", m.bytes_processed);
    v.element("BytesReturned", m.bytes_returned);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Progress.html
struct progress {
  std::optional<std::int64_t> bytes_scanned{};
  std::optional<std::int64_t> bytes_processed{};
  std::optional<std::int64_t> bytes_returned{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("BytesScanned", m.bytes_scanned);
    v.element("BytesProcessed", m.bytes_processed);
    v.element("BytesReturned", m.bytes_returned);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ContinuationEvent.html
struct continuation_event {
  template <class V>
  static void describe(V&, auto&) {}
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_EndEvent.html
struct end_event {
  template <class V>
  static void describe(V&, auto&) {}
};

}  // namespace types

struct select_object_content_response {
  std::string records{};  ///< all of them; empty where a sink got them
  std::optional<types::stats> stats{};
  std::optional<types::progress> progress{};  ///< the last that came
  std::optional<types::continuation_event> cont{};
  types::end_event end{};  ///< without it no result is whole

  template <class V>
  static void describe(V& v, auto& m) {
    v.event("Records", m.records);
    v.event("Stats", m.stats);
    v.event("Progress", m.progress);
    v.event("Cont", m.cont);
    v.event("End", m.end, wire::required);
  }
};

/// What a query of SQL finds in an object of CSV, JSON or Parquet. A stream that breaks begins anew where the records can be taken back.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SelectObjectContent.html
struct select_object_content_request {
  std::string bucket{};
  std::string key{};
  std::string expression{};
  types::expression_type expression_type{};
  types::input_serialization input_serialization{};
  types::output_serialization output_serialization{};
  std::optional<types::request_progress> request_progress{};
  std::optional<types::scan_range> scan_range{};
  std::string sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::string sse_customer_key_md5{};
  std::optional<std::string> expected_bucket_owner{};

  using response = select_object_content_response;
  using answer_path = wire::event_path<response>;
  static constexpr operation_spec spec{
      .name = "SelectObjectContent",
      .method = http::method::post,
      .uri = "/{Bucket}/{Key+}?select&select-type=2",
      .answer = answer_body::stream};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.root("SelectObjectContentRequest");
    v.element("Expression", m.expression, wire::required);
    v.element("ExpressionType", m.expression_type, wire::required);
    v.element("RequestProgress", m.request_progress);
    v.element("InputSerialization", m.input_serialization, wire::required);
    v.element("OutputSerialization", m.output_serialization, wire::required);
    v.element("ScanRange", m.scan_range);
  }
};

}  // namespace s3store::inline S3STORE_ABI
