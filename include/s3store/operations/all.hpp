// Which operations does the S3 API have? This file includes all of them and lists their types.
#pragma once

#include <cstddef>

#include <s3store/operations/bucket.hpp>
#include <s3store/operations/object.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/versioning.hpp>
#include <s3store/operations/tagging.hpp>
#include <s3store/operations/acl.hpp>
#include <s3store/operations/policy.hpp>
#include <s3store/operations/lifecycle.hpp>
#include <s3store/operations/replication.hpp>
#include <s3store/operations/notification.hpp>
#include <s3store/operations/website.hpp>
#include <s3store/operations/encryption.hpp>
#include <s3store/operations/logging.hpp>
#include <s3store/operations/analysis.hpp>
#include <s3store/operations/object_lock.hpp>
#include <s3store/operations/annotation.hpp>
#include <s3store/operations/metadata.hpp>
#include <s3store/operations/retrieval.hpp>
#include <s3store/operations/directory.hpp>

namespace s3store::inline S3STORE_ABI {

/// A list of operations, for whoever visits them all.
template <class... Requests>
struct operation_list {
  static constexpr std::size_t size = sizeof...(Requests);
};

using all_operations = operation_list<
    list_buckets_request, create_bucket_request, head_bucket_request, get_bucket_location_request, delete_bucket_request,
    put_object_request, get_object_request, head_object_request, delete_object_request, delete_objects_request,
    copy_object_request, get_object_attributes_request, list_objects_request, list_objects_v2_request,
    list_object_versions_request, create_multipart_upload_request, upload_part_request, upload_part_copy_request,
    complete_multipart_upload_request, abort_multipart_upload_request, list_multipart_uploads_request, list_parts_request,
    put_bucket_versioning_request, get_bucket_versioning_request, put_bucket_tagging_request, get_bucket_tagging_request,
    delete_bucket_tagging_request, put_object_tagging_request, get_object_tagging_request, delete_object_tagging_request,
    put_bucket_acl_request, get_bucket_acl_request, put_object_acl_request, get_object_acl_request,
    put_bucket_ownership_controls_request, get_bucket_ownership_controls_request, delete_bucket_ownership_controls_request,
    put_bucket_abac_request, get_bucket_abac_request, put_bucket_policy_request, get_bucket_policy_request,
    delete_bucket_policy_request, get_bucket_policy_status_request, put_public_access_block_request,
    get_public_access_block_request, delete_public_access_block_request, put_bucket_lifecycle_configuration_request,
    get_bucket_lifecycle_configuration_request, delete_bucket_lifecycle_request, put_bucket_lifecycle_request,
    get_bucket_lifecycle_request, put_bucket_replication_request, get_bucket_replication_request,
    delete_bucket_replication_request, put_bucket_notification_configuration_request,
    get_bucket_notification_configuration_request, put_bucket_notification_request, get_bucket_notification_request,
    put_bucket_website_request, get_bucket_website_request, delete_bucket_website_request, put_bucket_cors_request,
    get_bucket_cors_request, delete_bucket_cors_request, put_bucket_encryption_request, get_bucket_encryption_request,
    delete_bucket_encryption_request, update_object_encryption_request, put_bucket_logging_request, get_bucket_logging_request,
    put_bucket_accelerate_configuration_request, get_bucket_accelerate_configuration_request, put_bucket_request_payment_request,
    get_bucket_request_payment_request, put_bucket_inventory_configuration_request, get_bucket_inventory_configuration_request,
    delete_bucket_inventory_configuration_request, list_bucket_inventory_configurations_request,
    put_bucket_analytics_configuration_request, get_bucket_analytics_configuration_request,
    delete_bucket_analytics_configuration_request, list_bucket_analytics_configurations_request,
    put_bucket_metrics_configuration_request, get_bucket_metrics_configuration_request,
    delete_bucket_metrics_configuration_request, list_bucket_metrics_configurations_request,
    put_bucket_intelligent_tiering_configuration_request, get_bucket_intelligent_tiering_configuration_request,
    delete_bucket_intelligent_tiering_configuration_request, list_bucket_intelligent_tiering_configurations_request,
    put_object_lock_configuration_request, get_object_lock_configuration_request, put_object_retention_request,
    get_object_retention_request, put_object_legal_hold_request, get_object_legal_hold_request, put_object_annotation_request,
    get_object_annotation_request, delete_object_annotation_request, list_object_annotations_request,
    create_bucket_metadata_configuration_request, get_bucket_metadata_configuration_request,
    delete_bucket_metadata_configuration_request, update_bucket_metadata_inventory_table_configuration_request,
    update_bucket_metadata_journal_table_configuration_request, update_bucket_metadata_annotation_table_configuration_request,
    create_bucket_metadata_table_configuration_request, get_bucket_metadata_table_configuration_request,
    delete_bucket_metadata_table_configuration_request, restore_object_request, select_object_content_request,
    get_object_torrent_request, write_get_object_response_request, create_session_request, list_directory_buckets_request,
    rename_object_request>;

}  // namespace s3store::inline S3STORE_ABI
