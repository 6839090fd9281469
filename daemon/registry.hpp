#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "daemon/object.hpp"
#include "proto/object.hpp"

namespace steward::daemon {

class Daemon;
struct Call;

/// Something that an object was made with, and that must match where it exists.
struct FixedOption {
    std::string_view name;
    std::int64_t wanted = 0;
    std::int64_t (*found_in)(const Object&) = nullptr;
};

/// What an object of a type is made with.
struct Blueprint {
    proto::ObjectType type{};
    std::uint32_t options = 0;  ///< as ObjectOwner keeps them
    std::span<const FixedOption> fixed = {};
    /// Looks at what exists where the fixed options do not say it all. Throws Refusal: wrong_options.
    std::function<void(const Object&)> check_existing = {};
};

/// Names to objects, over all domains: there is one name space for all types and uids.
class Registry {
  public:
    /// Fills in the contents of a new object, in the Mutation that makes it.
    using Initialize = std::function<void(shared::Mutation&, const Object&)>;

    explicit Registry(Daemon& daemon) : daemon_(daemon) {}

    std::optional<Object> find(std::uint64_t id) const;
    std::optional<Object> find(std::string_view name) const;

    /// Opens the object of the name or makes it, as `open` says; without a name it is always a new one. Throws Refusal:
    /// invalid_name, no_such_object, object_exists, wrong_type, wrong_options, no_permission.
    proto::Opened open(Call&, const proto::Open&, const Blueprint&, const Initialize& = {});

    /// Makes an object without a name in the domain of another, of its owner and mode, in the caller's Mutation.
    static Object make_part(shared::Mutation&, const Object& whole, const Blueprint&, const Initialize& = {});

    /// Makes an object of an owner, without looking whether there is one of the name. Throws Refusal (domain_damaged).
    Object make(shared::Domain&, std::string_view name, shared::ObjectKind, const Blueprint&, const Initialize&);

    /// Makes an ephemeral object without a name for the session of the call.
    Object make_for_session(Call&, const Blueprint&, const Initialize& = {});
    /// Those who wait for it are told, then it is gone, with its part if it has one. `also` is done in the same
    /// Mutation.
    using Change = std::function<void(shared::Mutation&)>;
    void remove(const Object&, const Change& also = {});

    /// The first object behind the cursor, over all domains, and moves the cursor; nothing at the end. A cursor begins
    /// at 0 and is a number that clients may keep.
    std::optional<Object> next(std::uint64_t& cursor) const;

    std::uint64_t size() const;

    /// No lock that was removed had a higher token.
    std::uint64_t token_floor() const { return token_floor_; }
    void learn_token_floor(std::uint64_t floor);

  private:
    Object make(Call&, const proto::Open&, const Blueprint&, const Initialize&);
    static void check_still_there(const std::optional<Object>&, const proto::Open&, const Blueprint&);
    void check_existing(const Call&, const Object&, const proto::Open&, const Blueprint&) const;

    Daemon& daemon_;
    std::uint64_t token_floor_ = 0;
};

}  // namespace steward::daemon
