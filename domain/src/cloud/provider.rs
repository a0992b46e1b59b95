//! The clouds that the install service can create machines at.
//!
//! The table is for pages and checks. A request may name any other provider too: the install service may know clouds
//! that this table does not.
//!
//! To add a provider: add a variant, its line in [`Provider::ALL`], and its details below.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    Hetzner,
    DigitalOcean,
    Aws,
    Azure,
    Gcp,
    Linode,
    Vultr,
    UpCloud,
    Contabo,
    Ovh,
}

/// One of the three secrets that a cloud can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SecretKind {
    #[serde(rename = "cloud_token")]
    Token,
    #[serde(rename = "cloud_key")]
    Key,
    #[serde(rename = "cloud_secret")]
    Secret,
}

/// What a person enters for a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretField {
    pub kind: SecretKind,
    /// What the provider calls it.
    pub label: &'static str,
    pub need: Need,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
}

/// Whether the provider's API can say, with one request that changes nothing, if a token is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenCheck {
    ByRequest,
    /// Requests to it must be signed, or need more than one call.
    None,
}

struct Details {
    code: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
    fields: &'static [SecretField],
    key_page: &'static str,
    check: TokenCheck,
}

impl SecretKind {
    pub const ALL: [Self; 3] = [Self::Token, Self::Key, Self::Secret];

    /// The key in bodies and messages.
    pub fn key(self) -> &'static str {
        match self {
            Self::Token => "cloud_token",
            Self::Key => "cloud_key",
            Self::Secret => "cloud_secret",
        }
    }
}

impl Provider {
    pub const ALL: [Self; 10] = [
        Self::Hetzner,
        Self::DigitalOcean,
        Self::Aws,
        Self::Azure,
        Self::Gcp,
        Self::Linode,
        Self::Vultr,
        Self::UpCloud,
        Self::Contabo,
        Self::Ovh,
    ];

    /// The provider that a request means by this text: its code, its name or an alias, in any case.
    pub fn named(text: &str) -> Option<Self> {
        let is_same = |word: &str| word.eq_ignore_ascii_case(text.trim());
        Self::ALL.into_iter().find(|provider| {
            let details = provider.details();
            is_same(details.code)
                || is_same(details.name)
                || details.aliases.iter().any(|alias| is_same(alias))
        })
    }

    /// Stable: what pages send as `provider`.
    pub fn code(self) -> &'static str {
        self.details().code
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        self.details().name
    }

    /// What existing clients call it.
    pub fn aliases(self) -> &'static [&'static str] {
        self.details().aliases
    }

    /// What a person has to enter, in the order of the form.
    pub fn fields(self) -> &'static [SecretField] {
        self.details().fields
    }

    /// Where the provider's console creates the key.
    pub fn key_page(self) -> &'static str {
        self.details().key_page
    }

    pub fn check(self) -> TokenCheck {
        self.details().check
    }

    /// The required fields that have no value.
    pub fn missing(self, has: impl Fn(SecretKind) -> bool) -> Vec<SecretField> {
        let required = self.fields().iter().filter(|field| field.need == Need::Required);
        required.filter(|field| !has(field.kind)).copied().collect()
    }
}

/// The name for people: that of a known provider, otherwise the text itself.
pub fn provider_name(provider: &str) -> &str {
    Provider::named(provider).map_or(provider, |known| known.name())
}

/// The provider name that stands for a host of the user.
pub const OWN: &str = "own";

/// Whether the provider means a host of the user: as for existing clients and the installer, any text that contains `own`
/// does.
pub fn is_own(provider: &str) -> bool {
    provider.contains(OWN)
}

/// The routing key of an install message.
pub fn routing_key(provider: &str) -> &'static str {
    if is_own(provider) { "install.start.own.all.all" } else { "install.start.tfa.all.all" }
}

const fn required(kind: SecretKind, label: &'static str) -> SecretField {
    SecretField { kind, label, need: Need::Required }
}

const fn optional(kind: SecretKind, label: &'static str) -> SecretField {
    SecretField { kind, label, need: Need::Optional }
}

impl Provider {
    fn details(self) -> &'static Details {
        match self {
            Self::Hetzner => &HETZNER,
            Self::DigitalOcean => &DIGITALOCEAN,
            Self::Aws => &AWS,
            Self::Azure => &AZURE,
            Self::Gcp => &GCP,
            Self::Linode => &LINODE,
            Self::Vultr => &VULTR,
            Self::UpCloud => &UPCLOUD,
            Self::Contabo => &CONTABO,
            Self::Ovh => &OVH,
        }
    }
}

static HETZNER: Details = Details {
    code: "hetzner",
    name: "Hetzner Cloud",
    aliases: &["htz", "hcloud"],
    fields: &[required(SecretKind::Token, "API token, with read and write access")],
    key_page: "https://console.hetzner.cloud/projects",
    check: TokenCheck::ByRequest,
};

static DIGITALOCEAN: Details = Details {
    code: "digitalocean",
    name: "DigitalOcean",
    aliases: &["do", "digital_ocean", "digital-ocean"],
    fields: &[required(SecretKind::Token, "Personal access token")],
    key_page: "https://cloud.digitalocean.com/account/api/tokens",
    check: TokenCheck::ByRequest,
};

static AWS: Details = Details {
    code: "aws",
    name: "Amazon Web Services",
    aliases: &["amazon", "ec2"],
    fields: &[required(SecretKind::Key, "Access key ID"), required(SecretKind::Secret, "Secret access key")],
    key_page: "https://console.aws.amazon.com/iam/home#/security_credentials",
    check: TokenCheck::None,
};

static AZURE: Details = Details {
    code: "azure",
    name: "Microsoft Azure",
    aliases: &["az", "azurerm"],
    fields: &[
        required(SecretKind::Key, "Application (client) ID"),
        required(SecretKind::Secret, "Client secret"),
        optional(SecretKind::Token, "Directory (tenant) ID"),
    ],
    key_page: "https://portal.azure.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
    check: TokenCheck::None,
};

static GCP: Details = Details {
    code: "gcp",
    name: "Google Cloud",
    aliases: &["google", "gce"],
    fields: &[required(SecretKind::Token, "Service account key, the whole JSON file")],
    key_page: "https://console.cloud.google.com/iam-admin/serviceaccounts",
    check: TokenCheck::None,
};

static LINODE: Details = Details {
    code: "linode",
    name: "Linode (Akamai)",
    aliases: &["lo", "akamai"],
    fields: &[required(SecretKind::Token, "Personal access token")],
    key_page: "https://cloud.linode.com/profile/tokens",
    check: TokenCheck::ByRequest,
};

static VULTR: Details = Details {
    code: "vultr",
    name: "Vultr",
    aliases: &["vu"],
    fields: &[required(SecretKind::Token, "API key")],
    key_page: "https://my.vultr.com/settings/#settingsapi",
    check: TokenCheck::ByRequest,
};

static UPCLOUD: Details = Details {
    code: "upcloud",
    name: "UpCloud",
    aliases: &["upc"],
    fields: &[
        required(SecretKind::Key, "User name of the API account"),
        required(SecretKind::Secret, "Password"),
    ],
    key_page: "https://hub.upcloud.com/people/accounts",
    check: TokenCheck::None,
};

static CONTABO: Details = Details {
    code: "contabo",
    name: "Contabo",
    aliases: &["cnt", "cntb"],
    fields: &[
        required(SecretKind::Key, "Client ID"),
        required(SecretKind::Secret, "Client secret"),
        optional(SecretKind::Token, "API password"),
    ],
    key_page: "https://my.contabo.com/api/details",
    check: TokenCheck::None,
};

static OVH: Details = Details {
    code: "ovh",
    name: "OVHcloud",
    aliases: &["ovhcloud"],
    fields: &[
        required(SecretKind::Key, "Application key"),
        required(SecretKind::Secret, "Application secret"),
        required(SecretKind::Token, "Consumer key"),
    ],
    key_page: "https://www.ovh.com/auth/api/createToken",
    check: TokenCheck::None,
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_providers_share_a_name() {
        let mut seen = BTreeSet::new();
        for provider in Provider::ALL {
            let names =
                [provider.code(), provider.name()].into_iter().chain(provider.aliases().iter().copied());
            let names: BTreeSet<_> = names.map(str::to_ascii_lowercase).collect();
            for name in names {
                assert_eq!(Provider::named(&name), Some(provider), "{name}");
                assert!(seen.insert(name.clone()), "{name}");
            }
        }
    }

    #[test]
    fn names_of_existing_clients_are_known() {
        let expected = [
            ("htz", Provider::Hetzner),
            ("do", Provider::DigitalOcean),
            ("lo", Provider::Linode),
            ("vu", Provider::Vultr),
            ("cnt", Provider::Contabo),
            ("AWS", Provider::Aws),
        ];
        for (text, provider) in expected {
            assert_eq!(Provider::named(text), Some(provider));
        }
        assert_eq!(provider_name("mycloud"), "mycloud");
    }

    #[test]
    fn no_known_provider_is_taken_for_a_host_of_the_user() {
        for provider in Provider::ALL {
            let names = std::iter::once(provider.code()).chain(provider.aliases().iter().copied());
            assert!(names.into_iter().all(|name| !is_own(name)));
        }
        assert_eq!(routing_key("own_server"), "install.start.own.all.all");
        assert_eq!(routing_key("htz"), "install.start.tfa.all.all");
    }

    #[test]
    fn the_code_is_the_name_on_the_wire() {
        for provider in Provider::ALL {
            assert_eq!(serde_json::to_value(provider).unwrap(), provider.code());
        }
        for kind in SecretKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.key());
        }
    }

    #[test]
    fn every_provider_says_where_its_key_is_created_and_what_is_missing() {
        for provider in Provider::ALL {
            assert!(provider.key_page().starts_with("https://"));
            assert!(!provider.missing(|_| false).is_empty());
            assert!(provider.missing(|_| true).is_empty());
        }
        let missing = Provider::Aws.missing(|kind| kind == SecretKind::Key);
        assert_eq!(missing.iter().map(|field| field.kind).collect::<Vec<_>>(), [SecretKind::Secret]);
    }
}
