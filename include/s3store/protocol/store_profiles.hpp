// Which settings does a store other than AWS S3 need? Each function makes those of one store: where it is, where the bucket's name goes, which
// region is signed for, and which checksums it takes.
//
//   s3store::client s3{s3store::stores::cloudflare_r2("my-account")};
//   auto s = s3store::stores::minio("http://localhost:9000");
//   s.credentials = {"id", "secret"};
//
// The pages that the facts are from stand at each. Where a store does not say that it takes S3's checksums (x-amz-checksum-*), none are sent,
// since some stores refuse a request for a header that they do not know; DeleteObjects and the like then have a Content-MD5, as S3 wanted
// it before there were others. Whoever knows more of a store changes the members of `profile`.
#pragma once

#include <string>
#include <string_view>

#include <s3store/protocol/settings.hpp>

namespace s3store::inline S3STORE_ABI::stores {

/// AWS S3 in a region: what `settings` is by default. https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
settings aws(std::string_view region = "us-east-1");

/// MinIO at a URL: the bucket in the path; all of S3's usual checksums, in trailers, too.
/// https://min.io/docs/minio/linux/reference/s3-api-compatibility.html; the tests of this library run on it.
settings minio(std::string_view url);

/// versitygw at a URL: as MinIO, and further checksums. https://github.com/versity/versitygw/wiki; the tests of this library run on it.
settings versitygw(std::string_view url);

/// Ceph's RADOS Gateway at a URL: the bucket in the path; any region. Which checksums it takes depends on its release.
/// https://docs.ceph.com/en/latest/radosgw/s3/
settings ceph(std::string_view url);

/// Garage at a URL: the bucket in the path; the region is what Garage's configuration says, "garage" in its examples.
/// https://garagehq.deuxfleurs.fr/documentation/connect/, https://garagehq.deuxfleurs.fr/documentation/reference-manual/s3-compatibility/
settings garage(std::string_view url, std::string_view region = "garage");

/// Cloudflare R2 of an account; `jurisdiction` is "eu", "fedramp" or empty. The region is "auto"; CRC64NVME, but not in trailers.
/// https://developers.cloudflare.com/r2/api/s3/api/
settings cloudflare_r2(std::string_view account, std::string_view jurisdiction = {});

/// Google Cloud Storage through its XML API, with HMAC keys. https://cloud.google.com/storage/docs/aws-simple-migration
settings google_cloud_storage();

/// Backblaze B2 in a region such as "us-west-004". It refuses headers of checksums that it does not know, also x-amz-checksum-mode.
/// https://www.backblaze.com/docs/cloud-storage-s3-compatible-api
settings backblaze_b2(std::string_view region);

/// Wasabi in a region such as "eu-central-1".
/// https://docs.wasabi.com/docs/what-are-the-service-urls-for-wasabis-different-storage-regions
settings wasabi(std::string_view region = "us-east-1");

/// DigitalOcean Spaces in a datacenter such as "nyc3": the bucket in the host name. The region that is signed for is us-east-1.
/// https://docs.digitalocean.com/products/spaces/how-to/use-aws-sdks/
settings digitalocean(std::string_view datacenter);

/// Tigris: one address for the whole world, the bucket in the host name, the region "auto".
/// https://www.tigrisdata.com/docs/sdks/s3/
settings tigris();

/// Alibaba Cloud OSS in a region such as "cn-hangzhou": the bucket in the host name, and no aws-chunked bodies.
/// https://www.alibabacloud.com/help/en/oss/developer-reference/use-amazon-s3-sdks-to-access-oss
settings alibaba_oss(std::string_view region);

}  // namespace s3store::inline S3STORE_ABI::stores

#ifdef S3STORE_DEFINITIONS
#include <s3store/protocol/store_profiles_impl.hpp>
#endif
