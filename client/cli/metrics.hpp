#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/daemon.hpp"
#include "proto/object.hpp"

namespace steward::cli {

/// Figures in the text format of Prometheus (version 0.0.4): families with their help and type, samples with labels.
class Metrics {
  public:
    /// The daemon itself.
    void add(const proto::daemon::Status::Result&);
    /// One object, with its name, type and owner as labels.
    void add(const proto::ObjectInfo&, const proto::object::Statistics::Result&);

    std::string text() const;

  private:
    struct Family {
        std::string name;
        std::string help;
        std::string type;
        std::string samples = {};
    };

    void sample(std::size_t family, const std::string& suffix, const std::string& labels, const std::string& value);
    void histogram(std::size_t family, const std::string& labels, const std::vector<std::uint64_t>& counts,
                   std::uint64_t total_ns);

    std::vector<Family> families_ = all_families();

    static std::vector<Family> all_families();
};

/// A label's value as the format wants it: backslash, quote and line feed escaped.
std::string label_value(std::string_view text);

}  // namespace steward::cli
