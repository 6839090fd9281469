#include "client/src/acquisitions.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <new>
#include <vector>

#include "client/src/client.hpp"
#include "client/src/object_state.hpp"
#include "client/src/process.hpp"

namespace steward::detail {
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

/// Set once the thread's hook has run. Other objects of the thread may be destroyed later and release what they hold.
thread_local bool thread_has_ended = false;

class ThreadHoldings {
  public:
    ThreadHoldings() = default;
    ThreadHoldings(const ThreadHoldings&) = delete;
    ThreadHoldings& operator=(const ThreadHoldings&) = delete;

    ~ThreadHoldings() {
        thread_has_ended = true;
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

thread_local ThreadHoldings thread_holdings;

}  // namespace

constinit thread_local std::size_t recorded_acquisitions = 0;
constinit thread_local std::uint64_t connection_of_words = 0;

void note_use_of_words(const ObjectState& object) noexcept {
    if (connection_of_words == object.word.connection() || thread_has_ended)
        return;
    try {
        thread_holdings.find_or_add(object.client).by_word = true;
        connection_of_words = object.word.connection();
    } catch (const std::bad_alloc&) {
        return;
    }
}

void remember_acquisition(const ObjectState& object, const std::optional<Abandonment>& abandoned,
                          std::uint64_t count) noexcept {
    if (thread_has_ended)
        return;
    try {
        auto& holdings = thread_holdings.find_or_add(object.client);
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
    auto* holdings = thread_has_ended ? nullptr : thread_holdings.find(object.client);
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
    auto* holdings = thread_has_ended ? nullptr : thread_holdings.find(object.client);
    if (holdings == nullptr)
        return;
    const auto found = holdings->find(object.id);
    if (found == holdings->acquisitions.rend() || --found->count != 0)
        return;
    holdings->acquisitions.erase(std::next(found).base());
    --recorded_acquisitions;
}

std::optional<Abandonment> abandonment_of_acquisition(const ObjectState& object) {
    auto* holdings = thread_has_ended ? nullptr : thread_holdings.find(object.client);
    if (holdings == nullptr)
        return std::nullopt;
    const auto found = holdings->find(object.id);
    return found == holdings->acquisitions.rend() ? std::nullopt : found->abandoned;
}

}  // namespace steward::detail
