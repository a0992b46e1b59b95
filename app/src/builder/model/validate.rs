//! Validates the input of the inspector. `Err` is the sentence shown under the field.

use domain::compose::{ImageReference, Model};

use super::sentence::sentence;

type Verdict = Result<(), String>;

pub fn service_name(name: &str, model: &Model, own: Option<&str>) -> Verdict {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if name.is_empty() {
        return Err("A service needs a name.".to_owned());
    }
    if !name.chars().all(allowed) {
        return Err("Use letters, digits, dots, underscores and hyphens.".to_owned());
    }
    if own != Some(name) && model.service(name).is_some() {
        return Err(format!("There is already a service `{name}`."));
    }
    Ok(())
}

pub fn image(text: &str) -> Verdict {
    match ImageReference::read(text).problem() {
        Some(problem) => Err(sentence(&problem)),
        None if text.contains(char::is_whitespace) => Err("An image name has no spaces.".to_owned()),
        None => Ok(()),
    }
}

pub fn variable_key(key: &str) -> Verdict {
    if key.is_empty() {
        return Err("A variable needs a name.".to_owned());
    }
    if key.contains('=') || key.chars().any(char::is_whitespace) {
        return Err("A variable's name has no spaces and no `=`.".to_owned());
    }
    Ok(())
}

/// A port or a range of ports. A `${VARIABLE}` is accepted without further checks.
pub fn port(text: &str) -> Verdict {
    if text.contains('$') {
        return Ok(());
    }
    let number = |part: &str| part.parse::<u16>().ok().filter(|port| *port > 0);
    let range = match text.split_once('-') {
        Some((first, last)) => number(first).zip(number(last)),
        None => number(text).map(|port| (port, port)),
    };
    match range {
        Some((first, last)) if first <= last => Ok(()),
        Some(_) => Err("The second port of a range is the larger one.".to_owned()),
        None => Err("A port is a number from 1 to 65535, or a range like 8000-8010.".to_owned()),
    }
}

pub fn optional(text: &str, verdict: fn(&str) -> Verdict) -> Verdict {
    if text.is_empty() { Ok(()) } else { verdict(text) }
}

pub fn mount_target(text: &str) -> Verdict {
    if text.starts_with('/') || text.contains('$') {
        Ok(())
    } else {
        Err("A path in the container begins with `/`.".to_owned())
    }
}

/// A volume name or a path on the host.
pub fn mount_source(text: &str) -> Verdict {
    let is_path = text.starts_with(['.', '/', '~', '$']);
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if is_path || (text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(allowed)) {
        Ok(())
    } else {
        Err("Write the name of a volume, or a folder that begins with `./`, `../`, `/` or `~`.".to_owned())
    }
}

pub fn network_name(text: &str) -> Verdict {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !text.is_empty() && text.chars().all(allowed) {
        Ok(())
    } else {
        Err("Use letters, digits, dots, underscores and hyphens.".to_owned())
    }
}

pub fn label_key(key: &str) -> Verdict {
    if key.is_empty() {
        return Err("A label needs a name.".to_owned());
    }
    if key.contains('=') || key.chars().any(char::is_whitespace) {
        return Err("A label's name has no spaces and no `=`.".to_owned());
    }
    Ok(())
}

pub fn user(text: &str) -> Verdict {
    if text.chars().any(char::is_whitespace) || text.matches(':').count() > 1 {
        return Err("A user is a name or a number, with a group after a colon.".to_owned());
    }
    Ok(())
}

/// An amount of memory: `512m`, `1.5g`, `1073741824`.
pub fn memory(text: &str) -> Verdict {
    let lower = text.to_ascii_lowercase();
    let amount = ["kb", "mb", "gb", "tb", "k", "m", "g", "t", "b"]
        .into_iter()
        .find_map(|unit| lower.strip_suffix(unit))
        .unwrap_or(&lower);
    if text.contains('$') || is_positive(amount) {
        Ok(())
    } else {
        Err("Write an amount with a unit: 512m, 1.5g.".to_owned())
    }
}

/// A number of processors, or a part of one.
pub fn cpus(text: &str) -> Verdict {
    if text.contains('$') || is_positive(text) {
        Ok(())
    } else {
        Err("Write a number of processors: 2, or 0.5 for half of one.".to_owned())
    }
}

fn is_positive(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || c == '.')
        && text.parse::<f64>().is_ok_and(|number| number > 0.0 && number.is_finite())
}

/// A duration: `30s`, `1m30s`, `500ms`.
pub fn duration(text: &str) -> Verdict {
    let problem = || Err("Write a time like 30s, 1m30s or 500ms.".to_owned());
    if text.contains('$') {
        return Ok(());
    }
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        if digits == 0 {
            return problem();
        }
        rest = &rest[digits..];
        let Some(unit) =
            ["ms", "us", "ns", "h", "m", "s", "d", "w"].into_iter().find(|unit| rest.starts_with(unit))
        else {
            return problem();
        };
        rest = &rest[unit.len()..];
    }
    if text.is_empty() { problem() } else { Ok(()) }
}

pub fn retries(text: &str) -> Verdict {
    if text.parse::<u32>().is_ok() { Ok(()) } else { Err("Write a whole number.".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_numbers_or_ranges() {
        for good in ["80", "8000-8010", "65535", "${PORT:-80}"] {
            assert_eq!(port(good), Ok(()), "{good}");
        }
        for bad in ["", "0", "65536", "http", "8010-8000", "80:80"] {
            assert!(port(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn times_are_those_of_compose() {
        for good in ["30s", "1m30s", "500ms", "1h", "1.5s"] {
            assert_eq!(duration(good), Ok(()), "{good}");
        }
        for bad in ["", "30", "s", "30 s", "soon"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn limits_are_amounts_and_numbers() {
        for good in ["512m", "1.5g", "64MB", "1073741824", "${LIMIT}"] {
            assert_eq!(memory(good), Ok(()), "{good}");
        }
        for bad in ["", "lots", "0", "m", "-1g", "1 g", "1e9"] {
            assert!(memory(bad).is_err(), "{bad}");
        }
        for good in ["2", "0.5", "$CPUS"] {
            assert_eq!(cpus(good), Ok(()), "{good}");
        }
        for bad in ["", "many", "0", "1,5"] {
            assert!(cpus(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_image_problem_is_a_sentence() {
        assert_eq!(image("nginx:1.27"), Ok(()));
        assert!(image("Nginx").is_err_and(|text| text.ends_with('.')));
        assert!(image("nginx 1").is_err());
    }

    #[test]
    fn sources_are_volumes_or_paths() {
        for good in ["data", "./conf", "../x", "/srv", "~/x", "${DIR}/x"] {
            assert_eq!(mount_source(good), Ok(()), "{good}");
        }
        for bad in ["", "my data", "-x"] {
            assert!(mount_source(bad).is_err(), "{bad}");
        }
    }
}
