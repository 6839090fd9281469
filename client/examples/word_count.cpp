// Counts the words of many files with several processes.
//
//     word_count count [--workers N] [--pace-ms N]    file names on standard input, each followed by a zero byte
//     word_count worker [--pace-ms N]                 what `count` starts N times
//
// Prints "count word" lines, the most frequent words first. A word is a run of the letters A to Z, in lower case.

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <steward/steward.hpp>

namespace {

using namespace std::chrono_literals;

using Counts = std::map<std::string, long>;

/// What the processes share. Whoever comes first makes it.
struct Shared {
    steward::Manager manager;
    steward::List<std::string> files = manager.list<std::string>("words/files");
    steward::Semaphore readers = manager.semaphore("words/readers", 2, {.recover = true});
    steward::Lock lock = manager.lock("words/lock");
    steward::Dict<std::string, long> counts = manager.dict<std::string, long>("words/counts");
    steward::Value<long> workers_left = manager.value<long>("words/workers_left");
    steward::Event done = manager.event("words/done");
};

struct Options {
    std::string_view role;
    int workers = 4;
    std::chrono::milliseconds pace = 0ms;  // added to the reading of each file, for those who want to watch
};

bool is_letter(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

Counts count_words(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error("cannot read " + path);
    Counts counts;
    std::string word;
    for (char character = 0; file.get(character);) {
        if (is_letter(character)) {
            word += lower(character);
        } else if (!word.empty()) {
            ++counts[word];
            word.clear();
        }
    }
    if (!word.empty())
        ++counts[word];
    return counts;
}

/// Reads what is there, adds, and writes it back. The lock makes the three steps one.
void add_to(Shared& shared, Counts found) {
    const std::scoped_lock guard{shared.lock};
    auto pipeline = shared.manager.pipeline();
    std::vector<steward::Future<std::optional<long>>> before;
    before.reserve(found.size());
    for (const auto& [word, count] : found)
        before.push_back(pipeline.get(shared.counts, word));
    auto next = before.begin();
    for (auto& [word, count] : found)
        count += (next++)->get().value_or(0);
    shared.counts.update(found);
}

void work(const Options& options) {
    Shared shared;
    while (const auto file = shared.files.try_pop(0)) {
        shared.readers.acquire();
        auto found = count_words(*file);
        std::this_thread::sleep_for(options.pace);
        shared.readers.release();
        add_to(shared, std::move(found));
    }
    if (shared.workers_left.fetch_add(-1) == 1)
        shared.done.set();
}

std::vector<std::string> names_from_input() {
    std::vector<std::string> names;
    for (std::string name; std::getline(std::cin, name, '\0');)
        names.push_back(name);
    return names;
}

void start_worker(const Options& options) {
    const auto pace = std::to_string(options.pace.count());
    if (fork() == 0) {
        execl("/proc/self/exe", "word_count", "worker", "--pace-ms", pace.c_str(), nullptr);
        _exit(127);
    }
}

/// Throws where a worker has ended otherwise than well.
void check_workers(int flags) {
    for (int status = 0; waitpid(-1, &status, flags) > 0;)
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            throw std::runtime_error("a worker failed");
}

/// On a terminal in place, else line by line.
void show_progress(std::size_t taken, std::size_t all) {
    static const bool in_place = isatty(STDERR_FILENO) != 0;
    std::cerr << (in_place ? "\r" : "") << taken << " of " << all << " files taken"
              << (in_place && taken < all ? "" : "\n") << std::flush;
}

void print_by_frequency(const Counts& counts) {
    std::vector<std::pair<std::string, long>> words(counts.begin(), counts.end());
    std::stable_sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    for (const auto& [word, count] : words)
        std::cout << count << ' ' << word << '\n';
}

void count(const Options& options) {
    Shared shared;
    const auto names = names_from_input();
    shared.files.extend(names);
    shared.workers_left.set(options.workers);
    for (int i = 0; i < options.workers; ++i)
        start_worker(options);
    while (!shared.done.wait_for(250ms)) {
        show_progress(names.size() - shared.files.size(), names.size());
        check_workers(WNOHANG);
    }
    show_progress(names.size(), names.size());
    check_workers(0);
    print_by_frequency(shared.counts.copy());
}

Options parse(const std::vector<std::string_view>& arguments) {
    if (arguments.size() % 2 != 1)
        throw std::invalid_argument("usage: word_count count|worker [--workers N] [--pace-ms N]");
    Options options{.role = arguments[0]};
    for (std::size_t i = 1; i < arguments.size(); i += 2) {
        const int number = std::stoi(std::string(arguments[i + 1]));
        if (arguments[i] == "--workers")
            options.workers = number;
        else if (arguments[i] == "--pace-ms")
            options.pace = std::chrono::milliseconds(number);
        else
            throw std::invalid_argument("unknown option " + std::string(arguments[i]));
    }
    return options;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const auto options = parse({argv + 1, argv + argc});
        if (options.role == "worker")
            work(options);
        else
            count(options);
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::cerr << "word_count: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
