//! Finds the nearest name for "Did you mean …?".

/// The candidate that differs from `name` in at most two slips of the finger (one for short names), ignoring case. A
/// slip is one letter too many, too few, wrong, or two letters swapped.
pub fn nearest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let length = name.chars().count();
    let allowed = if length <= 4 { 1 } else { 2 };
    candidates
        .filter(|candidate| length < 64 && candidate.len().abs_diff(name.len()) <= 8)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The nearest candidate as the end of a message, or an empty text.
pub fn did_you_mean<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> String {
    nearest(name, candidates).map_or_else(String::new, |candidate| format!(" Did you mean `{candidate}`?"))
}

/// The optimal string alignment distance: like Levenshtein's, but two swapped letters count once.
fn distance(a: &str, b: &str) -> usize {
    let letters = |text: &str| text.to_lowercase().chars().collect::<Vec<_>>();
    let (a, b) = (letters(a), letters(b));
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before_last[j - 2] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, nearest};

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        let names = ["postgres", "web"];
        assert_eq!(did_you_mean("postgers", names.into_iter()), " Did you mean `postgres`?");
        assert_eq!(did_you_mean("redis", names.into_iter()), "");
    }

    #[test]
    fn swapped_letters_are_one_slip() {
        assert_eq!(nearest("hots", ["host"].into_iter()), Some("host"));
        assert_eq!(nearest("stop", ["host"].into_iter()), None);
    }
}
