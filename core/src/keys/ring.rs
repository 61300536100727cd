//! The keys a verifier trusts, by key-pair id.

use super::check_key_pair_id;
use crate::error::Error;
use std::collections::BTreeMap;

/// One key of a [`KeyRing`].
#[derive(Debug, Clone)]
pub struct KeyEntry<K> {
    /// The key, or whatever stands for it at the crypto seam.
    pub key: K,
    /// A disabled key is known but refused, so that a refusal can say so.
    pub enabled: bool,
}

/// The trusted keys, like the public keys of all trusted key groups of a cache behaviour.
///
/// ```
/// use edgeseal_core::keys::KeyRing;
/// let mut ring = KeyRing::new();
/// ring.insert("K2JCJMDEHXQW5F", "any stand-in for a key").unwrap();
/// assert!(ring.get("K2JCJMDEHXQW5F").is_some());
/// ```
#[derive(Debug, Clone)]
pub struct KeyRing<K> {
    entries: BTreeMap<String, KeyEntry<K>>,
}

impl<K> Default for KeyRing<K> {
    fn default() -> Self {
        Self { entries: BTreeMap::new() }
    }
}

impl<K> KeyRing<K> {
    /// An empty ring, which refuses everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces an enabled key.
    ///
    /// # Errors
    /// [`InvalidKeyPairId`](crate::ErrorCode::InvalidKeyPairId).
    pub fn insert(&mut self, key_pair_id: &str, key: K) -> Result<(), Error> {
        check_key_pair_id(key_pair_id)?;
        self.entries.insert(key_pair_id.to_owned(), KeyEntry { key, enabled: true });
        Ok(())
    }

    /// Enables or disables a key; true when there was one.
    pub fn set_enabled(&mut self, key_pair_id: &str, enabled: bool) -> bool {
        self.entries.get_mut(key_pair_id).map(|entry| entry.enabled = enabled).is_some()
    }

    /// The entry with this id.
    #[must_use]
    pub fn get(&self, key_pair_id: &str) -> Option<&KeyEntry<K>> {
        self.entries.get(key_pair_id)
    }

    /// All entries, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &KeyEntry<K>)> {
        self.entries.iter().map(|(id, entry)| (id.as_str(), entry))
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
