#include "tests/support/handed_descriptors.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <string>

#include "proto/envelope.hpp"
#include "proto/session.hpp"

namespace steward::tests {

std::vector<shared::UniqueFd> descriptors_of(int socket) {
    std::string request;
    proto::encode_request(
        request, 1,
        proto::session::Open{.client_name = "test",
                             .capabilities = {proto::session::shared_words, proto::session::shared_reads}});
    EXPECT_EQ(::send(socket, request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
    std::array<char, 4096> bytes{};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(4 * sizeof(int))> control{};
    iovec room{.iov_base = bytes.data(), .iov_len = bytes.size()};
    msghdr header{};
    header.msg_iov = &room;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    EXPECT_GT(::recvmsg(socket, &header, MSG_CMSG_CLOEXEC), 0);
    std::vector<shared::UniqueFd> descriptors;
    if (const auto* rights = CMSG_FIRSTHDR(&header); rights != nullptr) {
        std::vector<int> numbers((rights->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        std::memcpy(numbers.data(), CMSG_DATA(rights), numbers.size() * sizeof(int));
        for (const int number : numbers)
            descriptors.emplace_back(number);
    }
    return descriptors;
}

}  // namespace steward::tests
