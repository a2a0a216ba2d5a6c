// Which operations are there? Their names alone, so that the client can offer all of them at the price of a list.
#pragma once


namespace s3store::inline v0 {

// operations/bucket.hpp
struct list_buckets_request;
struct list_buckets_response;
struct create_bucket_request;
struct create_bucket_response;
struct head_bucket_request;
struct head_bucket_response;
struct get_bucket_location_request;
struct get_bucket_location_response;
struct delete_bucket_request;
struct delete_bucket_response;

// operations/versioning.hpp
struct put_bucket_versioning_request;
struct put_bucket_versioning_response;
struct get_bucket_versioning_request;
struct get_bucket_versioning_response;

// operations/object.hpp
struct put_object_request;
struct put_object_response;
struct get_object_request;
struct get_object_response;
struct head_object_request;
struct head_object_response;
struct delete_object_request;
struct delete_object_response;
struct delete_objects_request;
struct delete_objects_response;
struct copy_object_request;
struct copy_object_response;
struct get_object_attributes_request;
struct get_object_attributes_response;

// operations/listing.hpp
struct list_objects_request;
struct list_objects_response;
struct list_objects_v2_request;
struct list_objects_v2_response;
struct list_object_versions_request;
struct list_object_versions_response;

// operations/multipart.hpp
struct create_multipart_upload_request;
struct create_multipart_upload_response;
struct upload_part_request;
struct upload_part_response;
struct upload_part_copy_request;
struct upload_part_copy_response;
struct complete_multipart_upload_request;
struct complete_multipart_upload_response;
struct abort_multipart_upload_request;
struct abort_multipart_upload_response;
struct list_multipart_uploads_request;
struct list_multipart_uploads_response;
struct list_parts_request;
struct list_parts_response;

}  // namespace s3store::inline v0
