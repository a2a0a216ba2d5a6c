// Which functions does a client have for settings of buckets and objects? One for each operation; see operations.hpp.
#pragma once

#include <type_traits>
#include <utility>

#include <s3store/client/operations.hpp>

namespace s3store::inline S3STORE_ABI {

/// A base class of basic_client. Each function returns the operation's response or an error. The request's members are in the
/// header that is named above each group. Threads and exceptions: as said of basic_client.
template <class Client>
class configuration_members {
  template <class Response>
  using answer = result<typename detail::dependent<Response, Client>::type>;

 public:
  // --- tags: operations/tagging.hpp
  answer<put_bucket_tagging_response> put_bucket_tagging(const put_bucket_tagging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_tagging_response> get_bucket_tagging(const get_bucket_tagging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_tagging_response> delete_bucket_tagging(const delete_bucket_tagging_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_object_tagging_response> put_object_tagging(const put_object_tagging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_tagging_response> get_object_tagging(const get_object_tagging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_object_tagging_response> delete_object_tagging(const delete_object_tagging_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- access control lists and ownership: operations/acl.hpp
  answer<put_bucket_acl_response> put_bucket_acl(const put_bucket_acl_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_acl_response> get_bucket_acl(const get_bucket_acl_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_object_acl_response> put_object_acl(const put_object_acl_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_acl_response> get_object_acl(const get_object_acl_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_ownership_controls_response> put_bucket_ownership_controls(const put_bucket_ownership_controls_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_ownership_controls_response> get_bucket_ownership_controls(const get_bucket_ownership_controls_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_ownership_controls_response> delete_bucket_ownership_controls(const delete_bucket_ownership_controls_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_abac_response> put_bucket_abac(const put_bucket_abac_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_abac_response> get_bucket_abac(const get_bucket_abac_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- policies and the public access block: operations/policy.hpp
  answer<put_bucket_policy_response> put_bucket_policy(const put_bucket_policy_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_policy_response> get_bucket_policy(const get_bucket_policy_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_policy_response> delete_bucket_policy(const delete_bucket_policy_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_policy_status_response> get_bucket_policy_status(const get_bucket_policy_status_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_public_access_block_response> put_public_access_block(const put_public_access_block_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_public_access_block_response> get_public_access_block(const get_public_access_block_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_public_access_block_response> delete_public_access_block(const delete_public_access_block_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- lifecycle: operations/lifecycle.hpp
  answer<put_bucket_lifecycle_configuration_response> put_bucket_lifecycle_configuration(const put_bucket_lifecycle_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_lifecycle_configuration_response> get_bucket_lifecycle_configuration(const get_bucket_lifecycle_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_lifecycle_response> delete_bucket_lifecycle(const delete_bucket_lifecycle_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_lifecycle_response> put_bucket_lifecycle(const put_bucket_lifecycle_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_lifecycle_response> get_bucket_lifecycle(const get_bucket_lifecycle_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- replication: operations/replication.hpp
  answer<put_bucket_replication_response> put_bucket_replication(const put_bucket_replication_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_replication_response> get_bucket_replication(const get_bucket_replication_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_replication_response> delete_bucket_replication(const delete_bucket_replication_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- notifications: operations/notification.hpp
  answer<put_bucket_notification_configuration_response> put_bucket_notification_configuration(const put_bucket_notification_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_notification_configuration_response> get_bucket_notification_configuration(const get_bucket_notification_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_notification_response> put_bucket_notification(const put_bucket_notification_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_notification_response> get_bucket_notification(const get_bucket_notification_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- websites and CORS: operations/website.hpp
  answer<put_bucket_website_response> put_bucket_website(const put_bucket_website_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_website_response> get_bucket_website(const get_bucket_website_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_website_response> delete_bucket_website(const delete_bucket_website_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_cors_response> put_bucket_cors(const put_bucket_cors_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_cors_response> get_bucket_cors(const get_bucket_cors_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_cors_response> delete_bucket_cors(const delete_bucket_cors_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- encryption: operations/encryption.hpp
  answer<put_bucket_encryption_response> put_bucket_encryption(const put_bucket_encryption_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_encryption_response> get_bucket_encryption(const get_bucket_encryption_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_encryption_response> delete_bucket_encryption(const delete_bucket_encryption_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<update_object_encryption_response> update_object_encryption(const update_object_encryption_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- logging, acceleration, request payment: operations/logging.hpp
  answer<put_bucket_logging_response> put_bucket_logging(const put_bucket_logging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_logging_response> get_bucket_logging(const get_bucket_logging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_accelerate_configuration_response> put_bucket_accelerate_configuration(const put_bucket_accelerate_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_accelerate_configuration_response> get_bucket_accelerate_configuration(const get_bucket_accelerate_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_request_payment_response> put_bucket_request_payment(const put_bucket_request_payment_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_request_payment_response> get_bucket_request_payment(const get_bucket_request_payment_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- inventories, analytics, metrics, tiering: operations/analysis.hpp
  answer<put_bucket_inventory_configuration_response> put_bucket_inventory_configuration(const put_bucket_inventory_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_inventory_configuration_response> get_bucket_inventory_configuration(const get_bucket_inventory_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_inventory_configuration_response> delete_bucket_inventory_configuration(const delete_bucket_inventory_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_bucket_inventory_configurations_response> list_bucket_inventory_configurations(const list_bucket_inventory_configurations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_analytics_configuration_response> put_bucket_analytics_configuration(const put_bucket_analytics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_analytics_configuration_response> get_bucket_analytics_configuration(const get_bucket_analytics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_analytics_configuration_response> delete_bucket_analytics_configuration(const delete_bucket_analytics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_bucket_analytics_configurations_response> list_bucket_analytics_configurations(const list_bucket_analytics_configurations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_metrics_configuration_response> put_bucket_metrics_configuration(const put_bucket_metrics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_metrics_configuration_response> get_bucket_metrics_configuration(const get_bucket_metrics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_metrics_configuration_response> delete_bucket_metrics_configuration(const delete_bucket_metrics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_bucket_metrics_configurations_response> list_bucket_metrics_configurations(const list_bucket_metrics_configurations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_intelligent_tiering_configuration_response> put_bucket_intelligent_tiering_configuration(const put_bucket_intelligent_tiering_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_intelligent_tiering_configuration_response> get_bucket_intelligent_tiering_configuration(const get_bucket_intelligent_tiering_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_intelligent_tiering_configuration_response> delete_bucket_intelligent_tiering_configuration(const delete_bucket_intelligent_tiering_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_bucket_intelligent_tiering_configurations_response> list_bucket_intelligent_tiering_configurations(const list_bucket_intelligent_tiering_configurations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- object lock: operations/object_lock.hpp
  answer<put_object_lock_configuration_response> put_object_lock_configuration(const put_object_lock_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_lock_configuration_response> get_object_lock_configuration(const get_object_lock_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_object_retention_response> put_object_retention(const put_object_retention_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_retention_response> get_object_retention(const get_object_retention_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_object_legal_hold_response> put_object_legal_hold(const put_object_legal_hold_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_legal_hold_response> get_object_legal_hold(const get_object_legal_hold_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- annotations: operations/annotation.hpp
  answer<put_object_annotation_response> put_object_annotation(const put_object_annotation_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_annotation_response> get_object_annotation(const get_object_annotation_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  template <class Into>
    requires(!std::is_same_v<std::remove_cvref_t<Into>, call_options>)
  answer<get_object_annotation_response> get_object_annotation(const get_object_annotation_request& r, Into&& into, const call_options& o = {}) const {
    return self().send(r, std::forward<Into>(into), o);
  }
  answer<delete_object_annotation_response> delete_object_annotation(const delete_object_annotation_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_object_annotations_response> list_object_annotations(const list_object_annotations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- metadata tables: operations/metadata.hpp
  answer<create_bucket_metadata_configuration_response> create_bucket_metadata_configuration(const create_bucket_metadata_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_metadata_configuration_response> get_bucket_metadata_configuration(const get_bucket_metadata_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_metadata_configuration_response> delete_bucket_metadata_configuration(const delete_bucket_metadata_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<update_bucket_metadata_inventory_table_configuration_response> update_bucket_metadata_inventory_table_configuration(const update_bucket_metadata_inventory_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<update_bucket_metadata_journal_table_configuration_response> update_bucket_metadata_journal_table_configuration(const update_bucket_metadata_journal_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<update_bucket_metadata_annotation_table_configuration_response> update_bucket_metadata_annotation_table_configuration(const update_bucket_metadata_annotation_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<create_bucket_metadata_table_configuration_response> create_bucket_metadata_table_configuration(const create_bucket_metadata_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_metadata_table_configuration_response> get_bucket_metadata_table_configuration(const get_bucket_metadata_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_metadata_table_configuration_response> delete_bucket_metadata_table_configuration(const delete_bucket_metadata_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- restoring, selecting, torrents, Object Lambda answers: operations/retrieval.hpp
  answer<restore_object_response> restore_object(const restore_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<select_object_content_response> select_object_content(const select_object_content_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  /// The records go to `into`: an `http::sink&`, or a function `void(std::span<const std::byte>)`. It is used on this thread.
  template <class Into>
    requires(!std::is_same_v<std::remove_cvref_t<Into>, call_options>)
  answer<select_object_content_response> select_object_content(const select_object_content_request& r, Into&& into, const call_options& o = {}) const {
    return self().send(r, std::forward<Into>(into), o);
  }
  answer<get_object_torrent_response> get_object_torrent(const get_object_torrent_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  template <class Into>
    requires(!std::is_same_v<std::remove_cvref_t<Into>, call_options>)
  answer<get_object_torrent_response> get_object_torrent(const get_object_torrent_request& r, Into&& into, const call_options& o = {}) const {
    return self().send(r, std::forward<Into>(into), o);
  }
  answer<write_get_object_response_response> write_get_object_response(const write_get_object_response_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- directory buckets: operations/directory.hpp
  answer<create_session_response> create_session(const create_session_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_directory_buckets_response> list_directory_buckets(const list_directory_buckets_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<rename_object_response> rename_object(const rename_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

 protected:
  configuration_members() = default;
  ~configuration_members() = default;
  configuration_members(configuration_members&&) = default;
  configuration_members& operator=(configuration_members&&) = default;

 private:
  const Client& self() const noexcept { return static_cast<const Client&>(*this); }
};

}  // namespace s3store::inline S3STORE_ABI
