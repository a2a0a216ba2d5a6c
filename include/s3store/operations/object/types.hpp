// Which types do the operations of this family share?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline v0 {

namespace types {

struct checksum_mode : enumeration<checksum_mode> {
  using enumeration::enumeration;
  static constexpr constant enabled{"ENABLED"};
};

struct replication_status : enumeration<replication_status> {
  using enumeration::enumeration;
  static constexpr constant complete{"COMPLETE"};
  static constexpr constant pending{"PENDING"};
  static constexpr constant failed{"FAILED"};
  static constexpr constant replica{"REPLICA"};
  static constexpr constant completed{"COMPLETED"};
};

}  // namespace types

}  // namespace s3store::inline v0
