//! Lines of tags: `1.27-alpine` and `1.29-alpine` are versions of one line, `1.29` and `2.0-alpine` are not.
//!
//! A line is: the same text before and after the numbers, and the same first number, or the same first two if the first is 0,
//! because version 0 promises nothing from one second number to the next.

/// A tag that begins with a version, such as `v1.27.3-alpine`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version<'a> {
    pub numbers: Vec<u64>,
    /// `v` or nothing.
    prefix: &'a str,
    /// `-alpine`
    suffix: &'a str,
}

/// More numbers, or longer ones, are no version.
const MAX_NUMBERS: usize = 4;
const MAX_DIGITS: usize = 14;

impl<'a> Version<'a> {
    pub fn read(tag: &'a str) -> Option<Self> {
        let (prefix, rest) = match tag.strip_prefix('v') {
            Some(rest) => ("v", rest),
            None => ("", tag),
        };
        let end = rest.find(|letter: char| letter != '.' && !letter.is_ascii_digit()).unwrap_or(rest.len());
        let (numbers, suffix) = rest.split_at(end);
        let valid_suffix = suffix.is_empty() || suffix.starts_with(['-', '_', '+']);
        let number = |part: &str| if part.len() <= MAX_DIGITS { part.parse().ok() } else { None };
        let numbers: Vec<u64> = numbers.split('.').map(number).collect::<Option<_>>()?;
        (valid_suffix && numbers.len() <= MAX_NUMBERS).then_some(Self { numbers, prefix, suffix })
    }

    fn is_in_line_of(&self, other: &Self) -> bool {
        let same = if other.numbers.first() == Some(&0) { 2 } else { 1 };
        let head = |version: &Self| version.numbers.iter().take(same).copied().collect::<Vec<_>>();
        self.prefix == other.prefix && self.suffix == other.suffix && head(self) == head(other)
    }
}

/// The newest tag of the line of `current`, or `None` if none is newer. It is as precise as `current`; a single number is
/// answered with two, or as many as there are: `17` with `17.6`.
pub fn newest_of_line<'a>(current: &str, tags: &'a [String]) -> Option<&'a str> {
    let current = Version::read(current)?;
    let line = tags.iter().filter_map(|tag| Some((Version::read(tag)?, tag.as_str())));
    let line: Vec<_> = line.filter(|(version, _)| version.is_in_line_of(&current)).collect();
    let wanted = current.numbers.len().max(2);
    let precisions = [wanted, wanted + 1, wanted + 2];
    let newest = precisions.into_iter().find_map(|precision| {
        let precise = line.iter().filter(|(version, _)| version.numbers.len() == precision);
        precise.max_by(|(one, _), (other, _)| one.numbers.cmp(&other.numbers))
    });
    newest.filter(|(version, _)| version.numbers > current.numbers).map(|(_, tag)| *tag)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const POSTGRES: &[&str] =
        &["latest", "18", "18.1", "17", "17.5", "17.6", "17.6-alpine", "17-beta1", "9.6"];
    const NGINX: &[&str] = &[
        "1.27",
        "1.27-alpine",
        "1.29-alpine",
        "1.29.2-alpine",
        "1.28-alpine-slim",
        "1.30",
        "2.0-alpine",
        "1.100-alpine-slim",
        "mainline-alpine",
    ];
    const NODE: &[&str] = &["22", "22.9.0", "22.11.0", "23.0.0", "22.11.0-slim"];

    #[rstest]
    #[case("17", POSTGRES, Some("17.6"))]
    #[case("17.5", POSTGRES, Some("17.6"))]
    #[case("17.6", POSTGRES, None)]
    #[case("17.6-alpine", POSTGRES, None)]
    #[case("latest", POSTGRES, None)]
    #[case("16", POSTGRES, None)]
    #[case("1.27-alpine", NGINX, Some("1.29-alpine"))]
    #[case("1.27", NGINX, Some("1.30"))]
    #[case("1.28-alpine-slim", NGINX, Some("1.100-alpine-slim"))]
    #[case("1.29.1-alpine", NGINX, Some("1.29.2-alpine"))]
    #[case("22", NODE, Some("22.11.0"))]
    #[case("22.9.0", NODE, Some("22.11.0"))]
    #[case("v2.10", &["v2.9", "v2.11", "2.12"], Some("v2.11"))]
    #[case("0.5.1", &["0.5.3", "0.6.0"], Some("0.5.3"))]
    #[case("20240101", &["20240101", "20250101"], None)]
    #[case("1.2", &["1.99999999999999999999", "1.3"], Some("1.3"))]
    fn the_newest_tag_of_a_line(
        #[case] current: &str,
        #[case] tags: &[&str],
        #[case] expected: Option<&str>,
    ) {
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        assert_eq!(newest_of_line(current, &tags), expected);
    }
}
