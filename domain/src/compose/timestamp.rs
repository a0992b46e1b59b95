//! Dates and times, which Compose reads out of plain scalars: `2024-01-15`, `2001-12-14t21:59:43.10-05:00`. No key of a
//! compose file takes one.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// Whether a plain scalar is a date, with or without a time.
pub fn is_one(text: &str) -> bool {
    parse(text).is_some()
}

/// The date as Compose passes it on, in RFC 3339; the text itself if it is none.
pub fn rfc3339(text: &str) -> String {
    let Some((moment, zone)) = parse(text) else { return text.to_owned() };
    let zone = if zone.is_empty() || zone == "+00:00" || zone == "-00:00" { "Z" } else { zone };
    let fraction = moment.format("%.9f").to_string();
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    format!("{}{fraction}{zone}", moment.format("%Y-%m-%dT%H:%M:%S"))
}

/// The moment, and its time zone as written; `Z` and no zone are empty.
fn parse(text: &str) -> Option<(NaiveDateTime, &str)> {
    // Most numbers end here.
    if text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    let end = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let mut parts = text[..end].split('-');
    let year = digits(parts.next()?, 4..=4)?;
    let month = digits(parts.next()?, 1..=2)?;
    let day = digits(parts.next()?, 1..=2)?;
    if parts.next().is_some() {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let Some(separator) = text[end..].chars().next() else {
        return Some((date.and_time(NaiveTime::MIN), ""));
    };
    let rest = &text[end + 1..];
    let zone_at = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(zone_at);
    // A time after a space has no zone, any other one has.
    if (separator == ' ') != zone.is_empty() || !is_zone(zone) {
        return None;
    }
    Some((date.and_time(time_of_day(time)?), if zone == "Z" { "" } else { zone }))
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    let (text, fraction) =
        text.split_once('.').map_or((text, None), |(text, fraction)| (text, Some(fraction)));
    let mut parts = text.split(':');
    let mut next = || digits(parts.next()?, 1..=2);
    let (hour, minute, second) = (next()?, next()?, next()?);
    let nanoseconds = match fraction {
        None => 0,
        Some(fraction) => {
            digits(fraction.get(..fraction.len().min(9))?, 1..=9)?;
            digits(&format!("{fraction:0<9.9}"), 9..=9)?
        }
    };
    parts.next().is_none().then(|| NaiveTime::from_hms_nano_opt(hour, minute, second, nanoseconds))?
}

fn is_zone(text: &str) -> bool {
    let Some(offset) = text.strip_prefix(['+', '-']) else { return matches!(text, "" | "Z") };
    offset.split_once(':').is_some_and(|(hours, minutes)| {
        digits(hours, 2..=2).is_some_and(|hours| hours <= 24)
            && digits(minutes, 2..=2).is_some_and(|minutes| minutes < 60)
    })
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    (plain && length.contains(&text.len())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_that_compose_reads() {
        for (text, moment) in [
            ("2024-01-15", "2024-01-15T00:00:00Z"),
            ("2024-1-5", "2024-01-05T00:00:00Z"),
            ("2024-01-15T10:00:00Z", "2024-01-15T10:00:00Z"),
            ("2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43.1-05:00"),
            ("2001-12-14 21:59:43", "2001-12-14T21:59:43Z"),
        ] {
            assert!(is_one(text), "{text}");
            assert_eq!(rfc3339(text), moment);
        }
        for text in [
            "2024-13-45",
            "2024-02-30",
            "24-01-15",
            "2001-12-14 21:59:43.10 -5",
            "2024-01-15T10:00:00",
            "2024-01-15x",
        ] {
            assert!(!is_one(text), "{text}");
        }
    }
}
