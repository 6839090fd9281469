#pragma once

/// The explicit list of object types, with their classes and handlers.
#include "daemon/objects/array.hpp"
#include "daemon/objects/barrier.hpp"
#include "daemon/objects/bounded_semaphore.hpp"
#include "daemon/objects/condition.hpp"
#include "daemon/objects/dict.hpp"
#include "daemon/objects/event.hpp"
#include "daemon/objects/list.hpp"
#include "daemon/objects/lock.hpp"
#include "daemon/objects/namespace.hpp"
#include "daemon/objects/process.hpp"
#include "daemon/objects/queue.hpp"
#include "daemon/objects/rlock.hpp"
#include "daemon/objects/rwlock.hpp"
#include "daemon/objects/semaphore.hpp"
#include "daemon/objects/set.hpp"
#include "daemon/objects/value.hpp"
