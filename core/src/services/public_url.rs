//! The address at which people and agents reach this server. It is part of the commands that people paste.

use std::sync::{Arc, OnceLock};

use crate::config::ServerSettings;

/// Has no slash at its end.
#[derive(Clone, Debug)]
pub struct PublicUrl {
    /// From the settings; the port can still be 0.
    configured: Arc<str>,
    /// Set once the server listens.
    real: Arc<OnceLock<String>>,
}

impl PublicUrl {
    pub fn of(settings: &ServerSettings) -> Self {
        let configured = match &settings.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://{}:{}", settings.host, settings.port),
        };
        Self { configured: configured.into(), real: Arc::default() }
    }

    /// Only the first call has an effect.
    pub fn set(&self, url: &str) {
        self.real.get_or_init(|| url.trim_end_matches('/').to_owned());
    }

    pub fn get(&self) -> &str {
        self.real.get().map_or(&self.configured, String::as_str)
    }
}
