#include <sys/socket.h>

#include <array>
#include <cstring>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "client/src/connection.hpp"
#include "client/src/described.hpp"
#include "client/src/standard_streams.hpp"
#include "proto/envelope.hpp"
#include "proto/lock_order.hpp"
#include "proto/reader.hpp"
#include "proto/reference.hpp"

// Of a Connection: what becomes of the bytes that the leader has read.
namespace steward::detail {

/// With the descriptors that may come with a reply.
ssize_t Connection::receive(std::span<char> room, int flags) {
    constexpr std::size_t most_descriptors = 4;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> control{};
    iovec bytes{.iov_base = room.data(), .iov_len = room.size()};
    msghdr header{};
    header.msg_iov = &bytes;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const auto received = recvmsg(socket_.get(), &header, flags | MSG_CMSG_CLOEXEC);
    if (received > 0)
        receive_descriptors(header);
    return received;
}

void Connection::receive_descriptors(msghdr& header) {
    for (auto* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue;
        std::vector<int> descriptors((part->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        std::memcpy(descriptors.data(), CMSG_DATA(part), descriptors.size() * sizeof(int));
        for (const int descriptor : descriptors)
            descriptors_.push_back(beyond_standard_streams(shared::UniqueFd(descriptor)));
    }
}

void Connection::take_frames() {
    try {
        while (const auto frame = frames_.next())
            take_frame(*frame);
    } catch (const std::bad_alloc&) {
        lose(errc::not_connected, "there is no memory for a reply");
    } catch (const std::exception& fault) {
        lose(errc::protocol_error, fault.what());
    }
}

void Connection::take_frame(std::string_view frame) {
    if (proto::kind_of(frame) == proto::EnvelopeKind::notification) {
        take_notification(frame);
        return;
    }
    const auto response = proto::decode_response(frame);
    if (const auto asked = asked_bells_.find(response.id); asked != asked_bells_.end()) {
        take_bell(asked->second, response);
        asked_bells_.erase(asked);
        return;
    }
    if (!forgotten_.empty() && forgotten_.erase(response.id) != 0) {
        pending_.give_up(response.id);
        pipelined_.fetch_sub(1, std::memory_order_release);
    }
    if (response.refused && withdrawn_.erase(response.id) != 0)
        pending_.give_up(response.id);
    auto* call = pending_.find(response.id);
    if (uses_ != nullptr && proto::may_refer(frame))
        note_references(frame, call);
    if (call == nullptr)
        return;
    call->body_ = response.refused ? response.detail : response.result.bytes;
    call->refused_ = response.refused;
    call->code_ = response.code;
    if (response.refused)
        call->data_ = response.data.bytes;
    pending_.remove(*call);
    finish(*call);
}

/// The receipts for them are kept as long as the call's result; those in a reply that nobody waits for go back at once.
void Connection::note_references(std::string_view frame, Call* call) {
    proto::each_reference(frame, [&](const proto::Reference& reference) {
        if (call == nullptr)
            return note_notice(proto::object::Drop{.object = reference.object, .receipts = 1});
        // A handle that found no place here would end with mutex_ held.
        auto& place = call->uses_.emplace_back();
        place = uses_->told(reference.object);
    });
}

/// The last that the leader does to a call: a pipelined one may be gone when it is done.
void Connection::finish(Call& call) noexcept {
    if (call.waits_) {
        waiting_.remove(call);
        call.progress_.notify_one();  // its thread needs mutex_ to go on
    }
    end_pipelined(call);
    call.finish();
}

/// Release: what was read for the call is there for those who see that it is done.
void Connection::end_pipelined(Call& call) noexcept {
    if (std::exchange(call.pipelined_, false))
        pipelined_.fetch_sub(1, std::memory_order_release);
}

void Connection::take_notification(std::string_view frame) {
    const auto notification = proto::decode_notification(frame);
    if (notification.method == proto::LockOrder::method && lock_order_ != nullptr) {
        warnings_.push_back(described(proto::decode_params<proto::LockOrder>(notification.params)));
        warned_.store(true, std::memory_order_relaxed);
        return;
    }
    if (notification.method != proto::closing_method)
        return;  // of a newer daemon
    proto::Reader reason(notification.params.bytes);
    if (reason.array() < 2)
        throw proto::Malformed("a reason is an array of number and detail");
    const auto code = static_cast<errc>(reason.unsigned_integer());
    lose(code, "the daemon closed the connection: " + std::string(reason.string()));
}

}  // namespace steward::detail
