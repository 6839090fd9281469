#include <steward/error.hpp>

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

#include "proto/errors.hpp"

namespace steward {
namespace {

TEST(AnError, SaysWhatHappenedToWhatAndWhatThatMeans) {
    const Error error(errc::not_owner, "lock 'a'");
    EXPECT_STREQ(error.what(), "lock 'a': the caller does not hold it");
    EXPECT_EQ(error.detail(), "lock 'a'");
}

TEST(AnError, ComparesWithItsCode) {
    const std::error_code code = Error(errc::no_memory, "").code();
    EXPECT_EQ(code, errc::no_memory);
    EXPECT_NE(code, errc::busy);
    EXPECT_STREQ(code.category().name(), "steward");
}

TEST(AnError, EqualsTheConditionThatTheStandardLibraryHasForIt) {
    EXPECT_EQ(Error(errc::deadlock, "").code(), std::errc::resource_deadlock_would_occur);
    EXPECT_EQ(Error(errc::not_owner, "").code(), std::errc::operation_not_permitted);
    EXPECT_EQ(Error(errc::no_permission, "").code(), std::errc::permission_denied);
    EXPECT_EQ(Error(errc::no_memory, "").code(), std::errc::not_enough_memory);
    EXPECT_EQ(Error(errc::invalid_name, "").code(), std::errc::invalid_argument);
    EXPECT_NE(Error(errc::no_such_key, "").code(), std::errc::invalid_argument);
    EXPECT_EQ(Error(errc::no_such_key, "").code(), errc::no_such_key);
}

TEST(AnError, HasTheSentenceOfTheProtocol) {
    for (const auto& entry : proto::errors)
        EXPECT_EQ(make_error_code(static_cast<errc>(entry.code)).message(), entry.sentence);
}

TEST(AnError, OfANewerDaemonIsKeptWithItsNumber) {
    EXPECT_EQ(make_error_code(static_cast<errc>(999)).message(), "error 999 of a newer daemon");
}

TEST(WithoutExceptions, AnErrorBecomesItsCode) {
    std::error_code ec;
    EXPECT_EQ(detail::without_exceptions(ec, []() -> int { throw Error(errc::empty, ""); }), 0);
    EXPECT_EQ(ec, errc::empty);
}

TEST(WithoutExceptions, SuccessClearsTheCode) {
    std::error_code ec = errc::empty;
    EXPECT_EQ(detail::without_exceptions(ec, [] { return 5; }), 5);
    EXPECT_FALSE(ec);
}

TEST(WithoutExceptions, ExceptionsOfOthersPass) {
    std::error_code ec;
    EXPECT_THROW(detail::without_exceptions(ec, [] { throw std::bad_alloc(); }), std::bad_alloc);
    EXPECT_THROW(detail::without_exceptions(ec, [] { throw std::logic_error("theirs"); }), std::logic_error);
}

}  // namespace
}  // namespace steward
