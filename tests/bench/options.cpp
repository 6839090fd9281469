#include "tests/bench/options.hpp"

#include <getopt.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <stdexcept>

namespace steward::bench {
namespace {

std::vector<std::string> split_at_commas(const std::string& text) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, ',');)
        parts.push_back(part);
    return parts;
}

}  // namespace

const std::string_view usage =
    "Usage: steward_bench [--json FILE] [--markdown FILE] [--rows PREFIX,...] [--repetitions N] [--quick]\n"
    "\n"
    "Measures Steward and, in turn with it, its peers on this machine, and prints medians, ratios (Steward by peer)\n"
    "and, at the end, whether each row is what it has to be. A peer that is not installed is left out.\n"
    "\n"
    "  --json FILE        write the figures there too\n"
    "  --markdown FILE    write them there as README.md shows them\n"
    "  --rows PREFIX,...  only rows whose names begin so\n"
    "  --repetitions N    how often each is measured (default: 601)\n"
    "  --quick            do so little that the figures mean nothing, to see that it works\n"
    "  --help             this text\n";

bool Options::wants(std::string_view row) const {
    return rows.empty() || std::ranges::any_of(rows, [&](const auto& prefix) { return row.starts_with(prefix); });
}

Options parse_options(int argc, char** argv) {
    const std::array<option, 7> known{{{"json", required_argument, nullptr, 'j'},
                                       {"markdown", required_argument, nullptr, 'm'},
                                       {"rows", required_argument, nullptr, 'r'},
                                       {"repetitions", required_argument, nullptr, 'n'},
                                       {"quick", no_argument, nullptr, 'q'},
                                       {"help", no_argument, nullptr, 'h'},
                                       {nullptr, 0, nullptr, 0}}};
    Options options;
    for (int letter = 0; (letter = ::getopt_long(argc, argv, "", known.data(), nullptr)) != -1;) {
        switch (letter) {
            case 'j': options.json = optarg; break;
            case 'm': options.markdown = optarg; break;
            case 'r': options.rows = split_at_commas(optarg); break;
            case 'n': options.repetitions = std::stoi(optarg); break;
            case 'q': options.quick = true; break;
            case 'h': options.help = true; break;
            default: throw std::invalid_argument("see --help");
        }
    }
    if (optind < argc)
        throw std::invalid_argument("what is '" + std::string(argv[optind]) + "'? See --help");
    if (options.repetitions < 1)
        throw std::invalid_argument("--repetitions is at least 1");
    return options;
}

}  // namespace steward::bench
