//! DigitalOcean (<https://docs.digitalocean.com/reference/api/>).

use serde_json::Value;

use super::{
    OsImage, Region, Size,
    json::{flag, price, text, texts, whole},
};

/// Prices are in US dollars.
const CURRENCY: Option<&str> = Some("USD");

pub(super) fn account(value: &Value) -> Option<String> {
    text(value, "/account/team/name").or_else(|| text(value, "/account/email"))
}

pub(super) fn region(value: &Value) -> Option<Region> {
    if !flag(value, "/available") {
        return None;
    }
    let code = text(value, "/slug")?;
    Some(Region { label: text(value, "/name").unwrap_or_else(|| code.clone()), code })
}

/// Memory in MB, disk in GB.
pub(super) fn size(value: &Value) -> Option<Size> {
    if !flag(value, "/available") {
        return None;
    }
    Some(Size {
        code: text(value, "/slug")?,
        cpus: whole(value, "/vcpus")?,
        memory_mib: whole(value, "/memory")?,
        disk_gib: whole(value, "/disk")?,
        regions: texts(value, "/regions"),
        prices: price(value, "/price_monthly", None, CURRENCY).into_iter().collect(),
    })
}

/// Images without a slug can only be named by number, and are outdated.
pub(super) fn image(value: &Value) -> Option<OsImage> {
    let code = text(value, "/slug")?;
    let label = match (text(value, "/distribution"), text(value, "/name")) {
        (Some(system), Some(name)) => format!("{system} {name}"),
        (_, Some(name)) => name,
        _ => code.clone(),
    };
    Some(OsImage { code, label })
}

pub(super) fn next_page(page: &Value, number: usize) -> Option<(&'static str, String)> {
    text_or_long(page, "/links/pages/next").then(|| ("page", (number + 1).to_string()))
}

/// The link itself may be longer than names are.
fn text_or_long(page: &Value, pointer: &str) -> bool {
    page.pointer(pointer).and_then(Value::as_str).is_some_and(|link| !link.is_empty())
}
