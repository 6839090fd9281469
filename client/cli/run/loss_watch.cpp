#include "client/cli/run/loss_watch.hpp"

#include <sys/eventfd.h>

#include <cerrno>
#include <chrono>
#include <exception>
#include <system_error>

#include <steward/error.hpp>

namespace steward::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto interval = 250ms;

}  // namespace

LossWatch::LossWatch(Claim& claim) : claim_(claim), lost_fd_(::eventfd(0, EFD_CLOEXEC)) {
    if (!lost_fd_)
        throw std::system_error(errno, std::generic_category(), "eventfd");
    thread_ = std::thread([this] { watch(); });
}

LossWatch::~LossWatch() {
    {
        const std::lock_guard guard(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

std::string LossWatch::reason() const {
    const std::lock_guard guard(mutex_);
    return reason_;
}

void LossWatch::watch() {
    while (!stopped_after_pause()) {
        auto loss = find_loss();
        if (loss.empty())
            continue;
        {
            const std::lock_guard guard(mutex_);
            reason_ = std::move(loss);
        }
        ::eventfd_write(lost_fd_.get(), 1);
        return;
    }
}

/// Empty where the claim is held, or there is no daemon that could say: what a living process holds the next one leaves
/// to it.
std::string LossWatch::find_loss() {
    try {
        return claim_.held() ? "" : "it was taken away";
    } catch (const Error& error) {
        return error.code() == errc::not_connected ? "" : error.what();
    } catch (const std::exception& error) {
        return error.what();
    }
}

bool LossWatch::stopped_after_pause() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, interval, [this] { return stopping_; });
}

}  // namespace steward::cli
