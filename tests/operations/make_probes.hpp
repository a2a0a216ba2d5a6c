// How is the probe of an operation made? Filled, written by one side, carried over HTTP, read by the other, told in the same terms.
#pragma once

#include <s3store/operations/all.hpp>
#include <s3store/protocol/decode.hpp>
#include <s3store/protocol/encode.hpp>

#include "operations/bindings.hpp"
#include "operations/filler.hpp"
#include "operations/members.hpp"
#include "operations/over_http.hpp"
#include "operations/probes.hpp"

namespace test {

template <class R>
journey<sent_request> send_request(std::uint64_t seed) {
  journey<sent_request> out;
  R request{};
  filler fill{seed, R::spec.name};
  R::describe(fill, request);
  out.from = members::of(request, false);

  wire::encoded_request encoded;
  encode(request, encoded);
  if (encoded.refused.kind != error_kind::none) return out.refused = encoded.refused.describe(), out;
  out.wire = over_http(encoded);

  s3store::embedded::received_request arrived = received(out.wire);
  const auto decoded = s3store::embedded::decode_request<R>(arrived);
  if (!decoded) return out.refused = decoded.error().describe(), out;
  out.to = members::of(*decoded, false);
  return out;
}

template <class R>
journey<s3store::embedded::served_answer> send_response(std::uint64_t seed) {
  journey<s3store::embedded::served_answer> out;
  response_of<R> response{};
  filler fill{seed, R::spec.name};
  fill.always_payload = true;
  response_of<R>::describe(fill, response);
  out.from = members::of(response, true);

  const auto encoded = s3store::embedded::encode_response<R>(std::move(response));
  if (!encoded) return out.refused = encoded.error().describe(), out;
  out.wire = over_http(*encoded);

  s3store::embedded::served_answer arrived = out.wire;
  wire::received_answer answer{.status = arrived.status, .fields = &arrived.fields, .body = &arrived.body, .decode_urls = true};
  const auto decoded = decode<R>(answer);
  if (!decoded) return out.refused = decoded.error().describe(), out;
  out.to = members::of(*decoded, true);
  return out;
}

template <class R>
probe probe_of() {
  return {.spec = &R::spec,
          .request_bindings = bindings_of<R>(false),
          .response_bindings = bindings_of<response_of<R>>(true),
          .request = &send_request<R>,
          .response = &send_response<R>};
}

template <std::size_t part, class... R>
std::vector<probe> make_probes(operation_list<R...>) {
  std::vector<probe> out;
  const auto add = [&out]<std::size_t i, class One>() {
    if constexpr (i % parts_of_all == part) out.push_back(probe_of<One>());
  };
  [&]<std::size_t... i>(std::index_sequence<i...>) { (add.template operator()<i, R>(), ...); }(std::index_sequence_for<R...>{});
  return out;
}

}  // namespace test
