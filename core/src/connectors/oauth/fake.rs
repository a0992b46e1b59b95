//! In-memory providers, for tests.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use domain::access::Caller;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::connectors::oauth::{
    identity::{Authorization, Identity, IdentityProvider, ProviderTokens},
    lookup::{LookupError, UserLookup},
};

/// Confirms the given bearer tokens and refuses all others, or is unavailable.
#[derive(Debug)]
pub struct FakeLookup {
    /// `None` while the provider is unavailable.
    known: Mutex<Option<BTreeMap<String, Caller>>>,
    asked: AtomicUsize,
}

impl FakeLookup {
    pub fn knowing(bearer: &str, caller: Caller) -> Self {
        Self {
            known: Mutex::new(Some(BTreeMap::from([(bearer.to_owned(), caller)]))),
            asked: AtomicUsize::new(0),
        }
    }

    pub fn away() -> Self {
        Self { known: Mutex::new(None), asked: AtomicUsize::new(0) }
    }

    pub fn comes_back_knowing(&self, bearer: &str, caller: Caller) {
        *self.lock() = Some(BTreeMap::from([(bearer.to_owned(), caller)]));
    }

    /// The number of requests so far.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn lock(&self) -> MutexGuard<'_, Option<BTreeMap<String, Caller>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl UserLookup for FakeLookup {
    async fn me(&self, bearer: &str) -> Result<Caller, LookupError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        // Lets other requests with the same bearer token arrive before this one is answered.
        tokio::task::yield_now().await;
        let known = self.lock();
        let known = known.as_ref().ok_or(LookupError::Unavailable)?;
        known.get(bearer).cloned().ok_or(LookupError::Refused)
    }
}

/// A provider that signs in one person, with the code [`FakeIdentities::CODE`].
#[derive(Debug)]
pub struct FakeIdentities {
    says: Mutex<Result<Caller, LookupError>>,
    asked: AtomicUsize,
}

impl FakeIdentities {
    pub const CODE: &str = "the-code";
    pub const STATE: &str = "the-state";
    const VERIFIER: &str = "the-verifier";

    pub fn saying(caller: Caller) -> Self {
        Self { says: Mutex::new(Ok(caller)), asked: AtomicUsize::new(0) }
    }

    /// Sets the answer to all later requests.
    pub fn says(&self, what: Result<Caller, LookupError>) {
        *self.says.lock().unwrap_or_else(PoisonError::into_inner) = what;
    }

    /// The number of requests to confirm a session so far.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn identity(&self) -> Result<Identity, LookupError> {
        let caller = self.says.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let tokens = ProviderTokens { access: "the-access-token".into(), refresh: None, expires_at: None };
        Ok(Identity { caller, tokens })
    }
}

#[async_trait]
impl IdentityProvider for FakeIdentities {
    fn name(&self) -> &str {
        "Example"
    }

    async fn answers(&self) -> bool {
        let says = self.says.lock().unwrap_or_else(PoisonError::into_inner);
        !matches!(*says, Err(LookupError::Unavailable))
    }

    fn is_known(&self) -> bool {
        true
    }

    async fn authorize(&self, return_to: &Url) -> Result<Authorization, LookupError> {
        Ok(Authorization {
            url: return_to.clone(),
            state: Self::STATE.into(),
            verifier: Self::VERIFIER.into(),
        })
    }

    async fn callback(
        &self,
        _return_to: &Url,
        code: SecretString,
        verifier: SecretString,
        _issuer: Option<&str>,
    ) -> Result<Identity, LookupError> {
        if (code.expose_secret(), verifier.expose_secret()) != (Self::CODE, Self::VERIFIER) {
            return Err(LookupError::Refused);
        }
        self.identity()
    }

    async fn confirm(&self, tokens: &ProviderTokens) -> Result<Identity, LookupError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if tokens.access.expose_secret() != "the-access-token" {
            return Err(LookupError::Refused);
        }
        self.identity()
    }
}
