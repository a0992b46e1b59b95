//! The client that connects to checked addresses only.

use std::{fmt, net::IpAddr, sync::Arc};

use reqwest::{Client, Request, Response};
use url::{Host, Url};

use super::{
    addresses::check,
    error::{NotAllowed, OutboundError, UnusableUrl},
    resolver::{CheckedResolver, HostResolver, SystemResolver},
    settings::{AllowList, OutboundSettings},
};
use crate::connectors::http_client;

/// Sends requests to addresses that a user chose. It follows no redirect, reads no proxy variable, and speaks only HTTP and
/// HTTPS. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct OutboundClient {
    http: Client,
    allowed: Arc<AllowList>,
}

impl OutboundClient {
    pub fn new(settings: OutboundSettings) -> reqwest::Result<Self> {
        Self::with_resolver(settings, Arc::new(SystemResolver))
    }

    pub fn with_resolver(
        settings: OutboundSettings,
        resolver: Arc<dyn HostResolver>,
    ) -> reqwest::Result<Self> {
        let allowed = Arc::new(settings.allowed);
        let resolver = CheckedResolver::new(resolver, allowed.clone());
        // A proxy would resolve the name itself, after our check.
        let http =
            http_client::builder(settings.timeout).no_proxy().dns_resolver(Arc::new(resolver)).build()?;
        Ok(Self { http, allowed })
    }

    /// Checks what a URL says by itself, for example when a user saves it. An address behind a name is checked only when it is
    /// connected.
    pub fn check_url(&self, url: &Url) -> Result<(), OutboundError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OutboundError::InvalidUrl(UnusableUrl::Scheme));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::InvalidUrl(UnusableUrl::Credentials));
        }
        // An address in a URL is connected without asking the resolver.
        let address = match url.host() {
            Some(Host::Domain("")) | None => return Err(OutboundError::InvalidUrl(UnusableUrl::NoHost)),
            Some(Host::Domain(_)) => return Ok(()),
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
        };
        check(address, self.allowed.networks()).map_err(|range| OutboundError::NotAllowed(NotAllowed(range)))
    }

    /// Sends a request made with [`Request::new`]. The answer's body is still unread: [`super::read_at_most`] limits it.
    pub async fn send(&self, request: Request) -> Result<Response, OutboundError> {
        self.check_url(request.url())?;
        Ok(self.http.execute(request).await?)
    }
}

impl fmt::Debug for OutboundClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OutboundClient").field("allowed", &self.allowed).finish_non_exhaustive()
    }
}
