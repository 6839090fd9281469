#include <steward/manager.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "shared/unique_fd.hpp"
#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using AManager = ClientTest;

std::vector<std::string> names_of(const std::vector<ObjectInfo>& objects) {
    std::vector<std::string> names;
    for (const auto& object : objects)
        names.push_back(object.name);
    return names;
}

/// The descriptors that a program would inherit by exec().
std::vector<int> inherited_descriptors() {
    std::vector<int> descriptors;
    for (int fd = 0; fd < 1024; ++fd)
        if (const int flags = fcntl(fd, F_GETFD); flags >= 0 && (flags & FD_CLOEXEC) == 0)
            descriptors.push_back(fd);
    return descriptors;
}

TEST_F(AManager, SharesItsSessionWithItsCopies) {
    const Manager copy = manager_;
    EXPECT_EQ(copy.session(), manager_.session());
    EXPECT_NE(connect().session(), manager_.session());
}

TEST_F(AManager, IsKeptByItsProxies) {
    std::optional<Lock> lock;
    {
        auto manager = connect();
        lock = manager.lock("lock");
        lock->acquire();
    }
    EXPECT_TRUE(lock->held_by_me());
}

TEST_F(AManager, IsRefusedWhereThereIsNoDaemon) {
    std::error_code ec;
    EXPECT_FALSE(Manager::connect({.socket = daemon_.folder() / "none.sock"}, ec));
    EXPECT_EQ(ec, errc::not_connected);
}

/// Whoever connects first is let in and left: as by a daemon that is being replaced.
TEST_F(AManager, TriesAgainWhereItsDaemonGoesWhileItConnects) {
    const auto path = daemon_.folder() / "replaced.sock";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(address.sun_path, sizeof address.sun_path - 1);
    shared::UniqueFd listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::bind(listening.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listening.get(), 1), 0);
    auto connected = in_background([&] { return Manager({.socket = path}).session(); });
    const shared::UniqueFd first(::accept(listening.get(), nullptr, nullptr));
    std::filesystem::remove(path);
    std::filesystem::create_symlink(daemon_.socket(), path);
    ::shutdown(first.get(), SHUT_RDWR);
    EXPECT_NE(connected.get(), 0U);
}

TEST_F(AManager, FindsItsDaemonByTheEnvironment) {
    setenv("STEWARD_SOCKET", daemon_.socket().c_str(), 1);
    EXPECT_EQ(Manager().socket(), daemon_.socket());
    unsetenv("STEWARD_SOCKET");
}

TEST_F(AManager, GivesProxiesThatEqualThoseOfTheSameObject) {
    const auto lock = manager_.lock("a");
    EXPECT_EQ(lock, connect().lock("a"));
    EXPECT_NE(lock, manager_.lock("b"));
    EXPECT_EQ(lock.name(), "a");
    EXPECT_EQ(lock.type(), ObjectType::lock);
    manager_.remove("a");
    EXPECT_NE(lock, manager_.lock("a"));
}

TEST_F(AManager, OpensByTheModeThatIsAskedFor) {
    EXPECT_EQ(error_of([this] { manager_.event("a", {.open_mode = OpenMode::open_only}); }), errc::no_such_object);
    manager_.event("a", {.open_mode = OpenMode::create_only});
    EXPECT_EQ(error_of([this] { manager_.event("a", {.open_mode = OpenMode::create_only}); }), errc::object_exists);
    manager_.event("a", {.open_mode = OpenMode::open_only});
}

TEST_F(AManager, RefusesANameOfAnotherTypeAndABadName) {
    manager_.lock("a");
    EXPECT_EQ(error_of([this] { manager_.event("a"); }), errc::wrong_type);
    EXPECT_EQ(error_of([this] { manager_.lock("a\nb"); }), errc::invalid_name);
    EXPECT_EQ(error_of([this] { manager_.lock(std::string(256, 'x')); }), errc::invalid_name);
}

TEST_F(AManager, MakesObjectsWithTheirMode) {
    manager_.lock("a", {.mode = 0640});
    EXPECT_EQ(manager_.objects("a").front().mode, 0640);
    EXPECT_EQ(manager_.objects("a").front().owner, getuid());
}

TEST_F(AManager, RemovesEphemeralObjectsWithTheLastSession) {
    {
        auto other = connect();
        other.lock("passing", {.ephemeral = true});
        EXPECT_EQ(manager_.objects("passing").size(), 1U);
    }
    EXPECT_TRUE(eventually([this] { return manager_.objects("passing").empty(); }));
}

TEST_F(AManager, ListsObjectsByName) {
    for (const auto* name : {"jobs/b", "jobs/a", "other"})
        manager_.lock(name);
    EXPECT_EQ(names_of(manager_.objects("jobs/")), (std::vector<std::string>{"jobs/a", "jobs/b"}));
    EXPECT_EQ(manager_.objects().size(), 3U);
}

TEST_F(AManager, ListsMoreObjectsThanOnePageHolds) {
    for (int i = 0; i < 1500; ++i)
        manager_.event("event/" + std::to_string(i));
    EXPECT_EQ(manager_.objects("event/").size(), 1500U);
}

TEST_F(AManager, RemovesByName) {
    manager_.dict("a");
    EXPECT_TRUE(manager_.remove("a"));
    EXPECT_FALSE(manager_.remove("a"));
}

TEST_F(AManager, ListsSessions) {
    const auto other = connect("somebody");
    const auto sessions = manager_.sessions();
    const auto found = std::find_if(sessions.begin(), sessions.end(),
                                    [&](const auto& session) { return session.session == other.session(); });
    ASSERT_NE(found, sessions.end());
    EXPECT_EQ(found->client_name, "somebody");
    EXPECT_EQ(found->pid, getpid());
    EXPECT_TRUE(found->connected);
}

TEST_F(AManager, ListsInWhoseNameASessionWaits) {
    const Manager inner({.socket = daemon_.socket(), .client_name = "inner", .in_name_of = manager_.session()});
    for (const auto& session : manager_.sessions())
        EXPECT_EQ(session.in_name_of, session.session == inner.session() ? manager_.session() : 0)
            << session.client_name;
}

TEST_F(AManager, EndsItsSessionWithTheLastHandle) {
    const auto number = connect().session();
    EXPECT_TRUE(eventually([&] {
        const auto sessions = manager_.sessions();
        return std::none_of(sessions.begin(), sessions.end(),
                            [&](const auto& session) { return session.session == number; });
    }));
}

TEST_F(AManager, FailsCallsUnderWayWhenTheDaemonEnds) {
    Manager manager({.socket = daemon_.socket(), .reconnect_timeout = {}});
    auto event = manager.event("never");
    auto waiter = in_background([&] { return error_of([&] { event.wait(); }); });
    auto watcher = connect();
    ASSERT_TRUE(waiters_become(watcher.event("never"), 1));
    daemon_.terminate();
    const auto error = waiter.get();
    EXPECT_TRUE(error == errc::shutting_down || error == errc::not_connected) << error.message();
    EXPECT_EQ(error_of([&] { event.set(); }), errc::not_connected);
}

TEST_F(AManager, IsNotInheritedByExec) {
    const auto before = inherited_descriptors();
    const auto other = connect();
    EXPECT_EQ(inherited_descriptors(), before);
}

TEST_F(AManager, GivesFactoriesWithoutExceptions) {
    std::error_code ec;
    EXPECT_TRUE(manager_.lock("lock", {}, ec));
    EXPECT_TRUE(manager_.semaphore("semaphore", 1, {}, ec));
    EXPECT_TRUE(manager_.event("event", {}, ec));
    EXPECT_TRUE(manager_.list<int>("list", {}, {}, ec));
    EXPECT_TRUE((manager_.dict<int, int>("dict", {}, {}, ec)));
    EXPECT_TRUE(manager_.value<int>("value", 0, {}, ec));
    EXPECT_FALSE(ec);
    EXPECT_FALSE(manager_.event("lock", {}, ec));
    EXPECT_EQ(ec, errc::wrong_type);
}

TEST_F(AManager, RefusesWhatIsTooLargeForOneMessageAndGoesOn) {
    auto event = manager_.event("event");
    auto waiting = in_background([&] { return event.wait_for(std::chrono::seconds(30)); });
    ASSERT_TRUE(waiters_become(event, 1));
    const auto session = manager_.session();
    auto value = manager_.value<std::string>("value", "before");
    EXPECT_EQ(error_of([&] { value.set(std::string(std::size_t{17} << 20, 'v')); }), errc::too_large);
    auto list = manager_.list<int>("list");
    EXPECT_EQ(error_of([&] { list.extend(std::vector<int>(1'100'000)); }), errc::too_large);
    auto pipeline = manager_.pipeline();
    EXPECT_EQ(error_of([&] { pipeline.append(list, 1).get(); }), std::error_code());
    EXPECT_EQ(value.get(), "before");
    EXPECT_EQ(list.size(), 1U);
    event.set();
    EXPECT_TRUE(waiting.get()) << "others of the connection notice nothing";
    EXPECT_EQ(manager_.session(), session);
}

}  // namespace
}  // namespace steward::tests
