//! Three versions of a file, divided by bytes 0xff: what two people made of a common base.

use crate::pieces;
use domain::stack::{
    Stack,
    merge::{Side, merge, merge_preferring},
};

/// Panics if something is wrong.
pub fn run(bytes: &[u8]) {
    let versions: [&[u8]; 3] = pieces(bytes);
    let [Ok(base), Ok(mine), Ok(theirs)] = versions.map(std::str::from_utf8) else { return };
    let [base, mine, theirs] = [base, mine, theirs].map(Stack::read);
    let all_readable = base.is_readable() && mine.is_readable() && theirs.is_readable();
    for merged in [
        merge(&base, &mine, &theirs).ok(),
        Some(merge_preferring(Side::Mine, &base, &mine, &theirs)),
        Some(merge_preferring(Side::Theirs, &base, &mine, &theirs)),
    ] {
        assert!(!all_readable || merged.is_none_or(|merged| merged.is_readable()));
    }
    // If only one side has changed, the result is that side.
    assert_eq!(
        merge(&base, &base, &theirs).map(|merged| merged.text().to_owned()),
        Ok(theirs.text().to_owned())
    );
}
