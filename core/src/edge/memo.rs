//! Remembering which credentials had a good signature.
//!
//! The public-key operation is most of the time that a request costs, and the same signed URL or cookie
//! comes again and again: every range of a video, every image of a page. The memo remembers good
//! signatures only. Key, time, resource, address and rule are judged anew for each request, so nothing
//! lives longer than its policy says, and a key that is disabled is refused at once.

use crate::url::Scheme;
use crate::verify::OpenedCredential;

/// A credential longer than this is not remembered, which bounds the memory of a slot.
const MAX_KEY_BYTES: usize = 2_048;

/// How many parts a key has at most.
const PARTS: usize = 8;

/// A bounded memory of good signatures. It belongs to one [`KeyRing`](crate::keys::KeyRing): call
/// [`clear`](Self::clear) when a key is exchanged for another under the same id.
///
/// A newer credential takes the place of an older one whose signature falls into the same slot. At most
/// about 6 KiB are kept for each slot.
///
/// ```
/// use edgeseal_core::edge::Memo;
/// let memo = Memo::new(256);
/// assert_eq!((memo.capacity(), memo.len()), (256, 0));
/// ```
#[derive(Debug, Default)]
pub struct Memo {
    slots: Vec<Option<Entry>>,
    hits: u64,
    misses: u64,
}

#[derive(Debug)]
struct Entry {
    key: Box<[u8]>,
    lengths: [u32; PARTS],
    tag: u8,
    opened: OpenedCredential,
}

/// Every byte that decides whether a signature is good: the credential as it came and, for a canned
/// policy, the URL from which the signed text is rebuilt.
#[derive(Debug, Clone, Copy)]
pub(super) struct MemoKey<'a> {
    parts: [Option<&'a str>; PARTS],
    /// Which of the parts came from where, and under which scheme.
    tag: u8,
}

impl Memo {
    /// A memo with room for `capacity` credentials, rounded up to a power of two. With 0 it remembers nothing.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let slots = if capacity == 0 { 0 } else { capacity.min(1 << 16).next_power_of_two() };
        Self { slots: (0..slots).map(|_| None).collect(), hits: 0, misses: 0 }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.slots.iter_mut().for_each(|slot| *slot = None);
    }

    /// How many credentials are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.iter().flatten().count()
    }

    /// True when nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many credentials can be remembered.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.slots.len()
    }

    /// How often a signature was remembered, and how often not.
    #[must_use]
    pub const fn counts(&self) -> (u64, u64) {
        (self.hits, self.misses)
    }

    /// The credential with exactly these bytes, if its signature was good before.
    pub(super) fn get(&mut self, key: &MemoKey<'_>) -> Option<&OpenedCredential> {
        let index = self.slot_of(key)?;
        let found = self.slots.get(index).and_then(Option::as_ref).filter(|entry| entry.fits(key));
        *(if found.is_some() { &mut self.hits } else { &mut self.misses }) += 1;
        found.map(|entry| &entry.opened)
    }

    /// Remembers a credential whose signature has just been found good.
    pub(super) fn put(&mut self, key: &MemoKey<'_>, opened: OpenedCredential) {
        let Some(index) = self.slot_of(key).filter(|_| key.len() <= MAX_KEY_BYTES) else { return };
        if let Some(slot) = self.slots.get_mut(index) {
            *slot = Some(Entry {
                key: key.parts.iter().flatten().flat_map(|part| part.bytes()).collect(),
                lengths: key.lengths(),
                tag: key.tag,
                opened,
            });
        }
    }

    /// A good signature is as good as random, so its last bytes spread credentials over the slots; who
    /// makes up a signature to hit a slot finds other bytes there.
    fn slot_of(&self, key: &MemoKey<'_>) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let signature = key.parts[0]?.as_bytes();
        let end = signature.get(signature.len().saturating_sub(16)..).unwrap_or_default();
        let hash = end.iter().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(*byte)));
        Some(usize::try_from(hash ^ hash >> 16).unwrap_or(0) & mask)
    }
}

impl Entry {
    fn fits(&self, key: &MemoKey<'_>) -> bool {
        if self.tag != key.tag || self.lengths != key.lengths() {
            return false;
        }
        let mut rest = &self.key[..];
        key.parts.iter().flatten().all(|part| {
            let Some((start, after)) = rest.split_at_checked(part.len()) else { return false };
            rest = after;
            start == part.as_bytes()
        })
    }
}

impl<'a> MemoKey<'a> {
    /// `credential` is expires, policy, signature, key-pair id and hash algorithm, raw.
    pub(super) fn new(
        credential: [Option<&'a str>; 5],
        from_cookie: bool,
        scheme: Option<Scheme>,
        url: [&'a str; 3],
    ) -> Self {
        let [expires, policy, signature, key_pair_id, hash] = credential;
        // A custom policy is signed as it came, whatever URL it came with.
        let [host, path, query] = if policy.is_some() { [None; 3] } else { url.map(Some) };
        let scheme = match scheme {
            None => 0,
            Some(Scheme::Http) => 1,
            Some(Scheme::Https) => 2,
        };
        Self {
            parts: [signature, expires, policy, key_pair_id, hash, host, path, query],
            tag: scheme << 1 | u8::from(from_cookie),
        }
    }

    fn len(&self) -> usize {
        self.parts.iter().flatten().map(|part| part.len()).sum()
    }

    /// The length of each part; an absent part differs from an empty one.
    fn lengths(&self) -> [u32; PARTS] {
        self.parts.map(|part| part.map_or(u32::MAX, |part| u32::try_from(part.len()).unwrap_or(u32::MAX - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Memo, MemoKey};

    #[test]
    fn an_absent_part_differs_from_an_empty_one_and_parts_do_not_run_together() {
        let url = ["h", "/a", ""];
        let key = |parts| MemoKey::new(parts, false, None, url);
        let ab = key([Some("1"), None, Some("sig"), Some("ab"), None]);
        for other in [
            key([Some("1"), None, Some("sig"), Some("ab"), Some("")]),
            key([Some("1"), None, Some("sig"), Some("a"), Some("b")]),
            key([Some("1a"), None, Some("sig"), Some("b"), None]),
        ] {
            assert!(ab.lengths() != other.lengths());
        }
    }

    #[test]
    fn a_memo_without_slots_remembers_nothing() {
        let mut memo = Memo::new(0);
        let key = MemoKey::new([Some("1"), None, Some("sig"), Some("K"), None], false, None, ["h", "/", ""]);
        assert!(memo.get(&key).is_none());
        assert_eq!((memo.capacity(), memo.is_empty()), (0, true));
    }
}
