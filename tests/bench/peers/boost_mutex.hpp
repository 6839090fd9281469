#pragma once

#include <unistd.h>

#include <string>

#include <boost/interprocess/sync/named_mutex.hpp>

namespace steward::bench {

class BoostMutex {
  public:
    BoostMutex() = default;
    BoostMutex(const BoostMutex&) = delete;
    BoostMutex& operator=(const BoostMutex&) = delete;
    ~BoostMutex() { boost::interprocess::named_mutex::remove(name_.c_str()); }
    void lock() { mutex_.lock(); }
    void unlock() { mutex_.unlock(); }

  private:
    std::string name_ = "steward-bench-mutex-" + std::to_string(::getpid());
    boost::interprocess::named_mutex mutex_{boost::interprocess::create_only, name_.c_str()};
};

}  // namespace steward::bench
