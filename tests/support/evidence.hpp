// Clients to keep evidence with, in tests that need no network: one of an embedded S3, and one of a server that plays a script.
// Time stands still on 2013-05-24 in both.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <s3store/evidence/attachments.hpp>
#include <s3store/evidence/store.hpp>
#include <s3store/operations/bucket.hpp>
#include <s3store/operations/object.hpp>
#include <s3store/operations/versioning.hpp>
#include <s3store/transports/embedded.hpp>
#include <s3store/transports/scripted.hpp>

#include "support/catch.hpp"

namespace test {

using namespace s3store;

template <class Transport>
struct evidence_policies : default_policies {
  using transport = Transport;
  using clock = manual_clock;
  using sleeper = recording_sleeper;
  using credentials = auth::static_credentials;
};
template <class Transport>
using evidence_client = basic_client<evidence_policies<Transport>>;

template <class Transport>
evidence_client<Transport> evidence_client_of(Transport transport, manual_clock clock) {
  return evidence_client<Transport>{{.endpoint = "http://s3.test"},
                                    {.transport = transport,
                                     .credentials = auth::static_credentials{"embedded", "embedded-secret"},
                                     .clock = clock,
                                     .sleeper = recording_sleeper{clock}}};
}

struct scripted_world {
  manual_clock clock{};
  scripted_transport server{clock};
  evidence_client<scripted_transport> s3 = evidence_client_of(server, clock);

  std::string verb(std::size_t i) const { return std::string(http::to_string(server.sent().at(i).verb)); }
};

/// With a bucket "b-1".
struct evidence_world {
  manual_clock clock{};
  embedded_s3 server{{.clock = clock}};
  evidence_client<embedded_transport> s3 = evidence_client_of(embedded_transport{server}, clock);

  explicit evidence_world(bool object_lock = false) {
    s3.create_bucket({.bucket = "b-1", .object_lock_enabled_for_bucket = object_lock ? std::optional{true} : std::nullopt}).value();
  }
  void keep_versions() const {
    s3.put_bucket_versioning({.bucket = "b-1", .versioning_configuration = {.status = types::bucket_versioning_status::enabled}})
        .value();
  }
  void put(const std::string& key, std::string body) const {
    s3.put_object({.bucket = "b-1", .key = key, .body = std::move(body)}).value();
  }
};

inline const timestamp mid_january = *parse_iso8601("2024-01-15T12:00:00");
inline const evidence::year_month january = evidence::month_of(mid_january);

inline evidence_bundle example(std::string id = "dec-123", timestamp created_at = mid_january, std::string type = "decision") {
  return {.decision_id = std::move(id),
          .evidence_data = {{"verdict", "ALLOW"}, {"confidence", 0.95}},
          .created_at = created_at,
          .evidence_type = std::move(type),
          .metadata = {{"environment", "production"}}};
}
/// Its bytes, with the right checksum.
inline std::string bytes_of(evidence_bundle b) {
  b.checksum = evidence::canonical(b.evidence_data)->checksum();
  return evidence::encode_bundle(b).value();
}
inline timestamp day(std::string_view iso8601) { return *parse_iso8601(iso8601); }

}  // namespace test
