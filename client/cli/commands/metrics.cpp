#include <iostream>

#include "client/cli/context.hpp"
#include "client/cli/metrics.hpp"
#include "client/cli/objects.hpp"

namespace steward::cli {
namespace metrics_parts {
namespace {

int print(Context& context) {
    Metrics metrics;
    metrics.add(*context.daemon().call(proto::daemon::Status{}));
    for (const auto& info : list_objects(context.daemon(), {}, std::nullopt)) {
        try {
            metrics.add(info, *context.daemon().call(proto::object::Statistics{.object = info.object}));
        } catch (const Error& error) {
            if (error.code() != errc::no_such_object)  // removed meanwhile
                throw;
        }
    }
    std::cout << metrics.text();
    return 0;
}

Action prepare(CLI::App&) {
    return print;
}

}  // namespace
}  // namespace metrics_parts

extern const Command metrics_command{"metrics", "", "Prints all figures in the text format of Prometheus.",
                                     metrics_parts::prepare};

}  // namespace steward::cli
