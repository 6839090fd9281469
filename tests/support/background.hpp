#pragma once

#include <functional>
#include <future>
#include <type_traits>
#include <utility>

namespace steward::tests {

/// Does work in a thread of its own. Every kind of callable costs std::async a second of compilation, so all that give
/// the same are one kind here.
template <class F>
auto in_background(F work) {
    using Result = std::invoke_result_t<F&>;
    return std::async(std::launch::async, std::function<Result()>(std::move(work)));
}

}  // namespace steward::tests
