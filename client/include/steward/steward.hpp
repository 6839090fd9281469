#pragma once

/// All of libsteward. A program that uses one type may include <steward/manager.hpp> alone.

#include <steward/any.hpp>
#include <steward/array.hpp>
#include <steward/barrier.hpp>
#include <steward/bounded_semaphore.hpp>
#include <steward/condition.hpp>
#include <steward/deadlock.hpp>
#include <steward/dict.hpp>
#include <steward/error.hpp>
#include <steward/event.hpp>
#include <steward/guard.hpp>
#include <steward/list.hpp>
#include <steward/lock.hpp>
#include <steward/lock_order.hpp>
#include <steward/manager.hpp>
#include <steward/namespace.hpp>
#include <steward/object.hpp>
#include <steward/object_name.hpp>
#include <steward/permits.hpp>
#include <steward/pipeline.hpp>
#include <steward/process.hpp>
#include <steward/queue.hpp>
#include <steward/reference.hpp>
#include <steward/rlock.hpp>
#include <steward/rwlock.hpp>
#include <steward/semaphore.hpp>
#include <steward/set.hpp>
#include <steward/several.hpp>
#include <steward/slice.hpp>
#include <steward/timed_lockable.hpp>
#include <steward/transaction.hpp>
#include <steward/value.hpp>
#include <steward/watch.hpp>
