//! The order of parts after a merge.

/// Every name of `mine` and `theirs` that `stays`, once. Names that both versions have keep their order; where both sides
/// changed it, the order is mine. Additions follow the name that they followed in their version, mine before theirs.
pub fn merged<'n>(
    base: &[&'n str],
    mine: &[&'n str],
    theirs: &[&'n str],
    stays: impl Fn(&str) -> bool,
) -> Vec<&'n str> {
    let in_all = |name: &&&str| base.contains(*name) && mine.contains(*name) && theirs.contains(*name);
    let order = |names: &[&'n str]| names.iter().filter(in_all).copied().collect::<Vec<_>>();
    let only_they_reordered = order(mine) == order(base) && order(theirs) != order(base);
    let (leading, following) = if only_they_reordered { (theirs, mine) } else { (mine, theirs) };
    let mut all: Vec<&str> = leading.iter().copied().filter(|name| stays(name)).collect();
    for (index, name) in following.iter().enumerate() {
        if all.contains(name) || !stays(name) {
            continue;
        }
        let before = following[..index].iter().rev().find_map(|name| all.iter().position(|one| one == name));
        let mut at = before.map_or(0, |before| before + 1);
        while all.get(at).is_some_and(|there| !following.contains(there)) {
            at += 1;
        }
        all.insert(at, name);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::merged;

    #[test]
    fn additions_follow_what_they_followed() {
        let all = |base: &[&'static str], mine: &[&'static str], theirs: &[&'static str]| {
            merged(base, mine, theirs, |_| true).join(" ")
        };
        assert_eq!(all(&["a", "b"], &["a", "b", "c"], &["a", "b", "d"]), "a b c d");
        assert_eq!(all(&["a", "b"], &["x", "a", "b"], &["a", "y", "b"]), "x a y b");
        assert_eq!(all(&[], &["a"], &["b"]), "a b");
        assert_eq!(all(&["a", "b"], &["a", "b", "c"], &["b", "a"]), "b c a");
    }

    #[test]
    fn what_does_not_stay_is_left_out() {
        assert_eq!(merged(&["a", "b"], &["b"], &["a", "b", "c"], |name| name != "a"), ["b", "c"]);
    }
}
