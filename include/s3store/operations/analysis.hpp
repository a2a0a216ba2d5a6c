// Which operations configure a bucket's inventory, analytics, metrics and intelligent tiering?
#pragma once

#include <s3store/operations/analysis/put_bucket_inventory_configuration.hpp>
#include <s3store/operations/analysis/get_bucket_inventory_configuration.hpp>
#include <s3store/operations/analysis/delete_bucket_inventory_configuration.hpp>
#include <s3store/operations/analysis/list_bucket_inventory_configurations.hpp>
#include <s3store/operations/analysis/put_bucket_analytics_configuration.hpp>
#include <s3store/operations/analysis/get_bucket_analytics_configuration.hpp>
#include <s3store/operations/analysis/delete_bucket_analytics_configuration.hpp>
#include <s3store/operations/analysis/list_bucket_analytics_configurations.hpp>
#include <s3store/operations/analysis/put_bucket_metrics_configuration.hpp>
#include <s3store/operations/analysis/get_bucket_metrics_configuration.hpp>
#include <s3store/operations/analysis/delete_bucket_metrics_configuration.hpp>
#include <s3store/operations/analysis/list_bucket_metrics_configurations.hpp>
#include <s3store/operations/analysis/put_bucket_intelligent_tiering_configuration.hpp>
#include <s3store/operations/analysis/get_bucket_intelligent_tiering_configuration.hpp>
#include <s3store/operations/analysis/delete_bucket_intelligent_tiering_configuration.hpp>
#include <s3store/operations/analysis/list_bucket_intelligent_tiering_configurations.hpp>
