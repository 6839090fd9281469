#include "client/cli/json_value.hpp"

#include <string>

#include "client/cli/failure.hpp"

namespace steward::cli {

Any value_from(std::string_view text) {
    try {
        return Any::from_json(text);
    } catch (const Error& error) {
        throw Failure(ExitStatus::not_json, '\'' + std::string(text) + "' is no JSON (" + error.detail() +
                                                "); a string needs quotes of its own, as in '\"text\"'");
    }
}

Any key_from(std::string_view text) {
    try {
        auto key = Any::from_json(text);
        if (key.kind() != Any::Kind::map)
            return key;
    } catch (const Error&) {
        return std::string(text);
    }
    return std::string(text);
}

}  // namespace steward::cli
