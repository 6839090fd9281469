#include <steward/namespace.hpp>

#include <map>
#include <string>
#include <system_error>
#include <vector>

#include "tests/integration/client/client_test.hpp"

namespace steward::tests {
namespace {

class ANamespace : public ClientTest {
  protected:
    Namespace namespace_ = manager_.name_space("settings", {{"folder", "/srv"}, {"workers", 4}});
};

TEST_F(ANamespace, HoldsAttributesEachOfItsOwnType) {
    EXPECT_EQ(namespace_.get<int>("workers"), 4);
    EXPECT_EQ(namespace_.get<std::string>("folder"), "/srv");
    EXPECT_EQ(namespace_.get("workers"), Any(4));
    namespace_.set("sizes", std::vector<int>{1, 2});
    EXPECT_EQ(namespace_.get<std::vector<int>>("sizes"), (std::vector<int>{1, 2}));
    EXPECT_EQ(namespace_.type(), ObjectType::name_space);
    EXPECT_EQ(to_string(namespace_.type()), "namespace");
}

TEST_F(ANamespace, IsChangedByAttribute) {
    namespace_.set("workers", 5);
    namespace_.set("owner", "alice");
    namespace_.erase("folder");
    EXPECT_FALSE(namespace_.contains("folder"));
    EXPECT_EQ(namespace_.names(), (std::vector<std::string>{"workers", "owner"}));
    EXPECT_EQ(namespace_.copy(), (std::map<std::string, Any>{{"workers", 5}, {"owner", "alice"}}));
}

TEST_F(ANamespace, NamesTheAttributeThatIsMissing) {
    try {
        namespace_.get("none");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), errc::no_such_key);
        EXPECT_EQ(error.detail(), "namespace 'settings' has no attribute 'none'");
    }
    EXPECT_EQ(error_of([&] { namespace_.erase("none"); }), errc::no_such_key);
    EXPECT_EQ(namespace_.value_or("none", 9), 9);
    EXPECT_EQ(namespace_.value_or("workers", 9), 4);
}

TEST_F(ANamespace, RefusesAttributesThatAreNotShared) {
    EXPECT_EQ(error_of([&] { namespace_.set("_private", 1); }), errc::invalid_argument);
    EXPECT_EQ(error_of([&] { namespace_.get("_private"); }), errc::invalid_argument);
    EXPECT_EQ(error_of([&] { manager_.name_space("other", {{"_private", 1}}); }), errc::invalid_argument);
}

TEST_F(ANamespace, ExchangesAnAttributeThatEqualsTheExpectedValue) {
    int expected = 3;
    EXPECT_FALSE(namespace_.compare_exchange("workers", expected, 8));
    EXPECT_EQ(expected, 4);
    EXPECT_TRUE(namespace_.compare_exchange("workers", expected, 8));
    EXPECT_EQ(namespace_.get<int>("workers"), 8);
    EXPECT_EQ(error_of([&] { namespace_.compare_exchange("none", expected, 8); }), errc::no_such_key);
}

TEST_F(ANamespace, IsSharedWithOtherProcesses) {
    const auto other = connect();
    other.name_space("settings").set("workers", 16);
    EXPECT_EQ(namespace_.get<int>("workers"), 16);
}

TEST_F(ANamespace, RefusesToGiveAnAttributeAsAnotherType) {
    EXPECT_EQ(error_of([&] { namespace_.get<int>("folder"); }), errc::type_mismatch);
}

TEST_F(ANamespace, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    namespace_.set("workers", 5, ec);
    EXPECT_EQ(namespace_.get<int>("workers", ec), 5);
    EXPECT_TRUE(namespace_.contains("workers", ec));
    EXPECT_EQ(namespace_.names(ec).size(), 2U);
    EXPECT_EQ(namespace_.copy(ec).size(), 2U);
    int expected = 5;
    EXPECT_TRUE(namespace_.compare_exchange("workers", expected, 6, ec));
    EXPECT_EQ(namespace_.value_or("none", 9, ec), 9);
    EXPECT_FALSE(ec);
    namespace_.erase("none", ec);
    EXPECT_EQ(ec, errc::no_such_key);
    namespace_.remove();
    EXPECT_EQ(namespace_.value_or("workers", 9, ec), 9);
    EXPECT_EQ(ec, errc::no_such_object);
    EXPECT_TRUE(manager_.name_space("settings", {}, {}, ec));
    EXPECT_FALSE(ec);
}

}  // namespace
}  // namespace steward::tests
