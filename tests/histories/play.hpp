#pragma once

#include <memory>
#include <string>

#include <steward/manager.hpp>

#include "tests/histories/hand.hpp"

namespace steward::tests::histories {

/// What clients do with an object of one type: its model says what that may return.
class Play {
  public:
    Play() = default;
    Play(const Play&) = delete;
    Play& operator=(const Play&) = delete;
    virtual ~Play() = default;

    /// Holds nothing before and after it, but what a lost reply left.
    virtual void turn(Hand& hand) = 0;

    /// All clients have gone: looks at what is left.
    virtual void settle(Hand& hand) = 0;
};

/// Each opens an object of that name, or makes it.
std::unique_ptr<Play> play_lock(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_fair_lock(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_rlock(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_rwlock(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_semaphore(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_recovering_semaphore(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_bounded_semaphore(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_bounded_signal(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_event(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_auto_reset_event(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_barrier(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_condition(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_queue(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_value(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_array(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_list(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_dict(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_keys_of_dict(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_set(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_keys_of_set(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_namespace(const Manager& manager, const std::string& name);
std::unique_ptr<Play> play_keys_of_namespace(const Manager& manager, const std::string& name);

}  // namespace steward::tests::histories
