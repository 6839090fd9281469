#include <steward/error.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include <steward/deadlock.hpp>

#include "proto/errors.hpp"

namespace steward {
namespace {

// One list for the wire and for programs: steward::errc has each number of proto/errors.hpp under the same name.
static_assert(static_cast<int>(errc::not_connected) == static_cast<int>(proto::Errc::not_connected));
static_assert(static_cast<int>(errc::protocol_error) == static_cast<int>(proto::Errc::protocol_error));
static_assert(static_cast<int>(errc::version_mismatch) == static_cast<int>(proto::Errc::version_mismatch));
static_assert(static_cast<int>(errc::unknown_method) == static_cast<int>(proto::Errc::unknown_method));
static_assert(static_cast<int>(errc::invalid_argument) == static_cast<int>(proto::Errc::invalid_argument));
static_assert(static_cast<int>(errc::invalid_name) == static_cast<int>(proto::Errc::invalid_name));
static_assert(static_cast<int>(errc::no_such_object) == static_cast<int>(proto::Errc::no_such_object));
static_assert(static_cast<int>(errc::object_exists) == static_cast<int>(proto::Errc::object_exists));
static_assert(static_cast<int>(errc::object_removed) == static_cast<int>(proto::Errc::object_removed));
static_assert(static_cast<int>(errc::wrong_type) == static_cast<int>(proto::Errc::wrong_type));
static_assert(static_cast<int>(errc::wrong_options) == static_cast<int>(proto::Errc::wrong_options));
static_assert(static_cast<int>(errc::no_permission) == static_cast<int>(proto::Errc::no_permission));
static_assert(static_cast<int>(errc::not_owner) == static_cast<int>(proto::Errc::not_owner));
static_assert(static_cast<int>(errc::deadlock) == static_cast<int>(proto::Errc::deadlock));
static_assert(static_cast<int>(errc::no_such_key) == static_cast<int>(proto::Errc::no_such_key));
static_assert(static_cast<int>(errc::index_out_of_range) == static_cast<int>(proto::Errc::index_out_of_range));
static_assert(static_cast<int>(errc::no_such_value) == static_cast<int>(proto::Errc::no_such_value));
static_assert(static_cast<int>(errc::empty) == static_cast<int>(proto::Errc::empty));
static_assert(static_cast<int>(errc::type_mismatch) == static_cast<int>(proto::Errc::type_mismatch));
static_assert(static_cast<int>(errc::out_of_range) == static_cast<int>(proto::Errc::out_of_range));
static_assert(static_cast<int>(errc::semaphore_overflow) == static_cast<int>(proto::Errc::semaphore_overflow));
static_assert(static_cast<int>(errc::no_memory) == static_cast<int>(proto::Errc::no_memory));
static_assert(static_cast<int>(errc::too_large) == static_cast<int>(proto::Errc::too_large));
static_assert(static_cast<int>(errc::busy) == static_cast<int>(proto::Errc::busy));
static_assert(static_cast<int>(errc::cancelled) == static_cast<int>(proto::Errc::cancelled));
static_assert(static_cast<int>(errc::shutting_down) == static_cast<int>(proto::Errc::shutting_down));
static_assert(static_cast<int>(errc::session_lost) == static_cast<int>(proto::Errc::session_lost));
static_assert(static_cast<int>(errc::internal_error) == static_cast<int>(proto::Errc::internal_error));
static_assert(static_cast<int>(errc::broken_barrier) == static_cast<int>(proto::Errc::broken_barrier));
static_assert(static_cast<int>(errc::other_domain) == static_cast<int>(proto::Errc::other_domain));
static_assert(static_cast<int>(errc::domain_damaged) == static_cast<int>(proto::Errc::domain_damaged));
static_assert(proto::errors.size() == static_cast<std::size_t>(errc::domain_damaged), "an error is missing here");

class Category final : public std::error_category {
  public:
    const char* name() const noexcept override { return "steward"; }

    std::string message(int number) const override {
        for (const auto& entry : proto::errors)
            if (static_cast<int>(entry.code) == number)
                return std::string(entry.sentence);
        return "error " + std::to_string(number) + " of a newer daemon";
    }

    std::error_condition default_error_condition(int number) const noexcept override {
        switch (static_cast<errc>(number)) {
            case errc::not_connected: return std::errc::not_connected;
            case errc::protocol_error: return std::errc::protocol_error;
            case errc::version_mismatch: return std::errc::protocol_not_supported;
            case errc::invalid_argument:
            case errc::invalid_name: return std::errc::invalid_argument;
            case errc::no_permission: return std::errc::permission_denied;
            case errc::not_owner: return std::errc::operation_not_permitted;
            case errc::deadlock: return std::errc::resource_deadlock_would_occur;
            case errc::out_of_range: return std::errc::result_out_of_range;
            case errc::semaphore_overflow: return std::errc::value_too_large;
            case errc::no_memory: return std::errc::not_enough_memory;
            case errc::too_large: return std::errc::message_size;
            case errc::busy: return std::errc::resource_unavailable_try_again;
            case errc::cancelled: return std::errc::operation_canceled;
            default: return {number, *this};
        }
    }
};

}  // namespace

const std::error_category& error_category() noexcept {
    static const Category category;
    return category;
}

std::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), error_category()};
}

Error::Error(errc code, std::string_view detail)
    : std::system_error(make_error_code(code), std::string(detail)), detail_(detail) {}

DeadlockError::DeadlockError(std::string_view detail, std::vector<DeadlockStep> cycle)
    : Error(errc::deadlock, detail), cycle_(std::make_shared<const std::vector<DeadlockStep>>(std::move(cycle))) {}

}  // namespace steward
