//! The key ring in Vault: the field `key_ring` of one secret, so that `vault kv put` and `vault kv get` work as well.

use std::{collections::HashMap, fmt::Debug};

use async_trait::async_trait;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::client::{Call, with_data};
use crate::{
    config::{KvVersion, VaultSettings},
    connectors::vault::{client::VaultClient, secret_store::StoreError},
};

const FIELD: &str = "key_ring";

/// The key ring as read from Vault.
#[derive(Debug)]
pub struct KeptKeyRing {
    /// `None`: the secret exists but does not have the field.
    pub text: Option<SecretString>,
    /// On version 2 of the engine: the version that the next write must be based on.
    pub version: Option<u64>,
}

#[async_trait]
pub trait KeyRingStore: Debug + Send + Sync {
    /// The place of the key ring, shown to operators.
    fn place(&self) -> &str;

    /// [`StoreError::NotFound`] if the secret does not exist yet.
    async fn read(&self) -> Result<KeptKeyRing, StoreError>;

    /// `upon`: the version that was read; 0 if there was none. If the secret has changed since, the write is refused, provided
    /// that the engine has versions.
    async fn write(&self, text: &SecretString, upon: Option<u64>) -> Result<(), StoreError>;
}

#[derive(Debug)]
pub struct VaultKeyRing {
    client: VaultClient,
    place: String,
    folder: String,
    name: String,
    kv_version: KvVersion,
}

impl VaultKeyRing {
    /// `path`: the full path, with the mount.
    pub fn new(settings: VaultSettings, path: &str) -> anyhow::Result<Self> {
        let kv_version = settings.kv_version;
        let full = with_data(path, kv_version);
        let (folder, name) = full.rsplit_once('/').unwrap_or(("", &full));
        Ok(Self {
            place: format!("{path} in the vault {}", settings.address),
            folder: folder.to_owned(),
            name: name.to_owned(),
            kv_version,
            client: VaultClient::new(settings)?,
        })
    }
}

#[async_trait]
impl KeyRingStore for VaultKeyRing {
    fn place(&self) -> &str {
        &self.place
    }

    async fn read(&self) -> Result<KeptKeyRing, StoreError> {
        let mut secret = self.client.ask_at(&self.folder, &self.name, Call::Read).await?;
        let version = secret.pointer("/metadata/version").and_then(Value::as_u64);
        let fields = match self.kv_version {
            KvVersion::One => Some(&mut secret),
            KvVersion::Two => secret.get_mut("data"),
        };
        let text = fields.and_then(|fields| fields.get_mut(FIELD)).map(Value::take);
        let text = match text {
            Some(Value::String(text)) => Some(SecretString::from(text)),
            // An operator wrote the key ring as a JSON object instead of as text.
            Some(object @ Value::Object(_)) => Some(SecretString::from(object.to_string())),
            _ => None,
        };
        Ok(KeptKeyRing { text, version })
    }

    async fn write(&self, text: &SecretString, upon: Option<u64>) -> Result<(), StoreError> {
        let text = Value::String(text.expose_secret().to_owned());
        let body = match self.kv_version {
            KvVersion::One => HashMap::from([(FIELD, text)]),
            KvVersion::Two => {
                let mut body = HashMap::from([("data", json!({FIELD: text}))]);
                if let Some(version) = upon {
                    body.insert("options", json!({"cas": version}));
                }
                body
            }
        };
        self.client.ask_at(&self.folder, &self.name, Call::Write(&body)).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use wiremock::{
        Mock, MockServer, ResponseTemplate,
        matchers::{body_json, header, method, path},
    };

    use super::*;
    use crate::config::{Settings, Sources};

    fn store(server: &MockServer, version: u8, at: &str) -> VaultKeyRing {
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let text = format!("vault:\n  address: {}\n  token: t\n  kv_version: {version}\n", server.uri());
        let settings = Settings::load(&Sources::default().with_text("configuration.yaml", text)).unwrap();
        VaultKeyRing::new(settings.vault.unwrap(), at).unwrap()
    }

    fn answer(data: &Value) -> ResponseTemplate {
        ResponseTemplate::new(200).set_body_json(json!({
            "request_id": "1", "lease_id": "", "lease_duration": 0, "renewable": false, "data": data
        }))
    }

    async fn get(server: &MockServer, at: &str, data: &Value) {
        let asked = Mock::given(method("GET")).and(path(at)).and(header("X-Vault-Token", "t"));
        asked.respond_with(answer(data)).mount(server).await;
    }

    async fn post(server: &MockServer, at: &str, body: &Value) {
        let asked = Mock::given(method("POST")).and(path(at)).and(body_json(body));
        asked.respond_with(ResponseTemplate::new(204)).expect(1).mount(server).await;
    }

    #[tokio::test]
    async fn version_1_has_the_field_itself() {
        let server = MockServer::start().await;
        get(&server, "/v1/kv/stacker/ring", &json!({"key_ring": "R"})).await;
        post(&server, "/v1/kv/stacker/ring", &json!({"key_ring": "NEW"})).await;
        let store = store(&server, 1, "kv/stacker/ring");
        let kept = store.read().await.unwrap();
        assert_eq!((kept.text.unwrap().expose_secret(), kept.version), ("R", None));
        store.write(&"NEW".into(), None).await.unwrap();
    }

    #[tokio::test]
    async fn version_2_is_written_only_upon_what_was_read() {
        let server = MockServer::start().await;
        let data = json!({"data": {"key_ring": {"active": 1}}, "metadata": {"version": 7}});
        get(&server, "/v1/secret/data/stacker/ring", &data).await;
        let body = json!({"data": {"key_ring": "NEW"}, "options": {"cas": 7}});
        post(&server, "/v1/secret/data/stacker/ring", &body).await;
        let store = store(&server, 2, "secret/stacker/ring");
        let kept = store.read().await.unwrap();
        assert_eq!((kept.text.unwrap().expose_secret(), kept.version), (r#"{"active":1}"#, Some(7)));
        store.write(&"NEW".into(), kept.version).await.unwrap();
    }

    #[tokio::test]
    async fn one_that_is_not_there_and_one_without_the_field_differ() {
        let server = MockServer::start().await;
        let store = store(&server, 1, "kv/ring");
        assert_eq!(store.read().await.unwrap_err(), StoreError::NotFound);
        get(&server, "/v1/kv/ring", &json!({"other": "x"})).await;
        assert!(store.read().await.unwrap().text.is_none());
        assert!(!format!("{store:?}").contains("\"t\""));
    }
}
