// How are all requests signed with SigV4A, whatever their endpoints ask for? By this policy.
//
//   struct mine : s3store::default_policies {
//     using signer = s3store::auth::sigv4a_signer;
//   };
//
// Who lets the endpoint choose needs nothing of this: the default `auth::signer` signs with SigV4A where the endpoint rules say so
// (signing_scope::algorithm), as those of Multi-Region Access Points do.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRequests.html
#pragma once

#include <s3store/auth/sigv4.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// Signs as `signer` does, with SigV4A. A scope without a region set gets its region alone; that of an access point on Outposts has the set
/// "*", as AWS's endpoint rules say. S3 Express One Zone (directory buckets, CreateSession) knows SigV4 only, so its requests, whose
/// service is "s3express", are signed with that. Browser forms cannot be signed with SigV4A: presign_post fails with
/// error_kind::invalid_argument.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html
class sigv4a_signer : public signer {
 public:
  sigv4a_signer() : signer(signing_algorithm::sigv4a) {}
};

}  // namespace s3store::inline S3STORE_ABI::auth
