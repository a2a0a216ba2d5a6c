// How does a program keep objects without knowing S3? It uses an object store: one bucket, with functions that throw s3_error on
// failure.
//
//   auto store = s3store::init_objectstore();       // S3_BUCKET_NAME and so on; see init_objectstore.hpp, store_settings.hpp
//   store.connect();
//   store.create_bucket_if_not_exists();
//
//   store.put_object("notes/today.json", R"({"a": 1})", {.content_type = "application/json", .metadata = {{"author", "ann"}}});
//   store.put_object_from_file("photos/1.jpg", "/tmp/1.jpg");
//   std::string text  = store.get_object("notes/today.json");
//   std::string start = store.get_object("photos/1.jpg", {.byte_range = {{0, 1023}}});
//   store.get_object_to_file("photos/1.jpg", "/tmp/copy.jpg");
//
//   for (const auto& o : store.list_objects({.prefix = "notes/"})) std::printf("%s: %llu bytes\n", o.key.c_str(), …);
//   if (const auto about = store.get_object_metadata("photos/1.jpg")) …
//   store.copy_object("notes/today.json", "archive/today.json", {.metadata = {{"archived", "true"}}});
//   std::string link = store.generate_presigned_url("photos/1.jpg", std::chrono::hours{1}).url;
//   store.delete_objects({"notes/today.json", "photos/1.jpg"});
//
//   try { store.get_object("gone"); } catch (const s3store::s3_error& e) { e.code() == "NoSuchKey" && e.status() == 404; }
//
// If something does not exist, get_object_metadata returns an empty optional, object_exists and bucket_exists return false, and
// get_object throws NoSuchKey. All other failures throw, after the retries; only health_check returns them.
#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <s3store/client/client.hpp>
#include <s3store/store/bucket_admin.hpp>
#include <s3store/store/bucket_settings.hpp>
#include <s3store/store/files.hpp>
#include <s3store/store/listing.hpp>
#include <s3store/store/objects.hpp>
#include <s3store/store/presigning.hpp>
#include <s3store/store/store_policies.hpp>
#include <s3store/store/store_settings.hpp>

namespace s3store::inline S3STORE_ABI {

/// Move-only. Const members may be called from any thread at the same time; `connect` and `disconnect` only while no other thread
/// uses the store. Calls block, and callbacks run on the thread of the call.
template <class P = store_policies>
class basic_object_store : public object_members<basic_object_store<P>>,
                           public file_members<basic_object_store<P>>,
                           public listing_members<basic_object_store<P>>,
                           public bucket_members<basic_object_store<P>>,
                           public bucket_settings_members<basic_object_store<P>>,
                           public presigning_members<basic_object_store<P>> {
 public:
  using policies = P;

  /// Only keeps the settings; `connect` checks them.
  explicit basic_object_store(object_store_settings s) requires detail::opens_by_settings<P> : settings_(std::move(s)) {}
  /// Uses a client of your own. Connected from the start; after `disconnect` it cannot be connected again.
  basic_object_store(basic_client<P> over, std::string bucket_name) : client_(std::move(over)), of_client_(true) {
    settings_.bucket_name = std::move(bucket_name);
  }

  /// Makes the client. Sends nothing, since the bucket may not exist yet; health_check shows whether it can be reached. Throws
  /// (configuration) if a setting is missing or malformed. Does nothing if the store is connected.
  void connect() {
    if (client_) return;
    const auto refuse = [this](const char* why) { detail::refuse(error_kind::configuration, why, settings_.bucket_name); };
    if (of_client_) refuse("the object store was made over a client, which it gave up when it disconnected");
    if (auto fault = settings_.fault()) throw s3_error{std::move(*fault)};
    if (settings_.backend == store_backend::embedded && !settings_.transport)
      refuse("the embedded backend is made by init_objectstore(), in <s3store/store/init_objectstore.hpp>");
    if (settings_.transport && !std::is_same_v<typename P::transport, backend_transport>)
      refuse("the transport of the settings is not that of the store's policies");
    if constexpr (detail::opens_by_settings<P>) client_.emplace(client_for<P>(settings_));
  }
  /// Closes the connections. The embedded backend keeps its objects for the next `connect`.
  void disconnect() noexcept { client_.reset(); }
  bool connected() const noexcept { return client_.has_value(); }

  const std::string& bucket_name() const noexcept { return settings_.bucket_name; }
  store_backend backend() const noexcept { return settings_.backend; }
  /// For operations that the store has no function for. Throws (configuration) if the store is not connected. The reference is
  /// valid until `disconnect`, or until the store is moved or destroyed.
  const basic_client<P>& client() const {
    if (!client_)
      detail::refuse(error_kind::configuration, "the object store is not connected: call connect() first", settings_.bucket_name);
    return *client_;
  }

 private:
  object_store_settings settings_{};
  std::optional<basic_client<P>> client_{};
  bool of_client_{};
};

using object_store = basic_object_store<>;

}  // namespace s3store::inline S3STORE_ABI

#ifdef S3STORE_COMPILED
#include <s3store/store/object_store_impl.hpp>
#endif
