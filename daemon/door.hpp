#pragma once

#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "shared/unique_fd.hpp"

namespace steward::daemon {

/// Where clients come in: takes one at a time from the listening socket, and turns them away with a word while there
/// are no descriptors left.
class Door {
  public:
    using Socket = boost::asio::local::stream_protocol::socket;

    Door(boost::asio::io_context& loop, std::function<void(Socket)> admit);

    /// Takes the listening socket.
    void open(shared::UniqueFd listening);

    /// Lets in whoever comes, from now on.
    void await();

    /// Nobody comes in any more.
    void close();

  private:
    void accept_one();
    void turn_away();

    boost::asio::io_context& loop_;
    std::function<void(Socket)> admit_;
    boost::asio::local::stream_protocol::acceptor acceptor_;
    shared::UniqueFd spare_;  ///< closed for a moment to turn a client away
};

}  // namespace steward::daemon
