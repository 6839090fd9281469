#pragma once

#include <lmdb.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/temporary_folder.hpp"

namespace steward::bench {

/// A map in LMDB. A process opens a file once, and not across a fork. Threads: one at a time.
class Lmdb {
  public:
    /// Where its file is in memory, as Steward's objects are.
    static TemporaryFolder folder() { return TemporaryFolder("/dev/shm"); }

    /// Throws std::runtime_error, as all of it.
    explicit Lmdb(const std::filesystem::path& folder);

    /// Sets all keys in one transaction.
    void fill(const std::vector<std::string>& keys, const std::string& value);

    /// A copy of the value, by the read transaction, renewed for this get: what it points to may change afterwards.
    std::string get(std::string_view key);

    /// In a transaction of its own.
    void set(std::string_view key, std::string_view value);

  private:
    struct Close {
        void operator()(MDB_env* environment) const { mdb_env_close(environment); }
        void operator()(MDB_txn* transaction) const { mdb_txn_abort(transaction); }
    };
    using Transaction = std::unique_ptr<MDB_txn, Close>;

    Transaction begin(unsigned flags);
    static void commit(Transaction);
    void put(MDB_txn&, std::string_view key, std::string_view value);

    std::unique_ptr<MDB_env, Close> environment_;
    MDB_dbi map_ = 0;
    Transaction reading_;
};

}  // namespace steward::bench
