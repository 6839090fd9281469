#include "client/cli/completion.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/App.hpp>

#include "client/cli/command_line.hpp"
#include "client/cli/commands.hpp"
#include "client/cli/objects.hpp"

namespace steward::cli {
namespace {

constexpr unsigned patience_seconds = 1;

/// What the words before the last one have made of the command line.
class LineSoFar {
  public:
    LineSoFar() : app_(declare_steward(options_)) {}

    /// Whether what follows can be told.
    bool read(const std::string& word) {
        if (waiting_ != nullptr) {
            take_value(*waiting_, word);
            waiting_ = nullptr;
        } else if (is_option(word)) {
            read_option(word);
        } else if (command_ == nullptr) {
            return read_command(word);
        } else if (auto* variant = variant_of(word)) {
            variant_ = variant;
        } else {
            ++arguments_;
        }
        return true;
    }

    static bool is_option(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

    const std::string& socket() const { return options_.socket; }
    const Command* command() const { return command_; }

    /// The option whose value comes next.
    const CLI::Option* waiting() const { return waiting_; }

    bool wants_variant() const { return command_ != nullptr && variant_ == nullptr && !variants().empty(); }

    std::vector<const CLI::App*> variants() const {
        return std::as_const(*app_).get_subcommands([](const CLI::App*) { return true; });
    }

    /// The options that may come next, innermost first.
    std::vector<const CLI::Option*> options() const {
        std::vector<const CLI::Option*> all;
        for (const auto* app : {static_cast<const CLI::App*>(variant_), static_cast<const CLI::App*>(app_.get())})
            for (const auto* option : app != nullptr ? app->get_options() : std::vector<const CLI::Option*>())
                if (!option->get_positional() && !option->get_group().empty())
                    all.push_back(option);
        return all;
    }

    const CLI::Option* option(const std::string& name) const {
        const auto all = options();
        const auto found = std::ranges::find_if(all, [&](const auto* option) { return option->check_name(name); });
        return found == all.end() ? nullptr : *found;
    }

    /// The argument that comes next, if there is one; the last may take any number.
    const CLI::Option* argument() const {
        const CLI::App& app = variant_ != nullptr ? *variant_ : *app_;
        const CLI::Option* next = nullptr;
        std::size_t position = 0;
        for (const auto* option : app.get_options())
            if (option->get_positional() && (position++ == arguments_ || option->get_items_expected_max() > 1))
                next = option;
        return next;
    }

  private:
    void take_value(const CLI::Option& option, const std::string& value) {
        if (option.check_lname("socket"))
            options_.socket = value;
    }

    void read_option(const std::string& word) {
        const auto sign = word.find('=');
        const auto* found = option(word.substr(0, sign));
        if (found == nullptr || found->get_items_expected_max() == 0)
            return;
        if (sign == std::string::npos)
            waiting_ = found;
        else
            take_value(*found, word.substr(sign + 1));
    }

    bool read_command(const std::string& word) {
        command_ = find_command(word);
        if (command_ != nullptr)
            app_ = declare(*command_, options_).app;
        return command_ != nullptr;
    }

    CLI::App* variant_of(const std::string& word) {
        const auto named = [&](CLI::App* variant) { return variant->get_name() == word; };
        const auto found = variant_ == nullptr ? app_->get_subcommands(named) : std::vector<CLI::App*>();
        return found.empty() ? nullptr : found.front();
    }

    GlobalOptions options_;
    std::unique_ptr<CLI::App> app_;
    const Command* command_ = nullptr;
    CLI::App* variant_ = nullptr;  ///< a type, of `make`
    const CLI::Option* waiting_ = nullptr;
    std::size_t arguments_ = 0;
};

/// What stands between a mark and the next brace, at its commas.
std::set<std::string> words_behind(std::string_view text, std::string_view mark) {
    std::set<std::string> words;
    text.remove_prefix(text.find(mark) + mark.size());
    text = text.substr(0, text.find('}'));
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        words.emplace(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

/// Prints candidates that begin as what has been typed.
class Candidates {
  public:
    /// `before`: what stands before them in the same word, as "--lock=" or "disk,".
    Candidates(std::ostream& out, std::string_view typed, std::string before = {})
        : out_(out), typed_(typed), before_(std::move(before)) {}

    void add(std::string_view word, std::string_view meaning) {
        if (word.starts_with(typed_))
            out_ << before_ << word << '\t' << meaning << '\n';
    }

    void add_objects(const std::set<std::string>& types, const std::string& socket) {
        Daemon daemon(socket);
        const auto objects = typed_.starts_with('#') ? list_objects_and_nameless(daemon, std::nullopt)
                                                     : list_objects(daemon, typed_, std::nullopt);
        for (const auto& object : objects) {
            const std::string type(proto::to_string(object.type));
            if (types.empty() || types.contains(type))
                add(name_of(object), type);
        }
    }

    void add_what(const CLI::Option& option, const std::string& socket) {
        const auto text = option.get_type_name();
        if (text.find(object_mark) != std::string::npos)
            add_objects(words_behind(text, object_mark), socket);
        else if (text.find(file_mark) != std::string::npos)
            out_ << "\tfiles\n";
        else if (text.find('{') != std::string::npos)
            for (const auto& word : words_behind(text, "{"))
                add(word, "");
    }

  private:
    std::ostream& out_;
    std::string_view typed_;
    std::string before_;
};

void complete_value(const CLI::Option& option, std::string_view typed, const LineSoFar& line, std::ostream& out,
                    std::string before = {}) {
    if (option.get_type_name().find(list_mark) != std::string::npos) {
        const auto end = typed.rfind(list_delimiter) + 1;  // 0 where there is none
        before += typed.substr(0, end);
        typed.remove_prefix(end);
    }
    Candidates(out, typed, std::move(before)).add_what(option, line.socket());
}

void complete_option(const std::string& typed, const LineSoFar& line, std::ostream& out) {
    const auto sign = typed.find('=');
    if (sign != std::string::npos) {
        if (const auto* option = line.option(typed.substr(0, sign)))
            complete_value(*option, std::string_view(typed).substr(sign + 1), line, out, typed.substr(0, sign + 1));
        return;
    }
    Candidates candidates(out, typed);
    std::set<std::string> seen;
    for (const auto* option : line.options())
        for (const auto& name : option->get_lnames())
            if (seen.insert(name).second)
                candidates.add("--" + name, option->get_description());
}

void complete_argument(const std::string& typed, const LineSoFar& line, std::ostream& out) {
    Candidates candidates(out, typed);
    if (line.command() == nullptr) {
        for (const auto* command : commands())
            candidates.add(command->name, command->purpose);
    } else if (line.wants_variant()) {
        for (const auto* variant : line.variants())
            candidates.add(variant->get_name(), variant->get_description());
    } else if (const auto* argument = line.argument()) {
        candidates.add_what(*argument, line.socket());
    } else if (line.command()->runs_program) {
        candidates.add("--", "what to run stands behind it");
    }
}

void complete_last(std::span<const std::string> words, std::ostream& out) {
    LineSoFar line;
    for (std::size_t position = 0; position + 1 < words.size(); ++position) {
        if (words[position] == "--" && line.waiting() == nullptr) {
            if (line.command() != nullptr && line.command()->runs_program)
                out << "\tcommand " << words.size() - position - 2 << '\n';
            return;
        }
        if (!line.read(words[position]))
            return;
    }
    const auto& typed = words.back();
    if (line.waiting() != nullptr)
        complete_value(*line.waiting(), typed, line, out);
    else if (typed.starts_with('-'))
        complete_option(typed, line, out);
    else
        complete_argument(typed, line, out);
}

}  // namespace

void complete(std::span<const std::string> words, std::ostream& out) {
    if (words.empty())
        return;
    // A daemon that has been stopped accepts connections and says nothing; whoever types must not wait for it.
    std::signal(SIGALRM, [](int) { ::_exit(0); });
    ::alarm(patience_seconds);
    try {
        complete_last(words, out);
    } catch (const std::exception&) {
        // In the middle of a word that is being typed there is nothing to complain of.
    }
    out.flush();
}

}  // namespace steward::cli
