//! Scripted providers, for tests.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use secrecy::{ExposeSecret as _, SecretString};

use super::{CloudApi, KeyVerdict, Offers, OffersError};

/// Knows some keys; refuses all others of the providers it knows; supports no other provider.
#[derive(Debug, Default)]
pub struct FakeCloudApi {
    /// By provider and token.
    known: Mutex<BTreeMap<String, Vec<(SecretString, KeyVerdict, Offers)>>>,
    asked: AtomicUsize,
}

impl FakeCloudApi {
    /// Sets what is answered about a key. What was set last counts.
    pub fn knows(&self, provider: &str, token: &str, verdict: KeyVerdict, offers: Offers) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(provider.to_owned()).or_default().insert(0, (token.into(), verdict, offers));
    }

    /// The number of questions so far.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn answer(&self, provider: &str, token: &SecretString) -> (KeyVerdict, Offers) {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(keys) = known.get(provider) else { return (KeyVerdict::NotSupported, Offers::default()) };
        let key = keys.iter().find(|(known, ..)| known.expose_secret() == token.expose_secret());
        key.map_or((KeyVerdict::Refused, Offers::default()), |(_, verdict, offers)| {
            (verdict.clone(), offers.clone())
        })
    }
}

#[async_trait]
impl CloudApi for FakeCloudApi {
    async fn check(&self, provider: &str, token: &SecretString) -> KeyVerdict {
        self.answer(provider, token).0
    }

    async fn offers(&self, provider: &str, token: &SecretString) -> Result<Offers, OffersError> {
        match self.answer(provider, token) {
            (KeyVerdict::Valid { .. }, offers) => Ok(offers),
            (KeyVerdict::Refused, _) => Err(OffersError::Refused),
            (KeyVerdict::Unreachable(reason), _) => Err(OffersError::Unreachable(reason)),
            (KeyVerdict::NotSupported, _) => Err(OffersError::NotSupported),
        }
    }
}
