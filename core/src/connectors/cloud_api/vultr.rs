//! Vultr (<https://www.vultr.com/api/>).

use serde_json::Value;

use super::{
    OsImage, Region, Size,
    json::{price, text, texts, whole},
};

/// Prices are in US dollars.
const CURRENCY: Option<&str> = Some("USD");

pub(super) fn account(value: &Value) -> Option<String> {
    text(value, "/account/name").or_else(|| text(value, "/account/email"))
}

pub(super) fn region(value: &Value) -> Option<Region> {
    let code = text(value, "/id")?;
    let label = match (text(value, "/city"), text(value, "/country")) {
        (Some(city), Some(country)) => format!("{city}, {country}"),
        (Some(city), None) => city,
        (None, _) => code.clone(),
    };
    Some(Region { code, label })
}

/// Memory in MB, disk in GB. A plan without locations is sold out.
pub(super) fn size(value: &Value) -> Option<Size> {
    let regions = texts(value, "/locations");
    if regions.is_empty() {
        return None;
    }
    Some(Size {
        code: text(value, "/id")?,
        cpus: whole(value, "/vcpu_count")?,
        memory_mib: whole(value, "/ram")?,
        disk_gib: whole(value, "/disk")?,
        regions,
        prices: price(value, "/monthly_cost", None, CURRENCY).into_iter().collect(),
    })
}

/// Operating systems have numbers. Windows and the pseudo systems (snapshots, applications, own images) are left out.
pub(super) fn image(value: &Value) -> Option<OsImage> {
    let family = text(value, "/family")?;
    if matches!(family.as_str(), "windows" | "iso" | "snapshot" | "backup" | "application" | "marketplace") {
        return None;
    }
    Some(OsImage { code: whole(value, "/id")?.to_string(), label: text(value, "/name")? })
}

pub(super) fn next_page(page: &Value, _: usize) -> Option<(&'static str, String)> {
    Some(("cursor", text(page, "/meta/links/next")?))
}
