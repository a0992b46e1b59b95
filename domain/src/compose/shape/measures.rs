//! Numbers, durations and sizes, as Compose parses them.

use super::{Spelling, Wrong};

/// A Go duration, and the units `d` and `w` that Compose adds.
const UNITS: &[&str] = &["ns", "us", "µs", "ms", "s", "m", "h", "d", "w"];

/// The engine refuses a smaller memory limit.
const LEAST_MEMORY: f64 = 6.0 * 1024.0 * 1024.0;

pub fn whole(text: &str) -> Result<(), Wrong> {
    holds(text.parse::<i64>().is_ok(), || leading_number(text))
}

pub fn number(text: &str) -> Result<(), Wrong> {
    holds(text.parse::<f64>().is_ok(), || leading_number(text))
}

pub fn count(text: &str) -> Result<(), Wrong> {
    holds(text.parse::<u32>().is_ok(), || leading_number(text).filter(|meant| !meant.starts_with('-')))
}

/// Text must be a whole number; of a number, Compose drops the decimals.
pub fn whole_or_number(text: &str, spelling: Spelling) -> Result<(), Wrong> {
    if spelling == Spelling::Text { whole(text) } else { number(text) }
}

pub fn retries(text: &str, spelling: Spelling) -> Result<(), Wrong> {
    let positive = text.parse::<f64>().is_ok_and(|number| number >= 0.0);
    let whole = spelling == Spelling::Number || text.parse::<u32>().is_ok();
    holds(positive && whole, || leading_number(text).filter(|meant| !meant.starts_with('-')))
}

pub fn count_or_all(text: &str) -> Result<(), Wrong> {
    if text == "all" { Ok(()) } else { whole(text) }
}

pub fn percent(text: &str) -> Result<(), Wrong> {
    between(text, 0.0, 100.0)
}

pub fn oom_score(text: &str) -> Result<(), Wrong> {
    between(text, -1000.0, 1000.0)
}

fn between(text: &str, least: f64, most: f64) -> Result<(), Wrong> {
    holds(text.parse::<f64>().is_ok_and(|number| least <= number && number <= most), || None)
}

/// Text is octal, and a number is what it is: YAML reads the octal notation.
pub fn file_mode(text: &str, spelling: Spelling) -> Result<(), Wrong> {
    let octal = !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    holds(spelling == Spelling::Number || octal || text == "-1", || None)
}

pub fn cpus(text: &str) -> Result<(), Wrong> {
    holds(text.parse::<f64>().is_ok(), || leading_number(text))
}

pub fn cpuset(text: &str) -> Result<(), Wrong> {
    let number = |text: &str| text.parse::<u16>().ok();
    let part = |part: &str| match part.split_once('-') {
        Some((first, last)) => number(first).zip(number(last)).is_some_and(|(first, last)| first <= last),
        None => number(part).is_some(),
    };
    holds(text.is_empty() || text.split(',').all(part), || None)
}

/// `1m30s`, `500ms`, `1.5h`; `0` needs no unit.
pub fn duration(text: &str) -> Result<(), Wrong> {
    holds(is_duration(text), || meant_duration(text))
}

pub fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let unit = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        if number.parse::<f64>().is_err() || !UNITS.contains(&&after[..unit]) {
            return false;
        }
        rest = &after[unit..];
    }
    true
}

/// `5` means seconds; `5 sec` and `2 minutes` are spelled too long.
fn meant_duration(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        "d" | "day" | "days" => "d",
        "w" | "week" | "weeks" => "w",
        "ms" | "msec" | "millis" | "milliseconds" => "ms",
        _ => return None,
    };
    number.parse::<f64>().is_ok().then(|| format!("{number}{unit}"))
}

/// A size. The number -1, without quotes, means no limit.
pub fn bytes(text: &str, spelling: Spelling) -> Result<(), Wrong> {
    let none = spelling == Spelling::Number && text == "-1";
    holds(none || size(text).is_some(), || meant_size(text))
}

/// A size without the number that means no limit.
pub fn bytes_from_zero(text: &str, _: Spelling) -> Result<(), Wrong> {
    bytes(text, Spelling::Text)
}

/// A limit of memory: a size that the engine accepts. Zero and negative numbers mean no limit.
pub fn memory(text: &str, spelling: Spelling) -> Result<(), Wrong> {
    let number = text.parse::<f64>().ok();
    if number.is_some_and(|number| number == 0.0 || number < 0.0 && spelling == Spelling::Number) {
        return Ok(());
    }
    let size = size(text).ok_or_else(|| Wrong { meant: meant_size(text), runtime: None })?;
    if size >= LEAST_MEMORY {
        return Ok(());
    }
    // A number without a unit counts bytes, which nobody means.
    let meant = text.parse::<u32>().ok().filter(|number| *number >= 6).map(|number| format!("{number}m"));
    Err(Wrong { meant, runtime: Some("the engine refuses a limit below 6 MB") })
}

/// A size in bytes, as `units.RAMInBytes` of Docker parses it: a number, perhaps a space, and a unit.
pub fn size(text: &str) -> Option<f64> {
    let end = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '))?;
    let (number, unit) = (text[..=end].strip_suffix(' ').unwrap_or(&text[..=end]), &text[end + 1..]);
    let number = number.parse::<f64>().ok().filter(|number| *number >= 0.0)?;
    let unit = unit.to_ascii_lowercase();
    let mut letters = unit.chars();
    let power = match letters.next() {
        None => return Some(number),
        Some('b') if unit.len() == 1 => return Some(number),
        Some(letter) => "kmgtp".find(letter)? + 1,
    };
    matches!(letters.as_str(), "" | "b" | "ib")
        .then(|| number * 1024_f64.powi(i32::try_from(power).unwrap_or(0)))
}

/// `512 megabytes`, `2gig`, `1,5g`.
fn meant_size(text: &str) -> Option<String> {
    let text = text.trim().replace(',', ".").to_ascii_lowercase();
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    number.parse::<f64>().ok()?;
    let unit = unit.trim();
    let letter = unit.chars().next().filter(|letter| "kmgtp".contains(*letter));
    let word = unit.chars().all(|c| c.is_ascii_alphabetic());
    match letter {
        Some(letter) if word => Some(format!("{number}{letter}")),
        None if unit.is_empty() || unit.starts_with("byte") => Some(number.to_owned()),
        _ => None,
    }
}

/// The number at the beginning of a text: `2` of `2 cores`, `1.5` of `1,5`.
fn leading_number(text: &str) -> Option<String> {
    let text = text.trim().replace(',', ".");
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let word = rest.trim().chars().all(|c| c.is_ascii_alphabetic());
    (word && number.parse::<f64>().is_ok()).then(|| number.to_owned())
}

fn holds(valid: bool, meant: impl FnOnce() -> Option<String>) -> Result<(), Wrong> {
    if valid { Ok(()) } else { Err(Wrong { meant: meant(), runtime: None }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(outcome: Result<(), Wrong>) -> Option<String> {
        outcome.err().and_then(|wrong| wrong.meant)
    }

    #[test]
    fn durations_have_units() {
        for text in ["5s", "1m30s", "1.5m", ".5s", "-5s", "100us", "5µs", "1w2d3h", "0", "1d"] {
            assert!(duration(text).is_ok(), "{text}");
        }
        for (text, expected) in [
            ("5", Some("5s")),
            ("5 s", Some("5s")),
            ("5sec", Some("5s")),
            ("2 minutes", Some("2m")),
            ("x", None),
        ] {
            let outcome = duration(text);
            assert!(outcome.is_err(), "{text}");
            assert_eq!(meant(outcome).as_deref(), expected, "{text}");
        }
        assert!(duration("").is_err() && duration("5S").is_err() && duration("1y").is_err());
    }

    #[test]
    fn sizes_have_units_or_count_bytes() {
        for text in ["512", "512MB", "512 MB", "1.5g", "1giB", "1p", ".5g", "1.", "1e9"] {
            assert!(bytes(text, Spelling::Text).is_ok(), "{text}");
        }
        for text in ["lots", "", "-2", "5x", "1gg", "1 0g", "1bytes", "1ki", "1e", " 1g", "1.5.5g"] {
            assert!(bytes(text, Spelling::Text).is_err(), "{text}");
        }
        assert_eq!(meant(bytes("2gig", Spelling::Text)).as_deref(), Some("2g"));
        assert_eq!(meant(bytes("1,5g", Spelling::Text)).as_deref(), Some("1.5g"));
        assert_eq!(meant(bytes("lots", Spelling::Text)), None);
    }

    #[test]
    fn a_limit_of_512_bytes_means_megabytes() {
        assert_eq!(meant(memory("512", Spelling::Text)).as_deref(), Some("512m"));
        assert!(memory("-1", Spelling::Number).is_ok() && memory("-1", Spelling::Text).is_err());
        assert!(
            memory("512m", Spelling::Text).is_ok()
                && memory("0", Spelling::Text).is_ok()
                && memory("6291456", Spelling::Text).is_ok()
        );
    }

    #[test]
    fn a_comma_is_no_decimal_point() {
        assert_eq!(meant(cpus("1,5")).as_deref(), Some("1.5"));
        assert_eq!(meant(cpus("2 cores")).as_deref(), Some("2"));
        assert_eq!(meant(cpus("many")), None);
        assert!(cpuset("0-3,5").is_ok() && cpuset("x-y").is_err() && cpuset("3-1").is_err());
    }
}
