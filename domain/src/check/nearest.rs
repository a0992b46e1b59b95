//! Finds the nearest name for "Did you mean …?".

/// The candidate that differs in at most two letters (one for short names), as the end of a message.
pub fn did_you_mean<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> String {
    let length = name.chars().count();
    let allowed = if length <= 4 { 1 } else { 2 };
    candidates
        .filter(|candidate| length < 64 && candidate.len().abs_diff(name.len()) <= 8)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map_or_else(String::new, |(_, candidate)| format!(" Did you mean `{candidate}`?"))
}

/// Levenshtein distance, ignoring case.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, left) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        let names = ["postgres", "web"];
        assert_eq!(did_you_mean("postgers", names.into_iter()), " Did you mean `postgres`?");
        assert_eq!(did_you_mean("redis", names.into_iter()), "");
    }
}
