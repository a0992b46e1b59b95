//! Sealed values that return from clients, such as the sign-in cookie: only values that this server sealed can be opened.
#![cfg_attr(feature = "link", no_main)]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use secrecy::ExposeSecret as _;
use stacker::{
    context::SeededRandom,
    crypto::{KeyRing, SealedColumn},
};

const PLACE: SealedColumn<'static> = SealedColumn { table: "cookie", column: "sign_in", row: "" };

static KEYS: LazyLock<KeyRing> = LazyLock::new(|| {
    let file = std::env::temp_dir().join(format!("stacker-fuzz-{}", std::process::id()));
    let keys = KeyRing::open_or_create(&file, &SeededRandom::new(1)).unwrap();
    std::fs::remove_file(&file).unwrap();
    keys
});

fuzz_target!(|bytes: &[u8]| {
    assert!(KEYS.open(bytes, PLACE).is_err(), "nobody knows the key");
    let [text, change] = fuzz::pieces(bytes);
    let mut sealed = KEYS.seal(&SeededRandom::new(2), text, PLACE).unwrap();
    assert_eq!(KEYS.open(&sealed, PLACE).unwrap().expose_secret(), text);
    if let [at, flip, ..] = change
        && *flip != 0
    {
        let at = usize::from(*at) % sealed.len();
        sealed[at] ^= *flip;
        assert!(KEYS.open(&sealed, PLACE).is_err());
    }
});

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
