// Which operations configure metadata tables, which list what is in a bucket?
#pragma once

#include <s3store/operations/metadata/create_bucket_metadata_configuration.hpp>
#include <s3store/operations/metadata/get_bucket_metadata_configuration.hpp>
#include <s3store/operations/metadata/delete_bucket_metadata_configuration.hpp>
#include <s3store/operations/metadata/update_bucket_metadata_inventory_table_configuration.hpp>
#include <s3store/operations/metadata/update_bucket_metadata_journal_table_configuration.hpp>
#include <s3store/operations/metadata/update_bucket_metadata_annotation_table_configuration.hpp>
#include <s3store/operations/metadata/create_bucket_metadata_table_configuration.hpp>
#include <s3store/operations/metadata/get_bucket_metadata_table_configuration.hpp>
#include <s3store/operations/metadata/delete_bucket_metadata_table_configuration.hpp>
