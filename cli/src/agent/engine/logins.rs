//! Registry credentials that `docker login` stored for the agent's user. They are never logged, and are sent only to the engine.

use std::{env, path::PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bollard::auth::DockerCredentials;
use domain::compose::ImageReference;
use serde_json::Value;

use crate::agent::files;

pub enum Login {
    None,
    Known(Box<DockerCredentials>),
    /// The login is stored in a credential helper, which compose can call.
    Helper,
}

/// The key of Docker Hub in Docker's configuration file.
const HUB: &str = "https://index.docker.io/v1/";

pub fn of_image(image: &str) -> Login {
    let Some(path) = place() else { return Login::None };
    match files::read(&path).map(|text| text.map(|text| serde_json::from_str(&text))) {
        Ok(Some(Ok(config))) => find(&config, &registry(image)),
        Ok(None) => Login::None,
        Ok(Some(Err(_))) | Err(_) => {
            tracing::warn!("{} cannot be read: images are pulled without a login", path.display());
            Login::None
        }
    }
}

fn place() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let root = || rustix::process::geteuid().is_root().then(|| PathBuf::from("/root"));
    let folder = set("DOCKER_CONFIG").or_else(|| Some(set("HOME").or_else(root)?.join(".docker")))?;
    Some(folder.join("config.json"))
}

/// The host of the registry, with its port.
pub fn registry(image: &str) -> String {
    host(ImageReference::read(image).registry.as_deref().unwrap_or("docker.io"))
}

/// The host of a registry address, which may be spelled with or without scheme and path.
pub fn host(address: &str) -> String {
    let bare = address.strip_prefix("https://").or(address.strip_prefix("http://")).unwrap_or(address);
    let bare = bare.split('/').next().unwrap_or_default().to_ascii_lowercase();
    match bare.as_str() {
        "index.docker.io" | "registry-1.docker.io" => "docker.io".to_owned(),
        _ => bare,
    }
}

fn find(config: &Value, registry: &str) -> Login {
    let entry = |key: &str| {
        let entries = config.get(key).and_then(Value::as_object)?;
        entries.iter().find(|(address, _)| host(address) == registry).map(|(_, entry)| entry)
    };
    if entry("credHelpers").is_some() {
        return Login::Helper;
    }
    let Some(login) = entry("auths") else { return Login::None };
    let text = |key: &str| login.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let decoded = text("auth").and_then(|auth| String::from_utf8(STANDARD.decode(auth.trim()).ok()?).ok());
    let pair = decoded.as_deref().and_then(|pair| pair.split_once(':'));
    let (username, password) = match (pair, text("username"), text("password")) {
        (Some((username, password)), ..) => (username, password.trim_end_matches('\0')),
        (None, Some(username), Some(password)) => (username, password),
        _ if config.get("credsStore").and_then(Value::as_str).is_some_and(|store| !store.is_empty()) => {
            return Login::Helper;
        }
        _ => return Login::None,
    };
    Login::Known(Box::new(DockerCredentials {
        username: Some(username.to_owned()),
        password: Some(password.to_owned()),
        identitytoken: text("identitytoken").map(str::to_owned),
        serveraddress: Some(if registry == "docker.io" { HUB.to_owned() } else { registry.to_owned() }),
        ..DockerCredentials::default()
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_login_is_found_by_the_registry_of_the_image_and_goes_to_no_other() {
        let config = json!({
            "auths": {"https://index.docker.io/v1/": {"auth": STANDARD.encode("ada:s:3")}, "ghcr.io": {}, "r.example:5000": {"username": "a", "password": "b"}},
            "credHelpers": {"aws.example": "ecr-login"}, "credsStore": "secretservice",
        });
        let known = |image: &str| match find(&config, &registry(image)) {
            Login::Known(login) => format!("{}:{}", login.username.unwrap(), login.password.unwrap()),
            Login::Helper => "helper".to_owned(),
            Login::None => "none".to_owned(),
        };
        assert_eq!(known("nginx"), "ada:s:3");
        assert_eq!(known("docker.io/acme/x:1"), "ada:s:3");
        assert_eq!(known("r.example:5000/x:1"), "a:b");
        assert_eq!(
            (known("ghcr.io/x/y:1"), known("aws.example/x")),
            ("helper".to_owned(), "helper".to_owned())
        );
        assert_eq!(known("quay.io/x/y"), "none");
    }
}
