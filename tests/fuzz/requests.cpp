// Every message of the catalogue, with any fields, to a daemon with objects of every type: it answers each of them with
// a frame, or lets it wait, and what it holds can be taken up by another daemon. Clients die in between, time passes,
// and somebody writes into the words.

#include <unistd.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "daemon/logging.hpp"
#include "daemon/options.hpp"
#include "proto/envelope.hpp"
#include "tests/fuzz/every_message.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/world.hpp"
#include "tests/in_process/changing_requests.hpp"

namespace {

using namespace steward;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_pair = false;
template <class A, class B>
inline constexpr bool is_pair<std::pair<A, B>> = true;

/// Makes messages of what the fuzzer says. Their views live as long as it.
class Maker {
  public:
    Maker(fuzz::Input& input, const fuzz::World& world) : input_(input), world_(world) {}

    template <class T>
    T make() {
        if constexpr (std::same_as<T, bool>) {
            return input_.below(2) != 0;
        } else if constexpr (std::is_enum_v<T>) {
            return static_cast<T>(input_.below(5));
        } else if constexpr (std::integral<T>) {
            return static_cast<T>(number());
        } else if constexpr (std::same_as<T, std::string_view>) {
            return text();
        } else if constexpr (std::same_as<T, std::string>) {
            return std::string(text());
        } else if constexpr (std::same_as<T, proto::Packed>) {
            return {kept(value(3))};
        } else if constexpr (std::same_as<T, proto::Binary>) {
            return {std::string(text())};
        } else if constexpr (is_optional<T>) {
            return input_.below(2) == 0 ? T{} : T{make<typename T::value_type>()};
        } else if constexpr (is_vector<T>) {
            T made;
            for (auto left = input_.below(5); left > 0; --left)
                made.push_back(make<typename T::value_type>());
            return made;
        } else if constexpr (is_pair<T>) {
            auto first = make<typename T::first_type>();
            return {std::move(first), make<typename T::second_type>()};
        } else {
            return message<T>();
        }
    }

    template <proto::Described T>
    T message() {
        T made{};
        proto::for_each_field<T>([&](const auto& field) {
            using Part = std::remove_cvref_t<decltype(made.*field.member)>;
            made.*field.member = make<Part>();
        });
        return made;
    }

  private:
    std::string_view kept(std::string bytes) { return kept_.emplace_back(std::move(bytes)); }

    std::uint64_t number() {
        constexpr std::uint64_t few = 4;
        switch (input_.below(12)) {
            case 0: return std::numeric_limits<std::uint64_t>::max() - input_.below(few);
            case 1: return std::uint64_t{1} << input_.below(64);
            case 2: return input_.number<std::uint64_t>();
            case 3: return input_.number<std::uint16_t>();
            case 4: return world_.sessions[input_.below(world_.sessions.size())];
            case 5:
            case 6: return input_.below(few);
            default: return world_.objects[input_.below(world_.objects.size())];
        }
    }

    std::string_view text() {
        using daemon::changing_requests::names;
        const auto chosen = input_.below(names.size() + 6);
        if (chosen < names.size())
            return names[chosen];
        switch (chosen - names.size()) {
            case 0: return "";
            case 1: return "k";
            case 2: return "q";
            case 3: return "d";
            case 4: {
                std::string_view method;
                fuzz::with_message(input_.below(fuzz::message_count),
                                   [&]<class M>(std::type_identity<M>) { method = M::method; });
                return method;
            }
            default: return kept(std::string(input_.bytes(input_.below(300))));
        }
    }

    std::string value(unsigned depth) {
        std::string packed;
        proto::Writer writer(packed);
        switch (input_.below(depth == 0 ? 8 : 11)) {
            case 0: writer.nil(); break;
            case 1: writer.boolean(input_.below(2) != 0); break;
            case 2: writer.integer(static_cast<std::int64_t>(number())); break;
            case 3: writer.real(input_.number<double>()); break;
            case 4: writer.string(text()); break;
            case 5: writer.binary(text()); break;
            case 6:
                writer.reference({.type = static_cast<proto::ObjectType>(input_.below(20)), .object = number()});
                break;
            case 7: packed = "\xa1k"; break;
            case 8: {
                const auto size = input_.below(5);
                writer.array(size);
                for (std::size_t i = 0; i < size; ++i)
                    packed += value(depth - 1);
                break;
            }
            case 9: {
                const auto size = input_.below(4);
                writer.map(size);
                for (std::size_t i = 0; i < 2 * size; ++i)
                    packed += value(depth - 1);
                break;
            }
            default:  // the params of an operation of a transaction
                fuzz::with_message(input_.below(fuzz::message_count), [&]<class M>(std::type_identity<M>) {
                    if constexpr (!std::is_same_v<M, proto::transaction::Commit>)
                        proto::encode(writer, message<M>());
                });
        }
        return packed;
    }

    fuzz::Input& input_;
    const fuzz::World& world_;
    std::deque<std::string> kept_;
};

void expect_whole_frames(const std::string& outbox) {
    proto::FrameBuffer frames(proto::FrameLimits{.bytes = std::size_t{1} << 28, .elements = 1U << 28});
    if (outbox.empty())
        return;
    outbox.copy(frames.room(outbox.size()).data(), outbox.size());
    frames.received(outbox.size());
    while (const auto frame = frames.next())
        if (proto::kind_of(*frame) == proto::EnvelopeKind::response)
            proto::decode_response(*frame);
    if (frames.in_mid_frame())
        std::abort();
}

class Play {
  public:
    explicit Play(fuzz::Input input) : input_(input) {
        for (int i = 0; i < 3; ++i)
            clients_.push_back(world_.open_session());
    }

    void run() {
        constexpr int most_steps = 40;
        for (int step = 0; step < most_steps && !input_.empty(); ++step) {
            act();
            read_replies();
        }
        while (!clients_.empty())
            end(clients_.size() - 1);
        world_.in_process().restart();
        world_.in_process().tidy();
        daemon::changing_requests::state_of(world_.daemon());
    }

  private:
    void act() {
        constexpr std::uint64_t second_ns = 1'000'000'000;
        const auto who = input_.below(clients_.size());
        switch (input_.below(20)) {
            case 0: world_.in_process().pass(input_.below(2) == 0 ? 1 : 10 * second_ns); break;
            case 1: end(who), clients_.push_back(world_.open_session()); break;
            case 2: world_.in_process().tidy(); break;
            case 3: scribble(); break;
            case 4: raw(clients_[who]); break;
            case 5: world_.daemon().disconnect_session(clients_[who].session()), reconnect(who); break;
            default: request(clients_[who]);
        }
    }

    void request(daemon::Client& by) {
        std::string frame;
        const bool repeatable = input_.below(2) != 0;
        Maker maker(input_, world_);
        fuzz::with_message(input_.below(fuzz::message_count), [&]<class M>(std::type_identity<M>) {
            const auto number = ++last_request_;
            proto::encode_request(frame, number, maker.message<M>(), repeatable ? std::optional(number) : std::nullopt);
        });
        dispatch(by, frame);
    }

    /// As a connection does: what is no whole frame does not come so far.
    void raw(daemon::Client& by) {
        const auto bytes = input_.bytes(200);
        proto::FrameBuffer frames;
        bytes.copy(frames.room(bytes.size() + 1).data(), bytes.size());
        frames.received(bytes.size());
        try {
            while (const auto frame = frames.next())
                dispatch(by, std::string(*frame));
        } catch (const proto::Malformed&) {
        } catch (const proto::FrameTooLarge&) {
        }
    }

    void dispatch(daemon::Client& by, const std::string& frame) {
        try {
            by.dispatch(frame);
        } catch (const proto::Malformed&) {  // ends the connection
        }
    }

    void scribble() {
        auto& words = world_.daemon().domains.of(daemon::InProcessDaemon::alice).words();
        const auto line = static_cast<std::uint32_t>(1 + input_.below(24));
        auto* const all = reinterpret_cast<std::atomic<std::uint64_t>*>(&words.line(line));
        all[input_.below(8)].store(input_.number<std::uint64_t>());
    }

    void read_replies() {
        world_.daemon().watches.settle();
        for (std::size_t who = 0; who < clients_.size(); ++who) {
            auto& session = clients_[who].session();
            world_.daemon().lifetimes.note_replies(session);
            expect_whole_frames(session.outbox);
            session.outbox.clear();
            if (session.closed)
                end(who), clients_.push_back(world_.open_session());
        }
        world_.daemon().take_flushes();
    }

    void reconnect(std::size_t who) {
        const auto number = clients_[who].number();
        if (world_.daemon().sessions.find(number) == nullptr)
            clients_[who] = world_.open_session();
        else
            clients_[who] = world_.in_process().resumed(number);
    }

    void end(std::size_t who) {
        world_.in_process().kill(clients_[who]);
        clients_.erase(clients_.begin() + static_cast<std::ptrdiff_t>(who));
    }

    fuzz::World world_;
    fuzz::Input input_;
    std::vector<daemon::Client> clients_;
    std::uint64_t last_request_ = 10'000;
};

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    daemon::set_up_logging({.log_level = "off"});
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    Play(fuzz::Input(bytes, size)).run();
    return 0;
}
