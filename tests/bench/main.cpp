#include <sysexits.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "tests/bench/machine.hpp"
#include "tests/bench/options.hpp"
#include "tests/bench/processors.hpp"
#include "tests/bench/report.hpp"
#include "tests/bench/result.hpp"
#include "tests/bench/rows/rows.hpp"

namespace steward::bench {
namespace {

std::vector<Row> all_rows(const Sizes& sizes) {
    std::vector<Row> rows;
    for (const auto group : {socket_rows, manager_rows, word_rows, read_rows, contention_rows, handover_rows,
                             waiting_rows, deadlock_rows, scale_rows, growth_rows, memory_rows})
        std::ranges::move(group(sizes), std::back_inserter(rows));
    return rows;
}

void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path);
    file << text << std::flush;
    if (!file)
        throw std::runtime_error(path.string() + " cannot be written");
}

void run(const Options& options) {
    // All takes place on one processor, but for rows that say otherwise. With several, a round trip is anything between
    // 4 and 200 microseconds, by where the scheduler happens to put the two sides and by what else runs there, and the
    // ratios are those of its choices.
    stay_on_this_processor();
    std::vector<Result> results;
    for (const auto& row : all_rows(options.quick ? quick_sizes : Sizes{})) {
        if (!options.wants(row.name))
            continue;
        std::cerr << "measuring " << row.name << '\n';
        results.push_back(measure(row, options.quick ? 1 : options.repetitions));
    }
    if (results.empty())
        throw std::invalid_argument("--rows: no row's name begins so");
    std::cout << machine() << "\n\n" << as_table(results) << '\n' << as_verdicts(results);
    if (options.json)
        write(*options.json, as_json(results));
    if (options.markdown)
        write(*options.markdown, machine() + "\n\n" + as_markdown(results));
}

}  // namespace
}  // namespace steward::bench

int main(int argc, char** argv) {
    try {
        const auto options = steward::bench::parse_options(argc, argv);
        if (options.help)
            std::cout << steward::bench::usage;
        else
            steward::bench::run(options);
        return EX_OK;
    } catch (const std::invalid_argument& error) {
        std::cerr << "steward_bench: " << error.what() << '\n';
        return EX_USAGE;
    } catch (const std::exception& error) {
        std::cerr << "steward_bench: " << error.what() << '\n';
        return EX_SOFTWARE;
    }
}
