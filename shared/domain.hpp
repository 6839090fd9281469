#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "shared/errors.hpp"
#include "shared/object_table.hpp"
#include "shared/results.hpp"
#include "shared/session_records.hpp"

namespace steward::shared {

/// Names in the folder; what the daemon writes down beside its socket.
struct DomainFiles {
    std::string heap;
    std::string words;
};

struct DomainOptions {
    std::filesystem::path folder = "/dev/shm";
    DomainIdentity identity;
    std::uint64_t max_heap_bytes = std::uint64_t{1} << 34;
    std::uint32_t max_lines = Words::default_max_lines;
};

/// All objects of one uid, with their memory: a heap file and a words file. Destroying it leaves the files.
class Domain {
  public:
    /// New files with random names, made so that nobody can have put them there (O_EXCL, O_NOFOLLOW, mode 0600). Throws
    /// NoMemory, std::system_error, and leaves no file then.
    static std::unique_ptr<Domain> create(const DomainOptions&, MemoryBudget&);
    /// Takes over the files of a former process: they must be regular, ours, 0600 and linked once, and the heap one
    /// that needs no copy; else DomainError. A Mutation that was killed is settled (Heap::attach), and versions that
    /// were left odd are rounded up.
    static std::unique_ptr<Domain> attach(const DomainOptions&, const DomainFiles&, MemoryBudget&);

    /// Whether the heap has to be copied before it can be attached, since its allocator was interrupted. Throws
    /// DomainError where it cannot be looked at.
    static bool needs_copy(const DomainOptions&, const DomainFiles&);
    /// A random name for a heap.
    static std::string new_heap_name();
    /// Makes a file of that name with a copy of the heap, for the same words. The caller writes its name down before,
    /// since a file is left by whoever is killed here. Throws as shared::copy_heap, and leaves no file then.
    static void copy_heap(const DomainOptions&, const DomainFiles&, const std::string& name, const MemoryBudget&);
    /// Another heap has taken the place of this one, which whoever still reads it sees; or it never became one. Its
    /// name is removed. A missing file is no error.
    static void supersede(const std::filesystem::path& folder, const std::string& heap) noexcept;
    /// Removes the files' names; who has them mapped keeps the memory. Missing ones are no error.
    static void forget(const std::filesystem::path& folder, const DomainFiles&) noexcept;

    const DomainFiles& files() const noexcept { return files_; }
    DomainIdentity identity() const noexcept { return heap_->header().domain.load(); }
    /// The heap's file, for somebody who may only read it. Nothing: there is no descriptor left.
    UniqueFd open_for_reading() const;

    Heap& heap() noexcept { return *heap_; }
    Words& words() noexcept { return *words_; }
    ObjectTable objects() noexcept { return {*heap_, *words_}; }
    SessionRecords sessions() noexcept { return SessionRecords{*heap_}; }
    Results results() noexcept { return Results{*heap_}; }

    /// No lock of this domain that was removed had a higher token, and no session a higher number. Only raised.
    std::uint64_t token_floor() const noexcept { return heap_->header().token_floor.load(); }
    void raise_token_floor(Mutation&, std::uint64_t token);
    std::uint64_t session_floor() const noexcept { return heap_->header().session_floor.load(); }
    void raise_session_floor(Mutation&, std::uint64_t number);

  private:
    Domain(DomainFiles files, std::unique_ptr<Words> words, std::unique_ptr<Heap> heap) noexcept;

    DomainFiles files_;
    std::unique_ptr<Words> words_;
    std::unique_ptr<Heap> heap_;
};

}  // namespace steward::shared
