//! What the operator decides about outbound requests.

use std::time::Duration;

use crate::config::Networks;

/// The default is: nothing is opened, 10 s for a whole exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboundSettings {
    pub allowed: AllowList,
    /// For a whole exchange, including the body. A single request can only shorten it.
    pub timeout: Duration,
}

impl Default for OutboundSettings {
    fn default() -> Self {
        Self { allowed: AllowList::default(), timeout: Duration::from_secs(10) }
    }
}

/// Exceptions from the rule that only public addresses are reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowList {
    networks: Networks,
    /// In lower case, without a dot at the end.
    hosts: Vec<String>,
}

impl AllowList {
    /// `networks` are open under every name. `hosts` are names such as `registry.internal`; each is open whatever address it
    /// has, so a listed name should be under the operator's control.
    pub fn new(networks: Networks, hosts: impl IntoIterator<Item = String>) -> Self {
        let hosts = hosts.into_iter().map(|host| plain(&host)).filter(|host| !host.is_empty()).collect();
        Self { networks, hosts }
    }

    pub(super) fn networks(&self) -> &Networks {
        &self.networks
    }

    pub(super) fn opens_host(&self, host: &str) -> bool {
        let host = plain(host);
        self.hosts.contains(&host)
    }
}

fn plain(host: &str) -> String {
    host.trim().trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_host_is_compared_whole_and_without_regard_to_case() {
        let list = AllowList::new(Networks::default(), ["Registry.internal.".to_owned(), " ".to_owned()]);
        assert!(list.opens_host("registry.INTERNAL") && list.opens_host("registry.internal."));
        assert!(!list.opens_host("evil-registry.internal") && !list.opens_host("a.registry.internal"));
        assert!(!list.opens_host(""));
    }
}
