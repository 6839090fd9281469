#include "tests/bench/peers/redis.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace steward::bench {
namespace {

constexpr auto program = "redis-server";
constexpr auto start_timeout = std::chrono::seconds(10);

void run_server(const std::filesystem::path& socket) {
    run_program({find_program(program)->string(), "--port", "0", "--unixsocket", socket.string(), "--save", "",
                 "--appendonly", "no"});
}

}  // namespace

bool Redis::is_installed() {
    return find_program(program).has_value();
}

Redis::Redis() : server_([this] { run_server(folder_ / "redis.sock"); }) {
    await_server();
}

/// It has no way to say that it serves: it is asked until it does.
void Redis::await_server() {
    const auto deadline = std::chrono::steady_clock::now() + start_timeout;
    const auto socket = folder_ / "redis.sock";
    for (;;) {
        connection_.reset(redisConnectUnix(socket.c_str()));
        if (connection_ && connection_->err == 0)
            return;
        if (std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error("redis-server does not serve");
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

void Redis::connect_anew() {
    static_cast<void>(connection_.release());
    await_server();
}

void Redis::call(const Command& command) {
    append(command);
    take_reply();
}

void Redis::append(const Command& command) {
    arguments_.clear();
    sizes_.clear();
    for (const auto argument : command) {
        arguments_.push_back(argument.data());
        sizes_.push_back(argument.size());
    }
    redisAppendCommandArgv(connection_.get(), static_cast<int>(command.size()), arguments_.data(), sizes_.data());
}

void Redis::take_reply() {
    void* bytes = nullptr;
    if (redisGetReply(connection_.get(), &bytes) != REDIS_OK)
        throw std::runtime_error(std::string("Redis: ") + connection_->errstr);
    const std::unique_ptr<void, Free> owned(bytes);
    const auto& reply = *static_cast<const redisReply*>(bytes);
    if (reply.type == REDIS_REPLY_ERROR || reply.type == REDIS_REPLY_NIL)
        throw std::runtime_error("Redis: " + std::string(reply.str, reply.len));
}

}  // namespace steward::bench
