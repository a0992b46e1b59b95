//! Linode, now Akamai (<https://techdocs.akamai.com/linode-api/reference>).

use serde_json::Value;

use super::{
    OsImage, Region, Size,
    json::{flag, price, text, whole},
};

/// Prices are in US dollars.
const CURRENCY: Option<&str> = Some("USD");

pub(super) fn account(value: &Value) -> Option<String> {
    text(value, "/username").or_else(|| text(value, "/email"))
}

pub(super) fn region(value: &Value) -> Option<Region> {
    let code = text(value, "/id")?;
    Some(Region { label: text(value, "/label").unwrap_or_else(|| code.clone()), code })
}

/// Memory in MB, disk in MB. Some regions have prices of their own.
pub(super) fn size(value: &Value) -> Option<Size> {
    let entries = value.pointer("/region_prices").and_then(Value::as_array).into_iter().flatten();
    let regional = entries.filter_map(|entry| price(entry, "/monthly", Some(text(entry, "/id")?), CURRENCY));
    Some(Size {
        code: text(value, "/id")?,
        cpus: whole(value, "/vcpus")?,
        memory_mib: whole(value, "/memory")?,
        disk_gib: whole(value, "/disk")? / 1024,
        regions: Vec::new(),
        prices: price(value, "/price/monthly", None, CURRENCY).into_iter().chain(regional).collect(),
    })
}

pub(super) fn image(value: &Value) -> Option<OsImage> {
    if flag(value, "/deprecated") || !flag(value, "/is_public") {
        return None;
    }
    let code = text(value, "/id")?;
    Some(OsImage { label: text(value, "/label").unwrap_or_else(|| code.clone()), code })
}

pub(super) fn next_page(page: &Value, number: usize) -> Option<(&'static str, String)> {
    let pages = usize::try_from(whole(page, "/pages")?).ok()?;
    (number < pages).then(|| ("page", (number + 1).to_string()))
}
