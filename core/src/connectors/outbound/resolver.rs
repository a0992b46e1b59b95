//! From a name to addresses that may be connected. The client's connections take their addresses from here and from nowhere
//! else.

use std::{
    fmt::Debug,
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{
    addresses::check,
    error::{NoAddress, NotAllowed},
    settings::AllowList,
};

/// More addresses than a browser would try.
const MAX_ADDRESSES: usize = 16;

#[async_trait]
pub trait HostResolver: Debug + Send + Sync {
    /// The current addresses of a host, in the order in which to try them.
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// The resolver of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

#[async_trait]
impl HostResolver for SystemResolver {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect())
    }
}

#[derive(Clone, Debug)]
pub(super) struct CheckedResolver {
    inner: Arc<dyn HostResolver>,
    allowed: Arc<AllowList>,
}

impl CheckedResolver {
    pub fn new(inner: Arc<dyn HostResolver>, allowed: Arc<AllowList>) -> Self {
        Self { inner, allowed }
    }

    /// The addresses that may be connected; the others are left out. If none is left, the first one's reason is the error.
    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, NoAddress> {
        let found = self.inner.resolve(host).await.map_err(|_| NoAddress::Unknown)?;
        let mut allowed = Vec::new();
        let mut refused = None;
        for address in found.into_iter().take(MAX_ADDRESSES) {
            match self.check(host, address) {
                Ok(()) => allowed.push(address),
                Err(reason) => refused = refused.or(Some(reason)),
            }
        }
        match refused {
            Some(reason) if allowed.is_empty() => Err(NoAddress::NotAllowed(reason)),
            _ if allowed.is_empty() => Err(NoAddress::Unknown),
            _ => Ok(allowed),
        }
    }

    fn check(&self, host: &str, address: IpAddr) -> Result<(), NotAllowed> {
        if self.allowed.opens_host(host) {
            return Ok(());
        }
        check(address, self.allowed.networks()).map_err(NotAllowed)
    }
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let this = self.clone();
        Box::pin(async move {
            let addresses = this.addresses(name.as_str()).await?;
            // Port 0 stands for the port of the URL.
            let addresses: Addrs = Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}
