// Which operations store, read, copy and delete objects?
#pragma once

#include <s3store/operations/object/put_object.hpp>
#include <s3store/operations/object/get_object.hpp>
#include <s3store/operations/object/head_object.hpp>
#include <s3store/operations/object/delete_object.hpp>
#include <s3store/operations/object/delete_objects.hpp>
#include <s3store/operations/object/copy_object.hpp>
#include <s3store/operations/object/get_object_attributes.hpp>
