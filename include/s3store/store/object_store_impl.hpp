// Which parts of the object store are in the compiled library (S3STORE_COMPILED)? All of it, for the default policies.
#pragma once

#include <s3store/client/client_impl.hpp>
#include <s3store/store/object_store.hpp>

namespace s3store::inline S3STORE_ABI {

S3STORE_INSTANTIATE_CLIENT(store_policies, backend_transport);

S3STORE_INSTANTIATE class object_members<object_store>;
S3STORE_INSTANTIATE class file_members<object_store>;
S3STORE_INSTANTIATE class listing_members<object_store>;
S3STORE_INSTANTIATE class bucket_members<object_store>;
S3STORE_INSTANTIATE class bucket_settings_members<object_store>;
S3STORE_INSTANTIATE class presigning_members<object_store>;
S3STORE_INSTANTIATE class basic_object_store<store_policies>;

S3STORE_INSTANTIATE class detail::multipart_transfer<default_policies, upload_response>;
S3STORE_INSTANTIATE class detail::multipart_transfer<default_policies, copy_response>;
S3STORE_INSTANTIATE class detail::multipart_transfer<store_policies, upload_response>;
S3STORE_INSTANTIATE class detail::multipart_transfer<store_policies, copy_response>;
S3STORE_INSTANTIATE class copying<default_policies>;
S3STORE_INSTANTIATE class copying<store_policies>;
S3STORE_INSTANTIATE result<copy_response> copy(const basic_client<default_policies>&, const copy_request&, const call_options&);
S3STORE_INSTANTIATE result<copy_response> copy(const basic_client<store_policies>&, const copy_request&, const call_options&);
S3STORE_INSTANTIATE class uploading<default_policies>;
S3STORE_INSTANTIATE class uploading<store_policies>;
S3STORE_INSTANTIATE result<upload_response> upload(const basic_client<default_policies>&, const upload_request&, const call_options&);
S3STORE_INSTANTIATE result<upload_response> upload(const basic_client<store_policies>&, const upload_request&, const call_options&);

}  // namespace s3store::inline S3STORE_ABI
