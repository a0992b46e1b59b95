//! The real sender.

use std::time::Instant;

use async_trait::async_trait;
use reqwest::{
    Method, Request, Response,
    header::{CONTENT_TYPE, HeaderValue},
};

use super::{Answer, Callback, CallbackSender, SendError, signature::signature_header};
use crate::{
    config::CallbackSettings,
    connectors::outbound::{AllowList, OutboundClient, OutboundError, OutboundSettings, read_beginning},
};

/// Enough for a message, and too little to be worth misusing.
const MAX_ANSWER_BYTES: usize = 2_048;

#[derive(Clone, Debug)]
pub struct CallbackClient {
    outbound: OutboundClient,
}

impl CallbackClient {
    /// The sender that the settings describe.
    pub fn of(settings: &CallbackSettings) -> reqwest::Result<Self> {
        let allowed = AllowList::new(settings.allowed_networks.clone(), []);
        let outbound = OutboundSettings { allowed, timeout: settings.timeout };
        OutboundClient::new(outbound).map(Self::new)
    }

    /// The timeout is the one of the outbound client.
    pub fn new(outbound: OutboundClient) -> Self {
        Self { outbound }
    }
}

#[async_trait]
impl CallbackSender for CallbackClient {
    async fn send(&self, callback: &Callback) -> Result<Answer, SendError> {
        let started = Instant::now();
        let failed = |reason| SendError { reason, duration: started.elapsed() };
        let request = request(callback).map_err(failed)?;
        let response = self.outbound.send(request).await.map_err(failed)?;
        let status = response.status().as_u16();
        let body = beginning(response).await;
        Ok(Answer { status, body, duration: started.elapsed() })
    }
}

fn request(callback: &Callback) -> Result<Request, OutboundError> {
    let Callback { url, event, delivery_id, timestamp, body, secrets } = callback;
    let signature = signature_header(*timestamp, delivery_id, body.as_bytes(), secrets);
    let mut request = Request::new(Method::POST, url.clone());
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in [
        ("stacker-event", event.as_str()),
        ("stacker-delivery", delivery_id),
        ("stacker-timestamp", &timestamp.timestamp().to_string()),
        ("stacker-signature", &signature),
    ] {
        headers.insert(name, HeaderValue::from_str(value).map_err(|_| OutboundError::Unsendable)?);
    }
    *request.body_mut() = Some(body.clone().into());
    Ok(request)
}

/// The status says whether the callback arrived; a body that breaks off changes nothing about that.
async fn beginning(response: Response) -> String {
    let body = read_beginning(response, MAX_ANSWER_BYTES).await.unwrap_or_default();
    let mut text = String::from_utf8_lossy(&body).replace('\0', "\u{fffd}");
    // Replacement characters are longer than what they replace.
    text.truncate(text.floor_char_boundary(MAX_ANSWER_BYTES));
    text
}
