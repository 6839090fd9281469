#include "client/src/process.hpp"
#include "tests/support/background.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace steward::detail {
namespace {

/// What `body` returns in a forked child.
template <class Body>
int in_child(Body&& body) {
    const auto child = fork();
    if (child == 0)
        _exit(body());
    int status = 0;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

TEST(TheGenerationOfAProcess, StaysTheSame) {
    EXPECT_EQ(process_generation(), process_generation());
    EXPECT_EQ(process_generation(), tests::in_background(process_generation).get());
}

TEST(TheGenerationOfAProcess, IsAnotherInAForkedChildAndItsChild) {
    const auto mine = process_generation();
    EXPECT_EQ(in_child([mine] {
                  const auto childs = process_generation();
                  const bool grandchild_differs =
                      in_child([mine, childs] {
                          return process_generation() != mine && process_generation() != childs ? 1 : 0;
                      }) == 1;
                  return childs != mine && childs == process_generation() && grandchild_differs ? 1 : 0;
              }),
              1);
    EXPECT_EQ(process_generation(), mine);
}

TEST(TheNumberOfAThread, IsItsOwn) {
    EXPECT_EQ(thread_number(), thread_number());
    EXPECT_NE(thread_number(), tests::in_background(thread_number).get());
}

TEST(TheNumberOfAThread, IsNotUsedAgain) {
    const auto first = tests::in_background(thread_number).get();
    const auto second = tests::in_background(thread_number).get();
    EXPECT_GT(second, first);
}

}  // namespace
}  // namespace steward::detail
