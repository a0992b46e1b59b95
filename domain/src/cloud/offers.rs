//! What a provider offers, as it reported it.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Offers {
    pub regions: Vec<Region>,
    pub sizes: Vec<Size>,
    pub images: Vec<OsImage>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Region {
    /// The provider's name for it, such as `fsn1`.
    pub code: String,
    /// For people, such as `Falkenstein, DE`.
    pub label: String,
}

/// A kind of machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Size {
    pub code: String,
    /// The number of virtual processors.
    pub cpus: u64,
    pub memory_mib: u64,
    pub disk_gib: u64,
    /// Codes of the regions that have it. Empty if the provider does not say.
    pub regions: Vec<String>,
    /// Empty if the provider reported none.
    pub prices: Vec<Price>,
}

/// A price for a month, without taxes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Price {
    /// `None`: in every region that has no price of its own.
    pub region: Option<String>,
    /// A decimal number without superfluous zeros, such as `3.79`.
    pub amount: String,
    /// The ISO 4217 code, if known.
    pub currency: Option<String>,
}

/// An operating system to start from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OsImage {
    pub code: String,
    pub label: String,
}

impl Size {
    /// The price of a month in a region.
    pub fn price_in(&self, region: &str) -> Option<&Price> {
        let own = self.prices.iter().find(|price| price.region.as_deref() == Some(region));
        own.or_else(|| self.prices.iter().find(|price| price.region.is_none()))
    }
}
