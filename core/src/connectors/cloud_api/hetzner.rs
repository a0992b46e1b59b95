//! Hetzner Cloud (<https://docs.hetzner.cloud>).

use serde_json::Value;

use super::{
    OsImage, Region, Size,
    json::{flag, price, scaled, text, whole},
};

pub(super) fn region(value: &Value) -> Option<Region> {
    let code = text(value, "/name")?;
    let label = match (text(value, "/city"), text(value, "/country")) {
        (Some(city), Some(country)) => format!("{city}, {country}"),
        (Some(city), None) => city,
        (None, _) => code.clone(),
    };
    Some(Region { code, label })
}

/// Memory in GB, disk in GB; a price for each location, without the currency.
pub(super) fn size(value: &Value) -> Option<Size> {
    if flag(value, "/deprecated") {
        return None;
    }
    let entries = value.pointer("/prices").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let region = |entry| text(entry, "/location");
    Some(Size {
        code: text(value, "/name")?,
        cpus: whole(value, "/cores")?,
        memory_mib: scaled(value, "/memory", 1024)?,
        disk_gib: whole(value, "/disk")?,
        regions: entries.iter().filter_map(region).collect(),
        prices: entries
            .iter()
            .filter_map(|entry| price(entry, "/price_monthly/net", Some(region(entry)?), None))
            .collect(),
    })
}

pub(super) fn image(value: &Value) -> Option<OsImage> {
    if !value.pointer("/deprecated").is_none_or(Value::is_null) {
        return None;
    }
    let code = text(value, "/name")?;
    Some(OsImage { label: text(value, "/description").unwrap_or_else(|| code.clone()), code })
}

pub(super) fn next_page(page: &Value, _: usize) -> Option<(&'static str, String)> {
    Some(("page", whole(page, "/meta/pagination/next_page")?.to_string()))
}
