// Which parts of a client are in the compiled library (S3STORE_COMPILED)? All that depends on nothing but the policies, for the
// default policies.
#pragma once

#include <array>
#include <chrono>

#include <s3store/client/client.hpp>

#ifdef S3STORE_IMPLEMENTATION
#include <s3store/operations/all.hpp>
#endif

// Instantiates a template in the file that defines S3STORE_IMPLEMENTATION, and declares that instantiation in all other files.
#ifdef S3STORE_IMPLEMENTATION
#define S3STORE_INSTANTIATE template
#else
#define S3STORE_INSTANTIATE extern template
#endif

// P: the policies; T: their transport.
#define S3STORE_INSTANTIATE_CLIENT(P, T)                                                                       \
  S3STORE_INSTANTIATE class sans_io::session<P>;                                                               \
  S3STORE_INSTANTIATE class sans_io::prepared_request<P>;                                                      \
  S3STORE_INSTANTIATE class sans_io::call_engine<P, wire::upload_body>;                                        \
  S3STORE_INSTANTIATE class sans_io::call_engine<P, wire::no_upload_body>;                                     \
  S3STORE_INSTANTIATE class sans_io::presigning<P>;                                                            \
  S3STORE_INSTANTIATE class sans_io::post_signing<P>;                                                          \
  S3STORE_INSTANTIATE class sans_io::blocking_driver<sans_io::session<P>, T, thread_sleeper>;                  \
  S3STORE_INSTANTIATE class basic_client<P>;                                                                   \
  S3STORE_INSTANTIATE result<void> basic_client<P>::drive(sans_io::call_engine<P, wire::upload_body>&) const;    \
  S3STORE_INSTANTIATE result<void> basic_client<P>::drive(sans_io::call_engine<P, wire::no_upload_body>&) const; \
  S3STORE_INSTANTIATE result<presigned_url> basic_client<P>::run(sans_io::presigning<P>&) const;               \
  S3STORE_INSTANTIATE result<auth::presigned_post> basic_client<P>::run(sans_io::post_signing<P>&) const

namespace s3store::inline S3STORE_ABI {

S3STORE_INSTANTIATE_CLIENT(default_policies, curl_transport);

#ifdef S3STORE_IMPLEMENTATION
namespace wire {

template <class... R>
constexpr auto doors_of(operation_list<R...>) {
  return std::array<const operation_door*, sizeof...(R)>{&door<R>::value...};
}
/// Never read. It makes the compiler emit the functions that encode and decode each operation.
extern const std::array<const operation_door*, all_operations::size> all_doors;
const std::array<const operation_door*, all_operations::size> all_doors = doors_of(all_operations{});

}  // namespace wire
#endif

}  // namespace s3store::inline S3STORE_ABI
