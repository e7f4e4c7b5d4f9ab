#include "node/store/sealed_store.h"

#include <string_view>
#include <utility>

#include "base/check.h"
#include "node/crypto/aead.h"
#include "node/crypto/kdf.h"

namespace geflecht::store {
namespace {

constexpr std::size_t kStorageKeyBytes = 32;
constexpr std::string_view kValuePurpose = "geflecht-store-values@v1";
constexpr std::string_view kNamePurpose = "geflecht-store-names@v1";
// Hidden groups have 16 bytes, so no other record can lie in this group.
constexpr std::string_view kCheckGroup = "sealed";
constexpr std::string_view kCheckText = "geflecht-sealed-store@v1";

class SealedStore final : public Store {
 public:
  SealedStore(std::unique_ptr<Store> inner, const crypto::SecretBytes& storage_key, Random& random)
      : inner_(std::move(inner)),
        value_key_(crypto::DeriveKey(storage_key, kValuePurpose)),
        name_key_(crypto::DeriveKey(storage_key, kNamePurpose)),
        random_(random) {}

  // Refuses a store of another storage key; marks a new one.
  Result<void> CheckKey() {
    const Key key{Table::kMeta, ToBytes(kCheckGroup), 0};
    ASSIGN(const std::optional<Bytes> stored, inner_->Get(key));
    if (!stored) {
      return inner_->Write(
          {{key, crypto::Seal(value_key_, Place(key), AsBytes(kCheckText), random_)}},
          Durability::kSynced);
    }
    const Result<Bytes> opened = crypto::Open(value_key_, Place(key), *stored);
    if (!opened || AsText(*opened) != kCheckText) {
      return Fail(Code::kVerification, "the store was sealed under another storage key");
    }
    return {};
  }

  Result<std::optional<Bytes>> Get(const Key& key) const override {
    const Key hidden = Hide(key.table, key.group, key.order);
    ASSIGN(const std::optional<Bytes> sealed, inner_->Get(hidden));
    if (!sealed) return std::optional<Bytes>();
    ASSIGN(Bytes value, OpenValue(hidden, *sealed));
    return std::optional<Bytes>(std::move(value));
  }

  Result<void> Scan(Table table, ByteView group, std::uint64_t from,
                    const std::function<bool(const Record&)>& each) const override {
    Key hidden = Hide(table, group, 0);
    Result<void> outcome;
    TRY(inner_->Scan(table, hidden.group, from, [&](const Record& sealed) {
      hidden.order = sealed.order;
      Result<Bytes> value = OpenValue(hidden, sealed.value);
      if (value) return each({sealed.order, *std::move(value)});
      outcome = Fail(std::move(value).error());
      return false;
    }));
    return outcome;
  }

  Result<std::optional<Record>> Floor(const Key& key) const override {
    Key hidden = Hide(key.table, key.group, key.order);
    ASSIGN(const std::optional<Record> sealed, inner_->Floor(hidden));
    if (!sealed) return std::optional<Record>();
    hidden.order = sealed->order;
    ASSIGN(Bytes value, OpenValue(hidden, sealed->value));
    return std::optional<Record>(Record{sealed->order, std::move(value)});
  }

  Result<void> Write(const Batch& batch, Durability durability) override {
    // One call of the random source for all, since each is a call of the system.
    Bytes nonces(batch.size() * crypto::kAeadNonceBytes);
    random_.Fill(nonces);
    ByteView rest = nonces;
    Batch sealed;
    sealed.reserve(batch.size());
    const Key* last = nullptr;
    for (const Change& change : batch) {
      Change& out = sealed.emplace_back();
      const bool same_group =
          last != nullptr && last->table == change.key.table && last->group == change.key.group;
      if (same_group) {
        out.key = {change.key.table, sealed[sealed.size() - 2].key.group, change.key.order};
      } else {
        out.key = Hide(change.key.table, change.key.group, change.key.order);
      }
      last = &change.key;
      const ByteView nonce = rest.first(crypto::kAeadNonceBytes);
      rest = rest.subspan(crypto::kAeadNonceBytes);
      if (change.value) {
        out.value = crypto::SealWithNonce(value_key_, nonce, Place(out.key), *change.value);
      }
    }
    return inner_->Write(sealed, durability);
  }

  Result<void> Sync() override { return inner_->Sync(); }

  Result<void> Expunge(Table table, const std::vector<Bytes>& groups) override {
    std::vector<Bytes> hidden;
    hidden.reserve(groups.size());
    for (const Bytes& group : groups) hidden.push_back(Hide(table, group, 0).group);
    return inner_->Expunge(table, hidden);
  }

  Result<void> VerifyFiles() const override { return inner_->VerifyFiles(); }

 private:
  Key Hide(Table table, ByteView group, std::uint64_t order) const {
    Bytes name;
    name.reserve(1 + group.size());
    name.push_back(static_cast<std::uint8_t>(table));
    Append(name, group);
    const crypto::Mac128 hidden = crypto::KeyedName(name_key_, name);
    return {table, Bytes(hidden.bytes.begin(), hidden.bytes.end()), order};
  }

  // Where a value lies, as the associated data of its seal: table, group, order.
  static Bytes Place(const Key& hidden) {
    Bytes place;
    place.reserve(1 + hidden.group.size() + sizeof hidden.order);
    place.push_back(static_cast<std::uint8_t>(hidden.table));
    Append(place, ByteView(hidden.group));
    AppendBe64(place, hidden.order);
    return place;
  }

  Result<Bytes> OpenValue(const Key& hidden, ByteView sealed) const {
    Result<Bytes> value = crypto::Open(value_key_, Place(hidden), sealed);
    if (!value) return Fail(Code::kCorruption, "a stored record does not open");
    return value;
  }

  std::unique_ptr<Store> inner_;
  crypto::SecretBytes value_key_;
  crypto::SecretBytes name_key_;
  Random& random_;
};

}  // namespace

Result<std::unique_ptr<Store>> MakeSealedStore(std::unique_ptr<Store> inner,
                                               const crypto::SecretBytes& storage_key,
                                               Random& random) {
  CHECK(storage_key.size() == kStorageKeyBytes);
  auto store = std::make_unique<SealedStore>(std::move(inner), storage_key, random);
  TRY(store->CheckKey());
  return std::unique_ptr<Store>(std::move(store));
}

std::unique_ptr<Store> MakeSealedStoreUnchecked(std::unique_ptr<Store> inner,
                                                const crypto::SecretBytes& storage_key,
                                                Random& random) {
  CHECK(storage_key.size() == kStorageKeyBytes);
  return std::make_unique<SealedStore>(std::move(inner), storage_key, random);
}

}  // namespace geflecht::store
