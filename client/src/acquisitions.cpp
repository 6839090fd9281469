#include "client/src/acquisitions.hpp"

#include <pthread.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "client/src/client.hpp"
#include "client/src/object_state.hpp"
#include "client/src/process.hpp"

namespace steward::detail {

constinit thread_local std::size_t recorded_acquisitions = 0;
constinit thread_local std::uint64_t connection_of_words = 0;

namespace {

struct Acquisition {
    std::uint64_t object;
    std::uint64_t count;
    std::optional<Abandonment> abandoned;
};

/// What the thread holds by way of one Client in one process.
struct Holdings {
    std::weak_ptr<Client> client;
    std::uint64_t process;
    std::vector<Acquisition> acquisitions;
    bool by_word = false;  ///< something may be held by its word

    /// By the owner, whose address is not used again while the weak_ptr is there.
    bool are_of(const std::shared_ptr<Client>& other) const noexcept {
        return !client.owner_before(other) && !other.owner_before(client) && process == process_generation();
    }

    /// From behind: what was acquired last is most often released first.
    auto find(std::uint64_t object) noexcept {
        return std::find_if(acquisitions.rbegin(), acquisitions.rend(),
                            [=](const Acquisition& acquisition) { return acquisition.object == object; });
    }
};

class ThreadHoldings {
  public:
    ThreadHoldings() = default;
    ThreadHoldings(const ThreadHoldings&) = delete;
    ThreadHoldings& operator=(const ThreadHoldings&) = delete;

    ~ThreadHoldings() {
        for (const auto& holdings : all_) {
            const bool holds = !holdings.acquisitions.empty() || holdings.by_word;
            if (!holds || holdings.process != process_generation())
                continue;
            if (const auto client = holdings.client.lock())
                client->end_thread(thread_number());
        }
    }

    Holdings* find(const std::shared_ptr<Client>& client) noexcept {
        for (auto& holdings : all_)
            if (holdings.are_of(client))
                return &holdings;
        return nullptr;
    }

    Holdings& find_or_add(const std::shared_ptr<Client>& client) {
        if (auto* found = find(client))
            return *found;
        std::erase_if(all_, [](const Holdings& holdings) {
            return holdings.client.expired() || holdings.process != process_generation();
        });
        return all_.emplace_back(Holdings{.client = client, .process = process_generation(), .acquisitions = {}});
    }

  private:
    std::vector<Holdings> all_;  ///< next to always one
};

/// No object that C++ destroys when the thread ends: others of those may use locks later, and of a main thread that
/// ends by pthread_exit(3) none is destroyed. What is done about a key (pthread_key_create(3)) is done after all of
/// them, and again where something else that is done then uses a lock.
constinit thread_local ThreadHoldings* thread_holdings = nullptr;

extern "C" void end_thread_holdings(void*) {
    delete std::exchange(thread_holdings, nullptr);
    recorded_acquisitions = 0;
    connection_of_words = 0;
}

/// exit(3) ends the thread that calls it too, but does nothing about keys.
void end_holdings_at_exit() {
    end_thread_holdings(nullptr);
}

pthread_key_t make_key() {
    pthread_key_t key{};
    if (::pthread_key_create(&key, end_thread_holdings) != 0 || std::atexit(end_holdings_at_exit) != 0)
        throw std::bad_alloc();
    return key;
}

/// Throws std::bad_alloc.
ThreadHoldings& holdings_of_thread() {
    static const auto key = make_key();
    if (thread_holdings == nullptr) {
        auto made = std::make_unique<ThreadHoldings>();
        if (::pthread_setspecific(key, made.get()) != 0)
            throw std::bad_alloc();
        thread_holdings = made.release();
    }
    return *thread_holdings;
}

Holdings* find_holdings(const ObjectState& object) noexcept {
    return thread_holdings == nullptr ? nullptr : thread_holdings->find(object.client);
}

}  // namespace

void note_use_of_words(const ObjectState& object) noexcept {
    if (connection_of_words == object.word.connection())
        return;
    try {
        holdings_of_thread().find_or_add(object.client).by_word = true;
        connection_of_words = object.word.connection();
    } catch (const std::bad_alloc&) {
        return;
    }
}

void remember_acquisition(const ObjectState& object, const std::optional<Abandonment>& abandoned,
                          std::uint64_t count) noexcept {
    try {
        auto& holdings = holdings_of_thread().find_or_add(object.client);
        const auto found = holdings.find(object.id);
        if (found == holdings.acquisitions.rend()) {
            holdings.acquisitions.push_back({object.id, std::max<std::uint64_t>(count, 1), abandoned});
            ++recorded_acquisitions;
            return;
        }
        found->count = count != 0 ? count : found->count + 1;
        if (abandoned || count == 1)
            found->abandoned = abandoned;
    } catch (const std::bad_alloc&) {
        return;
    }
}

void renew_acquisition(const ObjectState& object, const std::optional<Abandonment>& abandoned) noexcept {
    auto* holdings = find_holdings(object);
    if (holdings == nullptr)
        return;
    try {
        if (const auto found = holdings->find(object.id); found != holdings->acquisitions.rend())
            found->abandoned = abandoned;
    } catch (const std::bad_alloc&) {
        return;
    }
}

void forget_acquisition(const ObjectState& object) noexcept {
    auto* holdings = find_holdings(object);
    if (holdings == nullptr)
        return;
    const auto found = holdings->find(object.id);
    if (found == holdings->acquisitions.rend() || --found->count != 0)
        return;
    holdings->acquisitions.erase(std::next(found).base());
    --recorded_acquisitions;
}

std::optional<Abandonment> abandonment_of_acquisition(const ObjectState& object) {
    auto* holdings = find_holdings(object);
    if (holdings == nullptr)
        return std::nullopt;
    const auto found = holdings->find(object.id);
    return found == holdings->acquisitions.rend() ? std::nullopt : found->abandoned;
}

}  // namespace steward::detail
