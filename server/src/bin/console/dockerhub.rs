//! `console debug dockerhub`: whether an image exists, asked like the server asks.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use domain::images::FormImage;
use secrecy::SecretString;
use serde_json::Value;
use stacker::{
    config::Settings,
    connectors::registry::{Credential, LookUpError, registry},
};

const PATIENCE: Duration = Duration::from_secs(15);

/// `json`: `dockerhub_user`, `dockerhub_name`, `dockerhub_image` and `dockerhub_password` of an app, as in the project form.
pub async fn is_active(settings: &Settings, json: &str) -> anyhow::Result<String> {
    // The error of the reader could repeat the password.
    let read = serde_json::from_str(json).ok();
    let Some(Value::Object(fields)) = read else {
        bail!("--json is not an object such as {{\"dockerhub_name\": \"nginx:1.27\"}}")
    };
    let FormImage { image, account } =
        FormImage::read(&fields).context("the JSON names no image: set dockerhub_name or dockerhub_image")?;
    let credential = account
        .filter(|_| image.registry.is_none())
        .map(|(username, password)| Credential { username, password: SecretString::from(password.expose()) });
    let registry = registry(settings).context("preparing to ask registries")?;
    let answer = registry.look_up(&image, credential.as_ref(), Instant::now() + PATIENCE).await;
    let is_active = match answer {
        Ok(_) => true,
        Err(LookUpError::CertainlyMissing | LookUpError::NotReadable) => false,
        Err(error) => bail!("{}: {error}", image.text),
    };
    Ok(format!("image is active: {is_active}"))
}
