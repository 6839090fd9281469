#include "tests/histories/operation.hpp"

#include <algorithm>
#include <sstream>

namespace steward::tests::histories {

std::string_view name_of(Verb verb) {
    static constexpr auto names = std::to_array<std::string_view>({"abort",
                                                                   "acquire",
                                                                   "acquire_shared",
                                                                   "append",
                                                                   "broken",
                                                                   "clear",
                                                                   "compare_exchange",
                                                                   "contains",
                                                                   "copy",
                                                                   "count",
                                                                   "done",
                                                                   "erase",
                                                                   "fetch_add",
                                                                   "fill",
                                                                   "get",
                                                                   "give_back",
                                                                   "held_by_me",
                                                                   "increment",
                                                                   "insert",
                                                                   "is_set",
                                                                   "join",
                                                                   "locked",
                                                                   "n_waiting",
                                                                   "notify",
                                                                   "pop",
                                                                   "pop_item",
                                                                   "put",
                                                                   "readers",
                                                                   "release",
                                                                   "release_shared",
                                                                   "remove_value",
                                                                   "reset",
                                                                   "reverse",
                                                                   "set",
                                                                   "set_default",
                                                                   "set_slice",
                                                                   "shared_by_me",
                                                                   "size",
                                                                   "sort",
                                                                   "take",
                                                                   "task_done",
                                                                   "token",
                                                                   "update",
                                                                   "value",
                                                                   "wait"});
    static_assert(names.size() == static_cast<std::size_t>(Verb::wait) + 1);
    return names.at(static_cast<std::size_t>(verb));
}

void Call::keep(std::span<const std::int64_t> all) {
    result = static_cast<std::int64_t>(all.size());
    kept = static_cast<std::uint8_t>(std::min(all.size(), most_values));
    std::ranges::copy(all.first(kept), values.begin());
}

bool Operation::returns_all(std::span<const std::int64_t> all) const {
    if (pending())
        return true;
    return did(Outcome::done) && call.result == static_cast<std::int64_t>(all.size()) &&
           std::ranges::equal(call.seen(), all.first(std::min(all.size(), Call::most_values)));
}

std::string text_of(const Call& call) {
    std::ostringstream text;
    text << "client " << call.client << " " << name_of(call.verb) << "(" << call.arguments[0] << ", "
         << call.arguments[1] << ", " << call.arguments[2] << ")";
    switch (call.outcome) {
        case Outcome::open: text << " did not return"; break;
        case Outcome::lost: text << " was lost"; break;
        case Outcome::nothing: text << " = nothing"; break;
        case Outcome::refused: text << " refused: " << make_error_code(call.refusal).message(); break;
        case Outcome::done:
            text << " = " << call.result;
            if (call.token != 0)
                text << " token " << call.token;
            if (call.told)
                text << " told of a death";
            if (call.kept != 0)
                text << " [";
            for (const auto value : call.seen())
                text << " " << value;
            if (call.kept != 0)
                text << " ]";
            break;
    }
    return text.str();
}

std::string text_of(const Operation& operation) {
    static constexpr auto parts =
        std::to_array<std::string_view>({"", "begin of ", "expiry of ", "end of ", "silent leave of ", "open leave of ",
                                         "grant in spite of ", "withdrawal of ", "death of ", "burial of all"});
    std::ostringstream text;
    text << operation.called / 1000 << " us to ";
    if (operation.pending())
        text << "never";
    else
        text << operation.returned / 1000 << " us";
    text << ": " << parts.at(static_cast<std::size_t>(operation.part));
    if (operation.part == Part::death)
        text << "client " << operation.call.client;
    else if (operation.part != Part::burial)
        text << text_of(operation.call);
    return text.str();
}

}  // namespace steward::tests::histories
