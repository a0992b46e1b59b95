//! What is different from provider to provider, as data: addresses, paths, and how an entry is read.

use reqwest::Url;
use serde_json::Value;

use super::{OsImage, Region, Size, digital_ocean, hetzner, linode, settings::CloudApiSettings, vultr};

/// Query parameters.
pub(super) type Query = &'static [(&'static str, &'static str)];

pub(super) struct Provider {
    /// The codes that cloud keys are stored with: the name, and what older clients send.
    codes: &'static [&'static str],
    pub default_url: &'static str,
    configured_url: fn(&CloudApiSettings) -> Option<&Url>,
    /// The cheapest read-only call that only a valid token gets an answer to.
    pub check_path: &'static str,
    pub account: fn(&Value) -> Option<String>,
    /// Where the currency of the prices is told, if it is told by a call of its own: path and pointer.
    pub currency: Option<(&'static str, &'static str)>,
    pub regions: List<Region>,
    pub sizes: List<Size>,
    pub images: List<OsImage>,
    /// The parameter that leads to the next page, from a page and its number (1, 2, …). `None`: this was the last one.
    pub next_page: fn(&Value, usize) -> Option<(&'static str, String)>,
}

pub(super) struct List<T> {
    pub path: &'static str,
    pub query: Query,
    /// The field that holds the entries.
    pub field: &'static str,
    /// `None`: the entry cannot be chosen, or cannot be read.
    pub read: fn(&Value) -> Option<T>,
}

impl Provider {
    pub fn of_code(code: &str) -> Option<&'static Self> {
        const ALL: [&Provider; 4] = [&HETZNER, &DIGITAL_OCEAN, &LINODE, &VULTR];
        let code = code.trim().to_ascii_lowercase();
        ALL.into_iter().find(|provider| provider.codes.contains(&code.as_str()))
    }

    /// The address of a path; `None` if the configured base cannot have paths.
    pub fn url(&self, settings: &CloudApiSettings, path: &str) -> Option<Url> {
        let mut url = match (self.configured_url)(settings) {
            Some(url) => url.clone(),
            None => Url::parse(self.default_url).ok()?,
        };
        url.path_segments_mut().ok()?.pop_if_empty().extend(path.split('/'));
        Some(url)
    }
}

static HETZNER: Provider = Provider {
    codes: &["hetzner", "htz", "hcloud"],
    default_url: "https://api.hetzner.cloud/v1",
    configured_url: |settings| settings.hetzner.as_ref(),
    check_path: "locations",
    account: |_| None,
    currency: Some(("pricing", "/pricing/currency")),
    regions: List { path: "locations", query: &[], field: "locations", read: hetzner::region },
    sizes: List {
        path: "server_types",
        query: &[("per_page", "50")],
        field: "server_types",
        read: hetzner::size,
    },
    images: List {
        path: "images",
        query: &[("per_page", "50"), ("type", "system"), ("status", "available")],
        field: "images",
        read: hetzner::image,
    },
    next_page: hetzner::next_page,
};

static DIGITAL_OCEAN: Provider = Provider {
    codes: &["digitalocean", "do"],
    default_url: "https://api.digitalocean.com/v2",
    configured_url: |settings| settings.digital_ocean.as_ref(),
    check_path: "account",
    account: digital_ocean::account,
    currency: None,
    regions: List {
        path: "regions",
        query: &[("per_page", "200")],
        field: "regions",
        read: digital_ocean::region,
    },
    sizes: List { path: "sizes", query: &[("per_page", "200")], field: "sizes", read: digital_ocean::size },
    images: List {
        path: "images",
        query: &[("per_page", "200"), ("type", "distribution")],
        field: "images",
        read: digital_ocean::image,
    },
    next_page: digital_ocean::next_page,
};

static LINODE: Provider = Provider {
    codes: &["linode", "lo", "akamai"],
    default_url: "https://api.linode.com/v4",
    configured_url: |settings| settings.linode.as_ref(),
    check_path: "profile",
    account: linode::account,
    currency: None,
    regions: List { path: "regions", query: &[("page_size", "200")], field: "data", read: linode::region },
    sizes: List { path: "linode/types", query: &[("page_size", "200")], field: "data", read: linode::size },
    images: List { path: "images", query: &[("page_size", "200")], field: "data", read: linode::image },
    next_page: linode::next_page,
};

static VULTR: Provider = Provider {
    codes: &["vultr", "vu"],
    default_url: "https://api.vultr.com/v2",
    configured_url: |settings| settings.vultr.as_ref(),
    check_path: "account",
    account: vultr::account,
    currency: None,
    regions: List { path: "regions", query: &[("per_page", "500")], field: "regions", read: vultr::region },
    sizes: List { path: "plans", query: &[("per_page", "500")], field: "plans", read: vultr::size },
    images: List { path: "os", query: &[("per_page", "500")], field: "os", read: vultr::image },
    next_page: vultr::next_page,
};
