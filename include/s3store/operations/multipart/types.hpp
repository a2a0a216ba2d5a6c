// Which types do the operations of this family share?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Initiator.html
struct initiator {
  std::string id{};
  std::string display_name{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ID", m.id);
    v.element("DisplayName", m.display_name);
  }
};

}  // namespace types

}  // namespace s3store::inline S3STORE_ABI
