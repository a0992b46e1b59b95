//! How plain scalars are read.

use crate::compose::{timestamp, yaml::Value};

/// The value of a plain scalar.
pub fn resolve(text: &str) -> Value {
    let Some(first) = text.bytes().next() else { return Value::Null };
    let known = match first {
        b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' => word(text),
        b'0'..=b'9' => {
            number(text).or_else(|| timestamp::is_one(text).then(|| Value::Timestamp(text.to_owned())))
        }
        b'-' | b'+' => infinity(text).or_else(|| number(text)),
        b'.' => infinity(text).or_else(|| float(text)),
        _ => None,
    };
    known.unwrap_or_else(|| Value::String(text.to_owned()))
}

fn word(text: &str) -> Option<Value> {
    match text {
        "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => None,
    }
}

fn infinity(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let value = match unsigned {
        ".inf" | ".Inf" | ".INF" => f64::INFINITY,
        ".nan" | ".NaN" | ".NAN" if unsigned == text => f64::NAN,
        _ => return None,
    };
    Some(Value::Float(if text.starts_with('-') { -value } else { value }))
}

/// A number, in which underscores may stand between, before and after digits.
fn number(text: &str) -> Option<Value> {
    if !text.contains('_') {
        return integer(text).or_else(|| float(text));
    }
    let plain = text.replace('_', "");
    integer(&plain).or_else(|| float(&plain))
}

/// A whole number that fits into 64 bits, signed or not. A leading zero makes it octal.
fn integer(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (digits, radix) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&unsigned[2..], 16),
        [b'0', b'o' | b'O', ..] => (&unsigned[2..], 8),
        [b'0', b'b' | b'B', ..] => (&unsigned[2..], 2),
        [b'0', _, ..] => (&unsigned[1..], 8),
        _ => (unsigned, 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let number = i128::from_str_radix(digits, radix).ok()?;
    let number = if text.starts_with('-') { -number } else { number };
    (i128::from(i64::MIN) <= number && number <= i128::from(u64::MAX)).then_some(Value::Integer(number))
}

fn float(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let number = plain(whole) && plain(fraction) && !(whole.is_empty() && fraction.is_empty());
    let power = exponent.is_none_or(|power| {
        let power = power.strip_prefix(['-', '+']).unwrap_or(power);
        !power.is_empty() && plain(power)
    });
    if !number || !power {
        return None;
    }
    // What is too large for a number stays text.
    text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::Float)
}

/// A number as Compose writes it where text is wanted: in the shortest form, with an exponent from a million on and below a
/// ten-thousandth (`3.8`, `1.5e+06`).
pub fn float_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let Some((mantissa, power)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = power.parse().unwrap_or_default();
    if number == 0.0 || (-4..6).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_compose_reads() {
        for (text, number) in [
            ("12", 12),
            ("+12", 12),
            ("-0415", -269),
            ("0755", 493),
            ("00", 0),
            ("0o17", 15),
            ("0O17", 15),
            ("0xff", 255),
            ("-0x1F", -31),
            ("0x_1F", 31),
            ("0b101", 5),
            ("0B1_0", 2),
            ("1_000", 1000),
            ("1_", 1),
            ("0777_7", 4095),
            ("18446744073709551615", 18_446_744_073_709_551_615),
            ("-9223372036854775808", -9_223_372_036_854_775_808),
        ] {
            assert_eq!(resolve(text), Value::Integer(number), "{text}");
        }
        for (text, number) in [
            ("1e3", 1000.0),
            ("1_0.5", 10.5),
            (".5", 0.5),
            ("+.5", 0.5),
            ("1.e3", 1000.0),
            // Not octal, so it is read as a number with no decimals.
            ("09", 9.0),
            ("18446744073709551616", 18_446_744_073_709_551_616.0),
            ("-9223372036854775809", -9_223_372_036_854_775_809.0),
            (".Inf", f64::INFINITY),
            ("-.inf", f64::NEG_INFINITY),
        ] {
            assert_eq!(resolve(text), Value::Float(number), "{text}");
        }
        for text in ["", "~", "Null"] {
            assert_eq!(resolve(text), Value::Null, "{text}");
        }
        assert_eq!(resolve("2024-01-15"), Value::Timestamp("2024-01-15".to_owned()));
        for text in [
            "off",
            "yes",
            "nULL",
            "12:34:56",
            "-",
            ".",
            "+",
            "1.2.3",
            "0x",
            "0b2",
            "0o8",
            "e3",
            "1e",
            "1e400",
            "._5",
            "_1",
            "1,000",
            "0x1p4",
            "3.8-alpine",
            "2024-13-45",
            "nan",
        ] {
            assert_eq!(resolve(text), Value::String(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn floats_are_written_as_compose_writes_them() {
        for (number, text) in [
            (3.8, "3.8"),
            (1.0, "1"),
            (100_000.0, "100000"),
            (1e6, "1e+06"),
            (1_234_567.5, "1.2345675e+06"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (-0.0, "-0"),
            (f64::INFINITY, "+Inf"),
        ] {
            assert_eq!(float_text(number), text);
        }
    }
}
