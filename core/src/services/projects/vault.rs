//! The texts of a project's values by number, as they are sealed in one column.
//!
//! A value that is replaced or removed stays for a while under its number, because the builder's undo can name it again.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use crate::{context::Context, crypto::KeyRing, db::projects::project_values};

/// The most bytes of all values that a project has now.
pub const MAX_LIVE_BYTES: usize = 256 * 1024;
/// The most replaced and removed values, and their bytes. The oldest are forgotten first.
const MAX_FORMER: usize = 200;
const MAX_FORMER_BYTES: usize = 256 * 1024;

#[derive(Default, Serialize, Deserialize)]
pub struct Vault {
    last: u32,
    values: BTreeMap<u32, Sealed>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    name: String,
    text: String,
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Vault").field("values", &self.values.len()).finish_non_exhaustive()
    }
}

impl Vault {
    pub fn open(keyring: &KeyRing, project_id: i32, sealed: Option<&[u8]>) -> anyhow::Result<Self> {
        let Some(sealed) = sealed else { return Ok(Self::default()) };
        let id = project_id.to_string();
        let opened = keyring
            .open(sealed, project_values::place(&id))
            .with_context(|| format!("opening the values of project {id}"))?;
        // The error of the reader could repeat a value.
        serde_json::from_slice(opened.expose_secret())
            .map_err(|_| anyhow::anyhow!("the values of project {id} are not as they were sealed"))
    }

    pub fn seal(&self, keyring: &KeyRing, context: &Context, project_id: i32) -> anyhow::Result<Vec<u8>> {
        let text =
            serde_json::to_vec(self).map_err(|_| anyhow::anyhow!("writing the values of a project"))?;
        let id = project_id.to_string();
        keyring.seal(context.random.as_ref(), &text, project_values::place(&id)).context("sealing values")
    }

    pub fn text(&self, number: u32) -> Option<&str> {
        self.values.get(&number).map(|value| value.text.as_str())
    }

    /// Returns the number of the new value.
    pub fn add(&mut self, name: &str, text: &str) -> u32 {
        self.last = self.last.saturating_add(1);
        self.values.insert(self.last, Sealed { name: name.to_owned(), text: text.to_owned() });
        self.last
    }

    /// Forgets former values of these names at once.
    pub fn forget_former(&mut self, live: &BTreeMap<String, u32>, names: &BTreeSet<String>) {
        let live: BTreeSet<u32> = live.values().copied().collect();
        self.values.retain(|number, value| live.contains(number) || !names.contains(&value.name));
    }

    /// Keeps the live values and the newest former ones. Returns the bytes of the live ones.
    pub fn tidy(&mut self, live: &BTreeMap<String, u32>) -> usize {
        let live: BTreeSet<u32> = live.values().copied().collect();
        let (mut count, mut bytes, mut live_bytes) = (0, 0, 0);
        let mut old = Vec::new();
        for (number, value) in self.values.iter().rev() {
            if live.contains(number) {
                live_bytes += value.text.len();
                continue;
            }
            count += 1;
            bytes += value.text.len();
            if count > MAX_FORMER || bytes > MAX_FORMER_BYTES {
                old.push(*number);
            }
        }
        for number in old {
            self.values.remove(&number);
        }
        live_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::{ManualClock, SeededRandom};

    #[test]
    fn former_values_stay_for_undo_up_to_a_limit_and_the_live_ones_always() {
        let mut vault = Vault::default();
        let live = BTreeMap::from([("A".to_owned(), vault.add("A", "live"))]);
        for number in 0..300 {
            vault.add("B", &format!("former {number}"));
        }
        assert_eq!(vault.tidy(&live), 4);
        assert_eq!(vault.text(1), Some("live"));
        assert_eq!((vault.text(101), vault.text(102)), (None, Some("former 100")));
        assert_eq!(vault.add("C", "next"), 302);
        vault.forget_former(&live, &BTreeSet::from(["B".to_owned()]));
        assert_eq!((vault.text(102), vault.text(302), vault.text(1)), (None, Some("next"), Some("live")));
    }

    #[test]
    fn sealed_values_open_in_their_own_project_only() {
        let context = Context {
            clock: std::sync::Arc::new(ManualClock::default()),
            random: std::sync::Arc::new(SeededRandom::new(1)),
        };
        let keyring = KeyRing::generate(context.random.as_ref());
        let mut vault = Vault::default();
        vault.add("A", "hunter2");
        let sealed = vault.seal(&keyring, &context, 7).unwrap();
        assert_eq!(Vault::open(&keyring, 7, Some(&sealed)).unwrap().text(1), Some("hunter2"));
        assert!(Vault::open(&keyring, 8, Some(&sealed)).is_err());
        assert!(!format!("{vault:?}").contains("hunter2"));
    }
}
