//! Key rings that are kept in a variable or in Vault instead of a file.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::PgPool;
use stacker::{
    connectors::vault::{KeptKeyRing, KeyRingStore, StoreError},
    context::SystemRandom,
    crypto::KeyRing,
    db::Pool,
    services::{KeyRingSource, Retired, Rotated},
};

use super::server::Server;

#[sqlx::test(migrations = "../migrations")]
async fn a_ring_in_a_variable_is_changed_by_whoever_sets_it(pool: PgPool) {
    let pool = Pool::from(&pool);
    let ring = KeyRing::generate(&SystemRandom).to_text();
    let server = Server::start(&pool, KeyRingSource::Value(ring)).await.unwrap();
    let client = server.client().await;
    let Rotated::PutThere { key: 2, ring } = server.rotate().await.unwrap() else { panic!("not told") };
    server.stop().await;

    let again = Server::start(&pool, KeyRingSource::Value(ring)).await.unwrap();
    again.listens().await;
    let Rotated::Done { key: 2, resealed: 1, left: 0, .. } = again.rotate().await.unwrap() else {
        panic!("not done")
    };
    let Retired::PutThere(ring) = again.retire(1, true).await.unwrap() else { panic!("not told") };
    let last = Server::start(&pool, KeyRingSource::Value(ring)).await.unwrap();
    assert!(last.is_believed(client.id, &client.secret.unwrap()).await);
    again.stop().await;
    last.stop().await;
}

/// Stores the key ring like Vault's KV version 2.
#[derive(Debug, Default)]
struct Kept(Mutex<(u64, Option<SecretString>)>);

#[async_trait]
impl KeyRingStore for Kept {
    fn place(&self) -> &str {
        "secret/ring"
    }

    async fn read(&self) -> Result<KeptKeyRing, StoreError> {
        let kept = self.0.lock().unwrap();
        let text = kept.1.clone().ok_or(StoreError::NotFound)?;
        Ok(KeptKeyRing { text: Some(text), version: Some(kept.0) })
    }

    async fn write(&self, text: &SecretString, upon: Option<u64>) -> Result<(), StoreError> {
        let mut kept = self.0.lock().unwrap();
        if upon != Some(kept.0) {
            return Err(StoreError::Refused("status 400".to_owned()));
        }
        *kept = (kept.0 + 1, Some(text.clone()));
        Ok(())
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_ring_in_vault_is_made_agreed_on_and_rotated_there(pool: PgPool) {
    let pool = Pool::from(&pool);
    let kept = Arc::new(Kept::default());
    let source = || KeyRingSource::Vault(kept.clone());
    let (one, other) =
        (Server::start(&pool, source()).await.unwrap(), Server::start(&pool, source()).await.unwrap());
    one.listens().await;
    other.listens().await;
    let client = one.client().await;
    let Rotated::Done { key: 2, left: 0, .. } = one.rotate().await.unwrap() else { panic!("not done") };
    one.retire(1, true).await.unwrap();
    let secret = client.secret.unwrap();
    assert!(one.is_believed(client.id, &secret).await && other.is_believed(client.id, &secret).await);
    let text = kept.0.lock().unwrap().1.clone().unwrap();
    let ring = KeyRing::parse(text.expose_secret().as_bytes()).unwrap();
    assert_eq!((ring.active_key(), ring.fingerprints().len()), (2, 1));

    *kept.0.lock().unwrap() = (9, Some("hunter2".into()));
    let error = format!("{:#}", Server::start(&pool, source()).await.err().unwrap());
    assert!(error.contains("secret/ring does not hold a key ring") && !error.contains("hunter2"), "{error}");
    one.stop().await;
    other.stop().await;
}
