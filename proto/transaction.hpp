#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "proto/message.hpp"
#include "proto/packed.hpp"

namespace steward::proto::transaction {

enum class Requirement : std::uint8_t { exists = 0, absent = 1, version = 2 };

/// What must hold for a transaction to be applied.
struct Condition {
    std::uint64_t object = 0;
    Requirement requirement = Requirement::exists;
    std::uint64_t version = 0;
    bool of_key = false;
    Packed key = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&Condition::object, "object", "id of the object"},
            Field{&Condition::requirement, "requirement", "0 it exists, 1 it does not, 2 it is of this version"},
            Field{&Condition::version, "version", "as dict.get tells it of a key, object.info of an object"},
            Field{&Condition::of_key, "of_key", "the condition is about a key of a dict or namespace"},
            Field{&Condition::key, "key", "that key"});
    }
};

struct Operation {
    std::string_view method;
    Packed params = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&Operation::method, "method", "of a list, dict, namespace, set, array or value; none that opens"},
            Field{&Operation::params, "params", "an array, as of a request of its own"});
    }
};

struct Commit {
    static constexpr std::string_view method = "transaction.commit";
    static constexpr std::string_view purpose =
        "Carries out operations on objects of one user as one change, if all conditions hold: all of them happen or "
        "none. One that is refused has the whole refused with its error.";

    std::vector<Condition> conditions;
    std::vector<Operation> operations;

    static constexpr auto fields() {
        return fields_of(Field{&Commit::conditions, "conditions", "what must hold before; at most 1024"},
                         Field{&Commit::operations, "operations", "in this order; at most 1024"});
    }

    struct Result {
        bool applied = false;
        std::optional<std::uint32_t> failed;
        std::vector<Packed> results;

        static constexpr auto fields() {
            return fields_of(
                Field{&Result::applied, "applied", "false: a condition does not hold, nothing has changed"},
                Field{&Result::failed, "failed", "the first condition that does not hold, counted from 0; nil: none"},
                Field{&Result::results, "results", "of each operation, as of a request of its own"});
        }
    };
};

using Messages = MessageList<Commit>;

}  // namespace steward::proto::transaction
