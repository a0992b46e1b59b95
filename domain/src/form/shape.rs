//! The patterns of single values.

use crate::compose::is_service_name;

#[derive(Clone, Copy)]
pub struct Shape {
    pub fits: fn(&str) -> bool,
    /// The error message for a value that does not match.
    pub message: &'static str,
}

/// `^[0-9]*\.?[0-9]+$`
pub const AMOUNT: Shape = Shape { fits: is_amount, message: "must be a number such as 0.5" };

/// `^[0-9]*\.?[0-9]+Gb?$`
pub const GIGABYTES: Shape = Shape {
    fits: |text| text.strip_suffix("Gb").or_else(|| text.strip_suffix('G')).is_some_and(is_amount),
    message: "must be a size such as 2G or 0.5Gb",
};

/// `^\d{2,6}$`, and a valid port number.
pub const PORT: Shape = Shape {
    fits: |text| {
        (2..=6).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && text.parse::<u16>().is_ok_and(|port| port > 0)
    },
    message: "Port is not valid. Use a number from 10 to 65535.",
};

pub const SERVICE_NAME: Shape = Shape {
    fits: is_service_name,
    message: "becomes the name of a service: letters, digits, `.`, `_` and `-` are allowed",
};

pub const NETWORK_NAME: Shape = Shape {
    fits: is_service_name,
    message: "becomes the name of a network: letters, digits, `.`, `_` and `-` are allowed",
};

fn is_amount(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction) && !fraction.is_empty(),
        None => digits(text) && !text.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_sizes_follow_their_patterns() {
        for text in ["0.0", ".5", "12", "1.25"] {
            assert!((AMOUNT.fits)(text), "{text}");
        }
        for text in ["", ".", "1.", "1,5", "-1", "1e3"] {
            assert!(!(AMOUNT.fits)(text), "{text}");
        }
        for (text, fits) in [("2G", true), ("0.5Gb", true), ("2", false), ("2GB", false), ("G", false)] {
            assert_eq!((GIGABYTES.fits)(text), fits, "{text}");
        }
    }

    #[test]
    fn ports_have_two_digits_at_least_and_exist() {
        for (text, fits) in [
            ("80", true),
            ("65535", true),
            ("080", true),
            ("7", false),
            ("65536", false),
            ("00", false),
            ("8x", false),
        ] {
            assert_eq!((PORT.fits)(text), fits, "{text}");
        }
    }
}
