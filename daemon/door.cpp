#include <utility>  // before Asio: Boost 1.74 uses std::exchange without it

#include "daemon/door.hpp"

#include <fcntl.h>

#include <cerrno>
#include <string>

#include <boost/asio/buffer.hpp>

#include "proto/envelope.hpp"
#include "proto/errors.hpp"

namespace steward::daemon {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

shared::UniqueFd spare_descriptor() {
    return shared::UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace

Door::Door(asio::io_context& loop, std::function<void(Socket)> admit)
    : loop_(loop), admit_(std::move(admit)), acceptor_(loop), spare_(spare_descriptor()) {}

void Door::open(shared::UniqueFd listening) {
    acceptor_.assign(asio::local::stream_protocol(), listening.release());
    acceptor_.non_blocking(true);
}

void Door::await() {
    acceptor_.async_wait(asio::local::stream_protocol::acceptor::wait_read, [this](const error_code& error) {
        if (error)
            return;
        accept_one();  // one at a time: between two of them those who are here already have their turns
        await();
    });
}

void Door::close() {
    error_code ignored;
    acceptor_.close(ignored);
}

void Door::accept_one() {
    error_code error;
    Socket socket(loop_);
    acceptor_.accept(socket, error);
    if (error == asio::error::no_descriptors || error.value() == ENFILE)
        turn_away();
    else if (!error)
        admit_(std::move(socket));
}

/// There is no descriptor left: gives up the spare one to tell the client so instead of leaving it at the door.
void Door::turn_away() {
    spare_ = {};
    error_code error;
    {
        Socket socket(loop_);
        acceptor_.accept(socket, error);
        if (!error) {
            std::string reason;
            proto::encode_closing(reason, proto::Errc::busy, "the daemon has no descriptors left (ulimit -n)");
            error_code ignored;
            socket.non_blocking(true, ignored);
            socket.send(asio::buffer(reason), 0, ignored);
        }
    }
    spare_ = spare_descriptor();
}

}  // namespace steward::daemon
