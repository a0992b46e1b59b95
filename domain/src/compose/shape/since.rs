//! The keys that came with a later version of Compose, with the first version that reads them. A version before that
//! rejects the whole file.
//!
//! [`Known`](Since::Known) keys are in the tables; the others came after the version that the tables describe. To add a
//! key, add a line: the mapping in the words of the tables, the key, the version.

/// The version of Compose that the tables describe.
pub const DESCRIBED: &str = "2.40.3";

/// The first version of Compose that reads a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// The tables have the key.
    Known(&'static str),
    /// The tables do not have it: the version they describe rejects it.
    Newer(&'static str),
}

/// From <https://docs.docker.com/reference/compose-file/> and the release notes of Compose.
const KNOWN: &[(&str, &str, &str)] = &[
    ("a compose file", "include", "2.20.0"),
    ("a compose file", "models", "2.38.0"),
    ("a service", "annotations", "2.18.0"),
    ("a service", "attach", "2.20.0"),
    ("a service", "develop", "2.22.0"),
    ("a service", "gpus", "2.30.0"),
    ("a service", "label_file", "2.32.2"),
    ("a service", "models", "2.38.0"),
    ("a service", "post_start", "2.30.0"),
    ("a service", "pre_stop", "2.30.0"),
    ("a service", "provider", "2.36.0"),
    ("a service", "use_api_socket", "2.37.2"),
    ("an entry of `env_file`", "format", "2.30.0"),
    ("an entry of `env_file`", "required", "2.24.0"),
    ("a dependency", "required", "2.20.0"),
    ("a health check", "start_interval", "2.20.2"),
    ("a network of a service", "driver_opts", "2.27.1"),
    ("a network of a service", "gw_priority", "2.33.1"),
    ("a network of a service", "interface_name", "2.36.0"),
    ("a network of a service", "mac_address", "2.24.0"),
    ("a config", "content", "2.23.1"),
    ("a config", "environment", "2.23.1"),
    ("an entry of `watch`", "exec", "2.32.0"),
    ("an entry of `watch`", "include", "2.34.0"),
    ("an entry of `watch`", "initial_sync", "2.39.4"),
    ("`build`", "entitlements", "2.27.1"),
    ("`build`", "provenance", "2.39.0"),
    ("`build`", "sbom", "2.39.0"),
    ("`build`", "ulimits", "2.23.1"),
];

const NEWER: &[(&str, &str, &str)] =
    &[("a service", "pre_start", "5.3.0"), ("`build`", "no_cache_filter", "5.0.0")];

/// Since when Compose reads a key of a mapping, which is named in words: "a service". `None` for keys that every version
/// in use reads, and for keys that no version reads.
pub fn since(owner: &str, key: &str) -> Option<Since> {
    let find = |table: &[(&str, &str, &'static str)]| {
        table.iter().find(|(of, known, _)| *known == key && *of == owner).map(|(_, _, version)| *version)
    };
    find(KNOWN).map(Since::Known).or_else(|| find(NEWER).map(Since::Newer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::shape::browse::every_key;

    fn number(version: &str) -> Vec<u32> {
        version.split('.').map(|part| part.parse().expect("a number")).collect()
    }

    #[test]
    fn the_tables_have_the_known_keys_and_lack_the_newer_ones() {
        let tables = every_key();
        for (owner, key, version) in KNOWN {
            assert!(tables.contains(&(*owner, *key)), "{owner}: {key}");
            assert!(number(version) <= number(DESCRIBED), "{key}: {version}");
        }
        for (owner, key, version) in NEWER {
            assert!(!tables.contains(&(*owner, *key)), "{owner}: {key}");
            assert!(number(version) > number(DESCRIBED), "{key}: {version}");
        }
    }
}
