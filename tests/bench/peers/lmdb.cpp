#include "tests/bench/peers/lmdb.hpp"

#include <stdexcept>
#include <utility>

namespace steward::bench {
namespace {

constexpr std::size_t most_bytes = std::size_t{256} << 20;

void check(int error) {
    if (error != MDB_SUCCESS)
        throw std::runtime_error(std::string("LMDB: ") + mdb_strerror(error));
}

MDB_val bytes_of(std::string_view text) {
    return {.mv_size = text.size(), .mv_data = const_cast<char*>(text.data())};
}

MDB_env* new_environment() {
    MDB_env* environment = nullptr;
    check(mdb_env_create(&environment));
    return environment;
}

}  // namespace

/// MDB_NOTLS: a read transaction knows its place among the readers, so that renewing it does not look for it.
Lmdb::Lmdb(const std::filesystem::path& folder) : environment_(new_environment()) {
    check(mdb_env_set_mapsize(environment_.get(), most_bytes));
    check(mdb_env_open(environment_.get(), folder.c_str(), MDB_NOSYNC | MDB_NOTLS, 0600));
    auto opening = begin(0);
    check(mdb_dbi_open(opening.get(), nullptr, 0, &map_));
    commit(std::move(opening));
    reading_ = begin(MDB_RDONLY);
    mdb_txn_reset(reading_.get());
}

void Lmdb::fill(const std::vector<std::string>& keys, const std::string& value) {
    auto transaction = begin(0);
    for (const auto& key : keys)
        put(*transaction, key, value);
    commit(std::move(transaction));
}

std::string Lmdb::get(std::string_view key) {
    check(mdb_txn_renew(reading_.get()));
    auto key_bytes = bytes_of(key);
    MDB_val found{};
    check(mdb_get(reading_.get(), map_, &key_bytes, &found));
    std::string value(static_cast<const char*>(found.mv_data), found.mv_size);
    mdb_txn_reset(reading_.get());
    return value;
}

void Lmdb::set(std::string_view key, std::string_view value) {
    auto transaction = begin(0);
    put(*transaction, key, value);
    commit(std::move(transaction));
}

Lmdb::Transaction Lmdb::begin(unsigned flags) {
    MDB_txn* transaction = nullptr;
    check(mdb_txn_begin(environment_.get(), nullptr, flags, &transaction));
    return Transaction(transaction);
}

void Lmdb::commit(Transaction transaction) {
    check(mdb_txn_commit(transaction.release()));
}

void Lmdb::put(MDB_txn& transaction, std::string_view key, std::string_view value) {
    auto key_bytes = bytes_of(key);
    auto value_bytes = bytes_of(value);
    check(mdb_put(&transaction, map_, &key_bytes, &value_bytes, 0));
}

}  // namespace steward::bench
