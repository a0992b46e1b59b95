//! The catalogue of well-known apps: what adding one writes, and how two of them are wired.
//!
//! An app is one file in `apps/`, read once into [`App`]. To add one, add its file and a line in `FILES`. The fields
//! are described in [`app`]; the tests check what every app must have.
//!
//! - [`service_definition`] is what adding an app writes into the compose file
//! - [`guess`] finds the app of an image
//! - [`connect`] and [`disconnect`] compute the edits of drawing and deleting a wire
//! - [`unwire`] and [`unused_without`] compute what goes with a service that is removed
//! - [`cut_off`] finds the services that a change of networks separates
//! - [`wires`] finds the wires of any stack, including imported ones

mod app;
mod category;
mod clean_up;
mod connect;
mod connection;
mod definition;
mod disconnect;
mod endpoint;
mod expected;
mod free_port;
mod network;
mod reach;
mod recognise;
mod search;
mod secret;
mod taken;
mod template;
mod wires;

#[cfg(test)]
mod tests;

pub use app::{
    Accept, App, AppHealthcheck, AppPort, AppVolume, Login, Offer, Requirement, Requires, Started,
};
pub use category::{Category, categories, glyph};
pub use clean_up::{unused_without, unwire};
pub use connect::{connect, secrets_for_connect};
pub use definition::{Definition, MissingSecret, service_definition};
pub use disconnect::disconnect;
pub use expected::expected_in;
pub use free_port::free_port;
pub use reach::cut_off;
pub use recognise::{app_of, guess, health_check_of, requires};
pub use search::search;
pub use secret::{Charset, SecretSpec};
pub use taken::Taken;
pub use wires::{Wire, WireKind, wires};

use std::sync::LazyLock;

/// The data files in the order of the catalogue: by category, likelier choices first.
const FILES: [&str; 25] = [
    include_str!("apps/wordpress.json"),
    include_str!("apps/ghost.json"),
    include_str!("apps/nextcloud.json"),
    include_str!("apps/postgres.json"),
    include_str!("apps/mariadb.json"),
    include_str!("apps/mysql.json"),
    include_str!("apps/mongodb.json"),
    include_str!("apps/redis.json"),
    include_str!("apps/valkey.json"),
    include_str!("apps/rabbitmq.json"),
    include_str!("apps/caddy.json"),
    include_str!("apps/nginx.json"),
    include_str!("apps/traefik.json"),
    include_str!("apps/gitea.json"),
    include_str!("apps/n8n.json"),
    include_str!("apps/grafana.json"),
    include_str!("apps/prometheus.json"),
    include_str!("apps/uptime-kuma.json"),
    include_str!("apps/matomo.json"),
    include_str!("apps/umami.json"),
    include_str!("apps/vaultwarden.json"),
    include_str!("apps/jellyfin.json"),
    include_str!("apps/adminer.json"),
    include_str!("apps/pgadmin.json"),
    include_str!("apps/mailpit.json"),
];

// A file that cannot be parsed would be skipped; a test makes sure that there is none.
static APPS: LazyLock<Vec<App>> =
    LazyLock::new(|| FILES.iter().filter_map(|file| serde_json::from_str(file).ok()).collect());

/// All apps.
pub fn apps() -> &'static [App] {
    &APPS
}

pub fn app(code: &str) -> Option<&'static App> {
    apps().iter().find(|app| app.code == code)
}
