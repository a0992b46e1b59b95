//! Tolerant reading: providers add fields at any time, and an entry that cannot be read is not worth the whole list.

use serde_json::Value;

use super::Price;

/// Longer texts are not names.
const MAX_TEXT: usize = 200;

pub(super) fn text(value: &Value, pointer: &str) -> Option<String> {
    let text = value.pointer(pointer)?.as_str()?.trim();
    (!text.is_empty() && text.len() <= MAX_TEXT).then(|| text.to_owned())
}

/// A whole number; providers write some as `2.0`.
pub(super) fn whole(value: &Value, pointer: &str) -> Option<u64> {
    scaled(value, pointer, 1)
}

/// A number in another unit, rounded to a whole number: 0.5 GiB with a factor of 1024 are 512 MiB.
pub(super) fn scaled(value: &Value, pointer: &str, factor: u32) -> Option<u64> {
    let number = value.pointer(pointer)?;
    if let Some(number) = number.as_u64() {
        return number.checked_mul(u64::from(factor));
    }
    let number = (number.as_f64()? * f64::from(factor)).round();
    // Reads the digits, because a cast would hide what does not fit.
    format!("{number:.0}").parse().ok()
}

/// Texts of a list; an entry of another type is left out.
pub(super) fn texts(value: &Value, pointer: &str) -> Vec<String> {
    let list = value.pointer(pointer).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|entry| text(entry, "")).collect()
}

pub(super) fn flag(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).and_then(Value::as_bool).unwrap_or_default()
}

pub(super) fn price(
    value: &Value,
    pointer: &str,
    region: Option<String>,
    currency: Option<&str>,
) -> Option<Price> {
    let amount = match value.pointer(pointer)? {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    Some(Price { region, amount: decimal(&amount)?, currency: currency.map(str::to_owned) })
}

fn decimal(text: &str) -> Option<String> {
    let only = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || text.len() > 30 || !only(whole) || !only(fraction) {
        return None;
    }
    // At least two places, as prices are written.
    let fraction = match fraction.trim_end_matches('0') {
        "" => return Some(whole.to_owned()),
        short if short.len() < 2 => format!("{short}0"),
        long => long.to_owned(),
    };
    Some(format!("{whole}.{fraction}"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!("3.7900000000"), Some("3.79"))]
    #[case(json!("12.5000"), Some("12.50"))]
    #[case(json!(0.0074), Some("0.0074"))]
    #[case(json!(5), Some("5"))]
    #[case(json!(5.0), Some("5"))]
    #[case(json!("1e9"), None)]
    #[case(json!(-4), None)]
    #[case(json!(null), None)]
    fn a_price_is_a_plain_decimal_number(#[case] amount: Value, #[case] expected: Option<&str>) {
        let price = price(&json!({"amount": amount}), "/amount", None, None);
        assert_eq!(price.map(|price| price.amount).as_deref(), expected);
    }

    #[test]
    fn numbers_keep_their_fraction_until_they_are_scaled() {
        let value = json!({"memory": 0.5, "cores": 2.0, "many": -1});
        assert_eq!(scaled(&value, "/memory", 1024), Some(512));
        assert_eq!(whole(&value, "/cores"), Some(2));
        assert_eq!(whole(&value, "/many"), None);
    }
}
